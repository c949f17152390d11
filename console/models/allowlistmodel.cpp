// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/allowlistmodel.h"

#include "console/models/rulewords.h"
#include "console/models/textdifference.h"
#include "console/models/words.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::console {

AllowlistModel::AllowlistModel(const Clock &clock, QObject *parent) : QAbstractTableModel(parent), m_clock(clock) {}

void AllowlistModel::setDocument(BlueprintDocument *document)
{
    if (m_document == document)
        return;
    if (m_document)
        disconnect(m_document, nullptr, this, nullptr);
    m_document = document;
    if (m_document)
        connect(m_document, &BlueprintDocument::textChanged, this, &AllowlistModel::follow);
    follow();
}

void AllowlistModel::setLintOptions(const egress::LintOptions &options)
{
    m_options = options;
    judge();
}

void AllowlistModel::setUses(std::optional<EntryUses> uses)
{
    m_uses = std::move(uses);
    if (!m_entries.isEmpty())
        emit dataChanged(index(0, UsedColumn), index(rowCount() - 1, LastSeenColumn));
}

// What is the same in front and behind stays as it is: the selection and the current row survive edits elsewhere. Of a
// text that is no JSON the document tells the list as it was last readable.
void AllowlistModel::follow()
{
    const QStringList now = m_document ? m_document->listAt(pointer) : QStringList();
    if (now.size() != m_entries.size())
        insertAndRemove(now);
    m_entries = now;
    judge();
    emit entriesChanged();
}

void AllowlistModel::insertAndRemove(const QStringList &now)
{
    int row = 0;
    for (const DiffLine &line : diffLines(m_entries, now)) {
        if (line.kind == DiffLine::Kind::Removed) {
            beginRemoveRows({}, row, row);
            m_entries.removeAt(row);
            m_rows.removeAt(row);
            endRemoveRows();
            continue;
        }
        if (line.kind == DiffLine::Kind::Added) {
            beginInsertRows({}, row, row);
            m_entries.insert(row, line.text);
            m_rows.insert(row, Row{wordsOf(line.text, m_options)});
            endInsertRows();
        }
        ++row;
    }
}

void AllowlistModel::judge()
{
    m_findings = egress::lint(m_entries, m_options);
    m_rows.resize(m_entries.size());
    for (qsizetype i = 0; i < m_entries.size(); ++i)
        m_rows[i] = {wordsOf(m_entries[i], m_options), -1};
    for (qsizetype i = m_findings.size() - 1; i >= 0; --i) {
        const qsizetype entry = m_findings[i].entry;
        if (entry < m_rows.size() &&
            (m_rows[entry].finding < 0 || m_findings[i].severity <= m_findings[m_rows[entry].finding].severity))
            m_rows[entry].finding = static_cast<int>(i);
    }
    if (!m_entries.isEmpty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

const egress::Finding *AllowlistModel::findingOf(int row) const
{
    const int finding = m_rows.value(row).finding;
    return finding < 0 ? nullptr : &m_findings[finding];
}

QList<int> AllowlistModel::redundantRows() const
{
    QList<int> rows;
    for (const egress::Finding &finding : m_findings) {
        const bool redundant =
            finding.code == egress::FindingCode::Duplicate || finding.code == egress::FindingCode::Shadowed;
        if (redundant && !rows.contains(static_cast<int>(finding.entry)))
            rows.append(static_cast<int>(finding.entry));
    }
    return rows;
}

Result<void> AllowlistModel::add(const QStringList &entries)
{
    if (!m_document)
        return fail(ErrorCode::NotFound, tr("There is no list to add to."));
    QList<BlueprintDocument::Edit> edits;
    for (const QString &entry : entries)
        edits.append([entry](const QByteArray &text) { return blueprint::addToList(text, pointer, entry); });
    return m_document->edit(entries.size() == 1 ? tr("Add %1").arg(egress::displayText(entries.first()))
                                                : tr("Add %n hosts", nullptr, static_cast<int>(entries.size())),
                            edits);
}

Result<void> AllowlistModel::removeRows(const QList<int> &rows)
{
    QList<int> falling = rows;
    std::ranges::sort(falling, std::greater());
    QList<BlueprintDocument::Edit> edits;
    for (const int row : falling) {
        if (row >= 0 && row < m_entries.size())
            edits.append([row](const QByteArray &text) {
                return blueprint::removeValue(text, blueprint::childPointer(pointer, row));
            });
    }
    if (edits.isEmpty() || !m_document)
        return fail(ErrorCode::NotFound, tr("No entry is selected."));
    return m_document->edit(tr("Remove %n hosts", nullptr, static_cast<int>(edits.size())), edits);
}

Result<void> AllowlistModel::edit(int row, const QString &entry)
{
    if (!m_document || row < 0 || row >= m_entries.size())
        return fail(ErrorCode::NotFound, tr("There is no such entry."));
    return m_document->setValue(blueprint::childPointer(pointer, row), entry,
                                tr("Change %1").arg(egress::displayText(m_entries[row])), u"entry %1"_s.arg(row));
}

Result<void> AllowlistModel::sort()
{
    if (!m_document)
        return fail(ErrorCode::NotFound, tr("There is no list to sort."));
    QStringList sorted = m_entries;
    std::ranges::sort(sorted);
    return m_document->setList(pointer, sorted, tr("Sort the allowlist"));
}

Result<void> AllowlistModel::applyFix(const egress::Finding &finding)
{
    if (!m_document || !finding.fix)
        return fail(ErrorCode::NotFound, tr("Nobody but the author can know what was meant."));
    return m_document->setList(pointer, egress::applyFix(m_entries, finding),
                               tr("Mend %1").arg(egress::displayText(m_entries.value(finding.entry))));
}

int AllowlistModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int AllowlistModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

const EntryUse *AllowlistModel::useOf(const QString &entry) const
{
    const auto parsed = egress::Entry::parse(entry, m_options.cluster);
    const auto use = m_uses && parsed ? m_uses->constFind(parsed->text()) : EntryUses::const_iterator();
    return m_uses && parsed && use != m_uses->cend() ? &*use : nullptr;
}

QVariant AllowlistModel::display(int at, int column) const
{
    const QString &entry = m_entries[at];
    const Row &row = m_rows[at];
    const EntryUse *use = useOf(entry);
    switch (column) {
    case PatternColumn:
        return entry;
    case KindColumn:
        return kindWord(row.words.kind);
    case MeaningColumn:
        return row.words.meaning;
    case UsedColumn:
        return !m_uses ? u"–"_s : use ? tr("%n jobs", nullptr, static_cast<int>(use->jobs)) : tr("nobody");
    case LastSeenColumn:
        return !m_uses ? u"–"_s : use ? timeText(use->last, m_clock.wall()) : tr("never");
    case FindingColumn:
        return row.finding < 0 ? QString()
                               : u"%1: %2"_s.arg(severityWord(m_findings[row.finding].severity),
                                                 inOwnWords(m_findings[row.finding].message));
    default:
        return {};
    }
}

QString AllowlistModel::toolTip(int at, int column) const
{
    if ((column == UsedColumn || column == LastSeenColumn) && !m_uses)
        return tr("This master does not record which jobs used an entry.");
    if (column == FindingColumn) {
        QStringList lines;
        for (const egress::Finding &finding : m_findings) {
            if (finding.entry == at)
                lines.append(u"%1: %2"_s.arg(severityWord(finding.severity), inOwnWords(finding.message)));
        }
        return lines.join(u'\n');
    }
    const EntryWords &words = m_rows[at].words;
    QStringList lines{words.meaning};
    if (!words.matches.isEmpty())
        lines.append(tr("lets through: %1").arg(words.matches.join(u", "_s)));
    if (!words.mismatches.isEmpty())
        lines.append(tr("does not: %1").arg(words.mismatches.join(u", "_s)));
    return lines.join(u'\n');
}

QVariant AllowlistModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_entries.size())
        return {};
    const QString &entry = m_entries[index.row()];
    const Row &row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return display(index.row(), index.column());
    case Qt::EditRole:
        return index.column() == PatternColumn ? entry : display(index.row(), index.column());
    case Qt::ToolTipRole:
        return toolTip(index.row(), index.column());
    case EntryRole:
        return entry;
    case KindRole:
        return static_cast<int>(row.words.kind);
    case SeverityRole:
        return row.finding < 0 ? -1 : static_cast<int>(m_findings[row.finding].severity);
    default:
        return {};
    }
}

QVariant AllowlistModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case PatternColumn:
        return tr("Pattern");
    case KindColumn:
        return tr("Kind");
    case MeaningColumn:
        return tr("Lets through");
    case UsedColumn:
        return tr("Used by");
    case LastSeenColumn:
        return tr("Last seen");
    case FindingColumn:
        return tr("Finding");
    default:
        return {};
    }
}

Qt::ItemFlags AllowlistModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    const bool editable = index.column() == PatternColumn && m_document && m_document->isReadable();
    return editable ? flags | Qt::ItemIsEditable : flags;
}

bool AllowlistModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || index.column() != PatternColumn)
        return false;
    const auto done = edit(index.row(), value.toString());
    if (!done)
        emit refused(done.error().message);
    return done.has_value();
}

} // namespace danube::console
