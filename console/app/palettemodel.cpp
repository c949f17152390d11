// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/palettemodel.h"

#include "console/app/icons.h"

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int noMatch = -1;

bool beginsAWord(const QString &text, const QString &word)
{
    for (qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive); at >= 0;
         at = text.indexOf(word, at + 1, Qt::CaseInsensitive)) {
        if (at == 0 || !text[at - 1].isLetterOrNumber())
            return true;
    }
    return false;
}

// Higher is better.
int rank(const PaletteEntry &entry, const QStringList &words)
{
    const QString text = entry.title + u' ' + entry.hint;
    int sum = 0;
    for (const QString &word : words) {
        if (!text.contains(word, Qt::CaseInsensitive))
            return noMatch;
        sum += beginsAWord(entry.title, word) ? 2 : 0;
        sum += entry.title.startsWith(word, Qt::CaseInsensitive) ? 1 : 0;
    }
    return sum;
}

} // namespace

void PaletteModel::setText(const QString &text)
{
    static constexpr QStringView prefixes = u">#@:";
    const QString trimmed = text.trimmed();
    const bool hasPrefix = !trimmed.isEmpty() && prefixes.contains(trimmed[0]);
    const QChar prefix = hasPrefix ? trimmed[0] : QChar();
    const QString rest = hasPrefix ? trimmed.sliced(1).trimmed() : trimmed;
    const QStringList words = rest.split(u' ', Qt::SkipEmptyParts);
    std::vector<std::pair<int, PaletteEntry>> found;
    for (const Source &source : std::as_const(m_sources)) {
        for (PaletteEntry &entry : source(prefix, rest)) {
            if (const int value = rank(entry, words); value != noMatch)
                found.emplace_back(value, std::move(entry));
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
    beginResetModel();
    m_entries.clear();
    for (size_t i = 0; i < std::min(found.size(), size_t(most)); ++i)
        m_entries.append(std::move(found[i].second));
    endResetModel();
}

int PaletteModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

QVariant PaletteModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const PaletteEntry &entry = m_entries[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return entry.title;
    case Qt::AccessibleTextRole:
        return entry.hint.isEmpty() ? entry.title : u"%1, %2"_s.arg(entry.title, entry.hint);
    case Qt::DecorationRole:
        return icon(entry.iconName.isEmpty() ? u"palette"_s : entry.iconName);
    case HintRole:
        return entry.hint;
    case KindRole:
        return int(entry.kind);
    default:
        return {};
    }
}

} // namespace danube::console
