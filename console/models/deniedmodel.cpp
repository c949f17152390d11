// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/deniedmodel.h"

#include "console/models/rulewords.h"
#include "console/models/words.h"
#include "shared/egress/knownhosts.h"

#include <QHash>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr quint16 usualPort = 443;

void addTo(DeniedPlace &place, const EgressRefusal &refusal)
{
    place.flows += refusal.count;
    place.jobs.insert(refusal.job);
    place.last = std::max(place.last, refusal.last);
    place.isAuditOnly = place.isAuditOnly && refusal.kind == RefusalKind::WouldBeRefused;
    if (!place.pipelines.contains(refusal.pipeline))
        place.pipelines.append(refusal.pipeline);
    QStringList protocols = place.protocols.split(u", "_s, Qt::SkipEmptyParts);
    if (!protocols.contains(refusal.protocol))
        place.protocols = (protocols << refusal.protocol).join(u", "_s);
}

QString hostPort(const DeniedPlace &place)
{
    const QString host = egress::displayText(place.host);
    return place.port == 0 ? host : u"%1:%2"_s.arg(host).arg(place.port);
}

egress::Question questionOf(const DeniedPlace &place)
{
    return {place.host, place.port == 0 ? usualPort : place.port};
}

} // namespace

DeniedModel::DeniedModel(const Clock &clock, QObject *parent) : QAbstractTableModel(parent), m_clock(clock) {}

void DeniedModel::setRefusals(const QList<EgressRefusal> &refusals)
{
    std::map<std::pair<QString, quint16>, DeniedPlace> places;
    QHash<QString, quint16> connected; // the first port of a host
    for (const EgressRefusal &refusal : refusals) {
        if (refusal.port != 0 && !connected.contains(refusal.host))
            connected.insert(refusal.host, refusal.port);
    }
    for (const EgressRefusal &refusal : refusals) {
        // A lookup is counted with the connection.
        const quint16 port = refusal.port == 0 ? connected.value(refusal.host) : refusal.port;
        DeniedPlace &place = places[{refusal.host, port}];
        place.host = refusal.host;
        place.port = port;
        addTo(place, refusal);
    }
    beginResetModel(); // another answer of the master; nothing is edited here
    m_places.clear();
    for (auto &[key, place] : places)
        m_places.append(std::move(place));
    std::ranges::stable_sort(m_places, [](const DeniedPlace &a, const DeniedPlace &b) {
        return a.jobs.size() != b.jobs.size() ? a.jobs.size() > b.jobs.size() : a.flows > b.flows;
    });
    judge();
    endResetModel();
}

void DeniedModel::setLists(const egress::Allowlists &after, const egress::LintOptions &options)
{
    m_after = after;
    m_options = options;
    judge();
    if (!m_places.isEmpty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void DeniedModel::judge()
{
    const egress::Explainer explainer(m_after, m_options);
    for (DeniedPlace &place : m_places)
        place.verdict = explainer.explain(questionOf(place));
}

QString DeniedModel::exactEntry(int row) const
{
    return m_places[row].verdict.proposal.value(0);
}

QStringList DeniedModel::wildcards(int row) const
{
    const auto exact = egress::Entry::parse(exactEntry(row), m_options.cluster);
    if (!exact || exact->isInCluster())
        return {};
    QStringList found;
    const QStringList labels = exact->pattern().labels();
    for (qsizetype first = 1; first < labels.size(); ++first) {
        const QStringList parent = labels.sliced(first);
        if (parent.size() <= egress::known::publicSuffixLabels(parent))
            break;
        const QString star = first == 1 ? u"*."_s : u"**."_s;
        const auto wildcard = egress::Entry::parse(star + parent.join(u'.'), m_options.cluster);
        if (wildcard && wildcard->withPort(exact->port()).covers(*exact, m_options.cilium))
            found.append(wildcard->withPort(exact->port()).text());
    }
    return found;
}

QStringList DeniedModel::alsoOpened(const QString &entry, int row) const
{
    const egress::Explainer with({.base = {entry}}, m_options);
    QStringList opened;
    for (int other = 0; other < m_places.size(); ++other) {
        const DeniedPlace &place = m_places[other];
        if (other != row && with.explain(questionOf(place)).isAllowed)
            opened.append(hostPort(place));
    }
    return opened;
}

int DeniedModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_places.size());
}

int DeniedModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DeniedModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_places.size())
        return {};
    const DeniedPlace &place = m_places[index.row()];
    const bool isNumber = index.column() == PortColumn || index.column() == JobsColumn || index.column() == FlowsColumn;
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::ToolTipRole)
        return inOwnWords(place.verdict.reason);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case HostColumn:
        return egress::displayText(place.host);
    case PortColumn:
        return place.port == 0 ? tr("DNS") : QString::number(place.port);
    case JobsColumn:
        return place.jobs.size();
    case FlowsColumn:
        return place.flows;
    case PipelinesColumn:
        return place.pipelines.join(u", "_s);
    case LastColumn:
        return timeText(place.last, m_clock.wall());
    case StateColumn:
        return place.verdict.isAllowed ? tr("allowed by the edited list")
               : place.isAuditOnly     ? tr("would be refused")
                                       : tr("refused");
    default:
        return {};
    }
}

QVariant DeniedModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case HostColumn:
        return tr("Host");
    case PortColumn:
        return tr("Port");
    case JobsColumn:
        return tr("Jobs");
    case FlowsColumn:
        return tr("Flows");
    case PipelinesColumn:
        return tr("Pipelines");
    case LastColumn:
        return tr("Last");
    case StateColumn:
        return tr("State");
    default:
        return {};
    }
}

} // namespace danube::console
