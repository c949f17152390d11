// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/egresssession.h"

#include "shared/api/apiclient.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::console {

using protocol::RouteId;

namespace {

constexpr std::chrono::days refusalAge{30};
constexpr qsizetype maxPipelines = 200; // whose refusals are asked for
constexpr qsizetype maxRefusals = 20'000;

QStringList textsOf(const QJsonValue &array)
{
    QStringList texts;
    for (const QJsonValue item : array.toArray())
        texts.append(item.toString());
    return texts;
}

std::optional<EntryUses> usesFrom(const QJsonValue &usage)
{
    if (!usage.isArray())
        return std::nullopt;
    EntryUses uses;
    for (const QJsonValue item : usage.toArray())
        uses.insert(item["entry"_L1].toString(),
                    {item["jobs"_L1].toInteger(), fromRfc3339(item["last_at"_L1].toString())});
    return uses;
}

} // namespace

EgressStatus egressStatusFromJson(const QJsonObject &answer)
{
    EgressStatus status{.level = answer.value("level"_L1).toString(),
                        .reason = answer.value("reason"_L1).toString(),
                        .commit = answer.value("commit"_L1).toString(),
                        .policies = {},
                        .notes = textsOf(answer.value("notes"_L1)),
                        .cilium = std::nullopt,
                        .uses = usesFrom(answer.value("usage"_L1))};
    for (const QJsonValue policy : answer.value("policies"_L1).toArray()) {
        const QString detail = policy["detail"_L1].toString();
        status.policies.append(u"%1: %2%3"_s.arg(policy["name"_L1].toString(), policy["state"_L1].toString(),
                                                 detail.isEmpty() ? QString() : u", "_s + detail));
    }
    if (const auto version = egress::parseCiliumVersion(answer.value("cilium_version"_L1).toString()))
        status.cilium = *version;
    return status;
}

EgressSession::EgressSession(api::ApiClient &client, const Clock &clock, QObject *parent)
    : QObject(parent), m_client(client), m_clock(clock)
{}

void EgressSession::load()
{
    const quint64 round = ++m_round;
    m_loading = true;
    m_client.sendJson({.route = RouteId::EgressPolicy}, this, [this, round](const Result<QJsonObject> &body) {
        if (round != m_round)
            return;
        m_problem = body ? QString() : body.error().message;
        m_status = body ? std::optional(egressStatusFromJson(*body)) : std::nullopt;
        emit changed();
    });
    m_client.pipelines(this, [this, round](const Result<QList<Pipeline>> &pipelines) {
        if (round != m_round)
            return;
        QStringList names;
        for (const Pipeline &pipeline : pipelines.value_or(QList<Pipeline>()))
            names.append(pipeline.name);
        m_refusalProblem = !pipelines ? pipelines.error().message
                           : names.size() > maxPipelines
                               ? tr("Only the first %1 pipelines were looked at.").arg(maxPipelines)
                               : QString();
        loadRefusals(names.first(std::min(names.size(), maxPipelines)));
    });
}

void EgressSession::retry()
{
    if (!m_problem.isEmpty() || !m_refusalProblem.isEmpty())
        load();
}

void EgressSession::loadRefusals(const QStringList &pipelines)
{
    m_pipelines = pipelines;
    m_incoming.clear();
    loadNextRefusals();
}

// One after the other: a master with many pipelines is not asked everything at once.
void EgressSession::loadNextRefusals()
{
    if (m_pipelines.isEmpty() || m_incoming.size() >= maxRefusals) {
        if (!m_pipelines.isEmpty())
            m_refusalProblem = tr("Only the first %1 refusals were looked at.").arg(m_incoming.size());
        m_refusals = std::exchange(m_incoming, {});
        m_loading = false;
        return emit changed();
    }
    QUrlQuery query;
    query.addQueryItem(u"pipeline"_s, m_pipelines.takeFirst());
    query.addQueryItem(u"since"_s, toRfc3339(m_clock.wall() - refusalAge));
    m_client.sendJson({.route = RouteId::EgressDenied, .query = query}, this,
                      [this, round = m_round](const Result<QJsonObject> &body) {
                          if (round != m_round)
                              return;
                          if (!body) {
                              m_refusalProblem = body.error().message;
                              m_pipelines.clear();
                          } else {
                              for (const QJsonValue item : body->value("refusals"_L1).toArray())
                                  m_incoming.append(egressRefusalFromJson(item.toObject()));
                          }
                          loadNextRefusals();
                      });
}

void EgressSession::propose(const QString &job, QObject *context, Proposed done)
{
    const QByteArray body = QJsonDocument(QJsonObject{{u"job"_s, job}}).toJson(QJsonDocument::Compact);
    m_client.sendJson({.route = RouteId::EgressPropose, .body = body}, context,
                      [done = std::move(done)](const Result<QJsonObject> &answer) mutable {
                          done(answer.transform([](const QJsonObject &object) {
                              QStringList entries;
                              for (const QJsonValue entry : object.value("entries"_L1).toArray())
                                  entries.append(entry["entry"_L1].toString());
                              return entries;
                          }));
                      });
}

} // namespace danube::console
