// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/findingsmodel.h"

#include "console/models/entrywords.h"
#include "console/models/rulewords.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

egress::Severity severityOf(const blueprint::Finding &finding)
{
    switch (finding.severity) {
    case blueprint::Severity::Error:
        return egress::Severity::Error;
    case blueprint::Severity::Warning:
        return egress::Severity::Warning;
    case blueprint::Severity::Hint:
        break;
    }
    return egress::Severity::Hint;
}

} // namespace

// Row by row where that is possible: who reads the list keeps their place in it.
void FindingsModel::setFindings(const QList<blueprint::Finding> &findings, const QString &file)
{
    QList<blueprint::Finding> sorted = findings;
    std::ranges::stable_sort(sorted, {}, [&](const blueprint::Finding &finding) {
        return std::pair(finding.file != file, static_cast<int>(finding.severity));
    });
    if (sorted == m_findings)
        return;
    const int common = static_cast<int>(std::min(sorted.size(), m_findings.size()));
    if (m_findings.size() > common) {
        beginRemoveRows({}, common, rowCount() - 1);
        m_findings.resize(common);
        endRemoveRows();
    }
    if (sorted.size() > common) {
        beginInsertRows({}, common, static_cast<int>(sorted.size()) - 1);
        m_findings = m_findings + sorted.sliced(common);
        endInsertRows();
    }
    m_findings = std::move(sorted);
    if (common > 0)
        emit dataChanged(index(0, 0), index(common - 1, ColumnCount - 1));
}

QString FindingsModel::summary() const
{
    const auto count = [this](blueprint::Severity severity) {
        return static_cast<int>(std::ranges::count(m_findings, severity, &blueprint::Finding::severity));
    };
    QStringList parts;
    if (const int errors = count(blueprint::Severity::Error))
        parts.append(tr("%n errors", nullptr, errors));
    if (const int warnings = count(blueprint::Severity::Warning))
        parts.append(tr("%n warnings", nullptr, warnings));
    if (const int hints = count(blueprint::Severity::Hint))
        parts.append(tr("%n hints", nullptr, hints));
    return parts.isEmpty() ? tr("Nothing to say against it") : parts.join(u", "_s);
}

int FindingsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_findings.size());
}

int FindingsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant FindingsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_findings.size())
        return {};
    const blueprint::Finding &finding = m_findings[index.row()];
    if (role == SeverityRole)
        return static_cast<int>(severityOf(finding));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case SeverityColumn:
        return severityWord(severityOf(finding));
    case PlaceColumn:
        return finding.file.isEmpty()
                   ? finding.pointer
                   : u"%1:%2:%3"_s.arg(finding.file).arg(finding.position.line).arg(finding.position.column);
    case MessageColumn:
        return inOwnWords(finding.message);
    case FixColumn:
        return inOwnWords(finding.fix);
    default:
        return {};
    }
}

QVariant FindingsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case SeverityColumn:
        return tr("Weight");
    case PlaceColumn:
        return tr("Place");
    case MessageColumn:
        return tr("Finding");
    case FixColumn:
        return tr("What to do");
    default:
        return {};
    }
}

} // namespace danube::console
