// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/hosttestmodel.h"

#include "console/models/rulewords.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::console {

void HostTestModel::setText(const QString &text)
{
    QList<egress::Question> hosts;
    for (const QString &host : hostsIn(text)) {
        const auto question = egress::parseQuestion(host);
        if (question && !hosts.contains(*question))
            hosts.append(*question);
    }
    if (hosts == m_hosts)
        return;
    beginResetModel(); // another question, not news of the same
    m_hosts = std::move(hosts);
    m_verdicts = testHosts(m_hosts, m_now, m_after, m_options);
    endResetModel();
    emit tested();
}

void HostTestModel::setLists(const egress::Allowlists &now, const egress::Allowlists &after,
                             const egress::LintOptions &options)
{
    m_now = now;
    m_after = after;
    m_options = options;
    m_verdicts = testHosts(m_hosts, m_now, m_after, m_options);
    if (!m_hosts.isEmpty())
        emit dataChanged(index(0, NowColumn), index(rowCount() - 1, ReasonColumn));
    emit tested();
}

QString HostTestModel::summary() const
{
    const auto allowed = std::ranges::count_if(m_verdicts, [](const HostVerdict &v) { return v.after.isAllowed; });
    const auto changed = std::ranges::count_if(m_verdicts, &HostVerdict::changes);
    if (m_verdicts.isEmpty())
        return tr("Paste hosts, one a line, or a whole log.");
    const QString hosts = tr("%n hosts", nullptr, static_cast<int>(m_verdicts.size()));
    return changed == 0 ? tr("%1: %2 allowed, %3 refused. Your edit changes none of them.")
                              .arg(hosts)
                              .arg(allowed)
                              .arg(m_verdicts.size() - allowed)
                        : tr("%1: %2 allowed, %3 refused after your edit, which changes %4.")
                              .arg(hosts)
                              .arg(allowed)
                              .arg(m_verdicts.size() - allowed)
                              .arg(changed);
}

int HostTestModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_verdicts.size());
}

int HostTestModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant HostTestModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_verdicts.size())
        return {};
    const HostVerdict &verdict = m_verdicts[index.row()];
    const egress::Verdict &shown = index.column() == NowColumn ? verdict.now : verdict.after;
    if (role == AllowedRole)
        return shown.isAllowed;
    if (role == ChangesRole)
        return verdict.changes();
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case HostColumn:
        return u"%1:%2"_s.arg(egress::displayText(verdict.now.question.host)).arg(verdict.now.question.port);
    case NowColumn:
    case AfterColumn:
        return role == Qt::ToolTipRole ? inOwnWords(shown.reason) : shown.isAllowed ? tr("allowed") : tr("refused");
    case EntryColumn:
        return shown.entry && shown.isAllowed ? shown.entry->text : QString();
    case ReasonColumn:
        return inOwnWords(shown.reason);
    default:
        return {};
    }
}

QVariant HostTestModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case HostColumn:
        return tr("Host");
    case NowColumn:
        return tr("Now");
    case AfterColumn:
        return tr("After");
    case EntryColumn:
        return tr("By entry");
    case ReasonColumn:
        return tr("Why");
    default:
        return {};
    }
}

} // namespace danube::console
