// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/flowlog.h"

#include "server/guard/hostname.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace danube::guard {
namespace {

QString verdictText(Flow::Verdict verdict)
{
    switch (verdict) {
    case Flow::Verdict::Forwarded:
        return u"FORWARDED"_s;
    case Flow::Verdict::WouldBeRefused:
        return u"AUDIT"_s;
    case Flow::Verdict::Refused:
        break;
    }
    return u"DROPPED"_s;
}

QJsonObject sourceOf(const FlowLog::Source &source)
{
    return {{u"namespace"_s, source.jobsNamespace},
            {u"pod_name"_s, u"danube-"_s + source.job},
            {u"labels"_s,
             QJsonArray{u"k8s:danube.dev/job="_s + source.job, u"k8s:danube.dev/pipeline="_s + source.pipeline}}};
}

void addPlace(QJsonObject &object, const Flow &flow)
{
    const QString protocol = flow.isQuery ? u"UDP"_s : u"TCP"_s;
    const int port = flow.isQuery ? 53 : flow.port;
    object.insert(u"l4"_s, QJsonObject{{protocol, QJsonObject{{u"destination_port"_s, port}}}});
    if (flow.isQuery)
        object.insert(u"l7"_s, QJsonObject{{u"type"_s, u"REQUEST"_s},
                                           {u"dns"_s, QJsonObject{{u"query"_s, toQString(flow.host) + u'.'}}}});
    if (flow.address)
        object.insert(u"IP"_s, QJsonObject{{u"destination"_s, toQString(flow.address->text())},
                                           {u"ipVersion"_s, flow.address->isV6 ? u"IPv6"_s : u"IPv4"_s}});
    if (!flow.isQuery && !flow.host.empty())
        object.insert(u"destination_names"_s, QJsonArray{toQString(flow.host)});
}

} // namespace

void FlowLog::append(const QByteArray &line)
{
    m_lines += line;
    m_lines += '\n';
    m_written += line.size() + 1;
}

void FlowLog::write(const Flow &flow, quint64 count, WallTime wall)
{
    QJsonObject object{{u"time"_s, toRfc3339(wall)},
                       {u"verdict"_s, verdictText(flow.verdict)},
                       {u"source"_s, sourceOf(m_source)},
                       {u"destination"_s, QJsonObject{{u"labels"_s, QJsonArray{u"reserved:world"_s}}}},
                       {u"Type"_s, flow.isQuery ? u"L7"_s : u"L3_L4"_s},
                       {u"traffic_direction"_s, u"EGRESS"_s},
                       {u"is_reply"_s, false},
                       {u"danube"_s, QJsonObject{{u"reason"_s, toQString(flow.word)}, {u"count"_s, qint64(count)}}},
                       {u"Summary"_s, flow.sentence}};
    if (flow.verdict == Flow::Verdict::Refused)
        object.insert(u"drop_reason_desc"_s, u"POLICY_DENIED"_s);
    addPlace(object, flow);
    append(QJsonDocument(QJsonObject{{u"flow"_s, object}}).toJson(QJsonDocument::Compact));
}

bool FlowLog::spend(SteadyTime now)
{
    const double passed = std::chrono::duration<double>(now - std::exchange(m_refilled, now)).count();
    m_tokens = std::min(burst, m_tokens + std::max(0.0, passed) * perSecond);
    if (m_tokens < 1 || m_written >= maxBytes)
        return false;
    m_tokens -= 1;
    return true;
}

void FlowLog::note(Flow flow, const std::function<QString()> &why, WallTime wall, SteadyTime now)
{
    const std::string place = flow.host.empty() && flow.address ? flow.address->text() : flow.host;
    const Key key{flow.verdict, flow.isQuery, place, flow.port};
    const auto found = m_repeats.find(key);
    if (found != m_repeats.end()) {
        ++found->second.count;
        return;
    }
    if (!spend(now) || m_repeats.size() >= maxOpen) {
        ++m_lost;
        return;
    }
    flow.sentence = why();
    write(flow, 1, wall);
    m_repeats.emplace(key, Repeats{std::move(flow), now + window, 0});
    m_order.emplace_back(now + window, key);
}

void FlowLog::tick(WallTime wall, SteadyTime now, bool all)
{
    while (!m_order.empty() && (all || m_order.front().first <= now)) {
        const auto found = m_repeats.find(m_order.front().second);
        m_order.pop_front();
        if (found->second.count > 0)
            write(found->second.flow, found->second.count, wall);
        m_repeats.erase(found);
    }
    if (m_lost == 0)
        return;
    append(QJsonDocument(QJsonObject{{u"lost_events"_s, QJsonObject{{u"source"_s, u"danube-guard"_s},
                                                                    {u"num_events_lost"_s, QString::number(m_lost)}}},
                                     {u"time"_s, toRfc3339(wall)}})
               .toJson(QJsonDocument::Compact));
    m_lost = 0;
}

QByteArray FlowLog::take()
{
    return std::exchange(m_lines, {});
}

} // namespace danube::guard
