// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logmarks.h"

#include "console/models/logdocument.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr qint64 largestFile = 1024 * 1024;

} // namespace

LogMarks::LogMarks(const QString &path, QObject *parent) : QObject(parent), m_path(path)
{
    if (!m_path.isEmpty())
        load();
}

void LogMarks::load()
{
    QFile file(m_path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > largestFile)
        return;
    const QJsonArray marks = QJsonDocument::fromJson(file.readAll()).object().value("marks"_L1).toArray();
    for (const QJsonValue mark : marks) {
        const qint64 offset = mark.toInteger(-1);
        if (offset >= 0 && m_offsets.size() < mostMarks)
            m_offsets.push_back(offset);
    }
    std::sort(m_offsets.begin(), m_offsets.end());
    m_offsets.erase(std::unique(m_offsets.begin(), m_offsets.end()), m_offsets.end());
}

void LogMarks::save()
{
    if (m_path.isEmpty())
        return;
    if (m_offsets.empty()) {
        QFile::remove(m_path);
        return;
    }
    QJsonArray marks;
    for (const int64_t offset : m_offsets)
        marks.append(qint64(offset));
    QDir().mkpath(QFileInfo(m_path).path());
    QSaveFile file(m_path);
    const QByteArray bytes = QJsonDocument(QJsonObject{{u"version"_s, 1}, {u"marks"_s, marks}}).toJson();
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        emit failed(tr("Save marks in '%1': %2").arg(m_path, file.errorString()));
}

void LogMarks::toggle(int64_t offset)
{
    const auto place = std::lower_bound(m_offsets.begin(), m_offsets.end(), offset);
    if (place != m_offsets.end() && *place == offset)
        m_offsets.erase(place);
    else if (m_offsets.size() < mostMarks)
        m_offsets.insert(place, offset);
    else
        return emit failed(tr("There are %1 marks already.").arg(mostMarks));
    save();
    emit changed();
}

void LogMarks::setMarks(std::vector<int64_t> offsets)
{
    m_offsets = std::move(offsets);
    save();
    emit changed();
}

bool LogMarks::contains(int64_t offset) const
{
    return std::binary_search(m_offsets.begin(), m_offsets.end(), offset);
}

bool LogMarks::containsBetween(int64_t begin, int64_t end) const
{
    const auto place = std::lower_bound(m_offsets.begin(), m_offsets.end(), begin);
    return place != m_offsets.end() && *place < end;
}

std::optional<int64_t> LogMarks::next(int64_t offset) const
{
    if (m_offsets.empty())
        return std::nullopt;
    const auto place = std::upper_bound(m_offsets.begin(), m_offsets.end(), offset);
    return place == m_offsets.end() ? m_offsets.front() : *place;
}

std::optional<int64_t> LogMarks::previous(int64_t offset) const
{
    if (m_offsets.empty())
        return std::nullopt;
    const auto place = std::lower_bound(m_offsets.begin(), m_offsets.end(), offset);
    return place == m_offsets.begin() ? m_offsets.back() : *std::prev(place);
}

// Marks behind the end (a log that was cut) are kept but not shown.
int64_t MarkedLines::count() const
{
    if (!m_document)
        return 0;
    const auto &offsets = m_marks.offsets();
    return std::lower_bound(offsets.begin(), offsets.end(), m_document->bytes()) - offsets.begin();
}

int64_t MarkedLines::lineOf(int64_t row) const
{
    return m_document->lineAt(m_marks.offsets()[size_t(row)]);
}

int64_t MarkedLines::rowOf(int64_t line) const
{
    if (!m_document || line >= m_document->lineCount())
        return std::max<int64_t>(0, count() - 1);
    const auto &offsets = m_marks.offsets();
    const auto after = std::upper_bound(offsets.begin(), offsets.end(), m_document->offsetOf(line));
    return std::max<int64_t>(0, after - offsets.begin() - 1);
}

} // namespace danube::console
