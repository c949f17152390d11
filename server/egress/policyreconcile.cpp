// SPDX-License-Identifier: GPL-3.0-or-later
// What PolicyService does to the cluster: one request at a time, in order.
#include "server/egress/policyobject.h"
#include "server/egress/policyservice.h"

#include <QJsonArray>
#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

Q_LOGGING_CATEGORY(policyLog, "danube.egress.policy")

using Phase = PolicyReport::Phase;

/// "conflict with "kubectl-edit" using cilium.io/v2: .spec.egress": who owns what.
QString conflictOf(const kube::ApiError &error)
{
    QStringList parts;
    for (const QJsonValue cause : error.details.value("causes"_L1).toArray())
        parts.append(cause["message"_L1].toString() + u" at "_s + cause["field"_L1].toString());
    return (parts.isEmpty() ? error.message : parts.join(u"; "_s)).left(1000);
}

/// Waiting will not help: the same object would be refused again.
bool isFinal(const kube::ApiError &error)
{
    using Kind = kube::ApiError::Kind;
    return error.kind == Kind::BadRequest || error.kind == Kind::Conflict;
}

} // namespace

QString PolicyService::versionOf(const QString &name) const
{
    return m_live.value(name)["metadata"_L1]["resourceVersion"_L1].toString();
}

bool PolicyService::needsApply(const Wanted &wanted) const
{
    return !wanted.isConfirmed && wanted.refused != versionOf(wanted.report.name);
}

void PolicyService::reconcile()
{
    publish();
    if (!m_watcher || !m_watcher->isSynced() || m_order.isEmpty() || m_isActing)
        return;
    m_actions.clear();
    for (const QString &name : std::as_const(m_order)) {
        if (needsApply(m_wanted[name]))
            m_actions.push_back({.name = name});
    }
    for (const auto &[name, object] : m_live.asKeyValueRange()) {
        if (!m_wanted.contains(name) && isOurs(object, m_settings.policy.instance))
            m_actions.push_back({.name = name, .isRemoval = true, .uid = object["metadata"_L1]["uid"_L1].toString()});
    }
    if (!m_actions.empty())
        return next();
    m_backoff.reset();
    if (!m_hasCleaned && m_status.isApplied())
        removeOtherKind();
}

void PolicyService::next()
{
    if (m_isActing || m_actions.empty() || m_retry.isActive())
        return;
    const Action action = m_actions.front();
    m_actions.pop_front();
    m_isActing = true;
    if (action.isRemoval)
        remove(action);
    else
        apply(m_wanted[action.name]);
}

void PolicyService::apply(Wanted &wanted)
{
    const QString name = wanted.report.name;
    if (wanted.mustForce)
        qCWarning(policyLog).noquote() << u"forcing over other managers policy=%1"_s.arg(name);
    m_client.send(kube::requests::apply(type(), m_settings.policy.jobsNamespace, name, wanted.object, wanted.mustForce),
                  m_turn.get(), [this, name](const kube::ApiResult<QJsonObject> &answer) { applied(name, answer); });
}

void PolicyService::applied(const QString &name, const kube::ApiResult<QJsonObject> &answer)
{
    m_isActing = false;
    const auto found = m_wanted.find(name);
    if (found == m_wanted.end()) { // wanted no more
        return reconcile();
    }
    if (!answer) {
        applyFailed(*found, answer.error());
    } else {
        qCInfo(policyLog).noquote() << u"applied policy=%1"_s.arg(name);
        if (const auto known = m_live.constFind(name); known == m_live.cend() || !isOlder(*answer, *known))
            m_live.insert(name, *answer);
        judge(*found);
        const auto difference = driftOf(found->object, m_live.value(name));
        if (difference && found->mustForce)
            return removeForeignFields(*found);
        if (difference) {
            setPhase(*found, Phase::Conflict, describe(*difference));
            found->refused = versionOf(name);
        }
    }
    reconcile();
}

void PolicyService::applyFailed(Wanted &wanted, const kube::ApiError &error)
{
    const QString name = wanted.report.name;
    const bool isConflict = error.kind == kube::ApiError::Kind::Conflict;
    const bool mayForce = m_settings.repair && isOurs(m_live.value(name), m_settings.policy.instance);
    if (isConflict && mayForce && !wanted.mustForce) {
        wanted.mustForce = true;
        return;
    }
    qCWarning(policyLog).noquote() << u"not applied policy=%1 error=\"%2\""_s.arg(name, error.message);
    setPhase(wanted, isConflict ? Phase::Conflict : Phase::Failed, isConflict ? conflictOf(error) : error.message);
    if (isFinal(error))
        wanted.refused = versionOf(name);
    else
        retryLater();
}

// Of an object that is ours, with settings.repair: what another manager added to it.
void PolicyService::removeForeignFields(Wanted &wanted)
{
    const QString name = wanted.report.name;
    const QJsonObject patch = removalPatch(wanted.object, m_live.value(name));
    wanted.mustForce = false;
    m_isActing = true;
    m_client.send(kube::requests::mergePatch(type(), m_settings.policy.jobsNamespace, name, patch), m_turn.get(),
                  [this, name](const kube::ApiResult<QJsonObject> &answer) { applied(name, answer); });
}

void PolicyService::remove(const Action &action)
{
    m_client.send(kube::requests::remove(type(), m_settings.policy.jobsNamespace, action.name, {}, action.uid),
                  m_turn.get(), [this, action](const kube::ApiResult<QJsonObject> &answer) {
                      m_isActing = false;
                      if (answer || answer.error().kind == kube::ApiError::Kind::NotFound) {
                          qCInfo(policyLog).noquote() << u"removed policy=%1"_s.arg(action.name);
                          m_live.remove(action.name);
                      } else {
                          qCWarning(policyLog).noquote()
                              << u"not removed policy=%1 error=\"%2\""_s.arg(action.name, answer.error().message);
                          retryLater();
                      }
                      reconcile();
                  });
}

// The weaker objects of a time without Cilium: kept until Cilium's hold, so that there is no moment without any.
void PolicyService::removeOtherKind()
{
    m_hasCleaned = true;
    if (m_status.kind != PolicyKind::Cilium)
        return; // without the definition there are no objects of the kind
    const QString nameSpace = m_settings.policy.jobsNamespace;
    m_client.listAll(kube::resources::networkPolicies, nameSpace, oursSelector(m_settings.policy.instance),
                     m_turn.get(), [this, nameSpace](const kube::ApiResult<QJsonObject> &list) {
                         if (!list) {
                             qCWarning(policyLog).noquote()
                                 << u"weaker policies not listed error=\"%1\""_s.arg(list.error().message);
                             m_hasCleaned = false;
                             return retryLater();
                         }
                         for (const QJsonValue item : list->value("items"_L1).toArray()) {
                             const QString name = nameOf(item.toObject());
                             m_client.send(kube::requests::remove(kube::resources::networkPolicies, nameSpace, name),
                                           m_turn.get(), [name](const kube::ApiResult<QJsonObject> &answer) {
                                               if (!answer)
                                                   qCWarning(policyLog).noquote()
                                                       << u"weaker policy not removed policy=%1 error=\"%2\""_s.arg(
                                                              name, answer.error().message);
                                           });
                         }
                     });
}

void PolicyService::retryLater()
{
    if (!m_retry.isActive())
        m_retry.start(m_backoff.next());
}

QStringList PolicyService::repairAll()
{
    QStringList names;
    for (Wanted &wanted : m_wanted) {
        const PolicyReport &report = wanted.report;
        const bool isOverruled =
            report.phase == Phase::Conflict && isOurs(m_live.value(report.name), m_settings.policy.instance);
        if (report.phase != Phase::Drifted && !isOverruled)
            continue;
        wanted.isConfirmed = false;
        wanted.mustForce = true;
        wanted.refused.reset();
        names.append(report.name);
    }
    return names;
}

} // namespace danube::egress
