// SPDX-License-Identifier: GPL-3.0-or-later
// The service against the stand-in cluster, whose answers are those of a real API server.
#include "server/egress/policyservice.h"
#include "tests/support/kube/standinprocess.h"

#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

using namespace danube;
using namespace danube::egress;
using namespace danube::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using kube::resources::ciliumNetworkPolicies;
using kube::resources::networkPolicies;
using Phase = PolicyReport::Phase;

namespace {

const QString basePolicy = u"danube-egress"_s;
const QString buildPolicy = u"danube-egress-pipeline-build"_s;

PolicyRequest request(const QStringList &pipelineList = {u"packages.example.org"_s})
{
    PolicyRequest made{.allowlist = {u"github.com"_s}};
    if (!pipelineList.isEmpty())
        made.pipelines = {{.pipeline = u"build"_s, .allowlist = pipelineList}};
    return made;
}

QByteArray textOf(const std::optional<QJsonObject> &object)
{
    return object ? QJsonDocument(*object).toJson(QJsonDocument::Compact) : QByteArray();
}

} // namespace

class TestPolicyService : public QObject
{
    Q_OBJECT

    std::unique_ptr<StandInProcess> m_cluster;
    std::unique_ptr<kube::Client> m_client;
    std::unique_ptr<PolicyService> m_service;
    SystemClock m_clock;
    const QString m_namespace = u"danube-jobs"_s;

    void open(PolicyService::CiliumUse cilium = PolicyService::CiliumUse::Auto, bool repair = true)
    {
        PolicyService::Settings settings;
        settings.policy.jobsNamespace = m_namespace;
        settings.cilium = cilium;
        settings.repair = repair;
        settings.retryFirst = 20ms;
        settings.retryLimit = 100ms;
        settings.probeInterval = 100ms;
        m_service = std::make_unique<PolicyService>(*m_client, m_clock, settings);
        m_service->start();
    }
    bool isApplied() const { return m_service->status().isApplied(); }
    std::optional<QJsonObject> live(const QString &name)
    {
        return m_cluster->get(ciliumNetworkPolicies, m_namespace, name);
    }
    PolicyReport report(const QString &name) const
    {
        for (const PolicyReport &one : m_service->status().policies) {
            if (one.name == name)
                return one;
        }
        return {};
    }
    /// As somebody with kubectl does it.
    bool edit(const QString &name, const QJsonObject &patch)
    {
        auto change = kube::requests::mergePatch(ciliumNetworkPolicies, m_namespace, name, patch);
        change.query.removeAllQueryItems(u"fieldManager"_s);
        change.query.addQueryItem(u"fieldManager"_s, u"kubectl-edit"_s);
        std::optional<bool> done;
        m_client->send(change, this, [&done](const auto &answer) { done = answer.has_value(); });
        return QTest::qWaitFor([&done] { return done.has_value(); }) && *done;
    }

private slots:
    void initTestCase()
    {
        m_cluster = std::make_unique<StandInProcess>(QJsonObject());
        const QString failure = m_cluster->prepare();
        QVERIFY2(failure.isEmpty(), qPrintable(failure));
    }
    void init() { m_client = m_cluster->newClient({.retryFirst = 10ms, .retryLimit = 50ms}); }
    void cleanup()
    {
        m_service.reset();
        m_client.reset();
        m_cluster->heal();
        for (const auto &type : {ciliumNetworkPolicies, networkPolicies}) {
            for (const QJsonValue &item : m_cluster->list(type, m_namespace))
                m_cluster->remove(type, m_namespace, item[u"metadata"][u"name"].toString(), 0s);
        }
    }
    void cleanupTestCase() { m_cluster.reset(); }

    void appliesAndReadsBackThatItIsValid()
    {
        open();
        m_service->setWanted(request());
        QTRY_VERIFY(report(basePolicy).phase == Phase::Unjudged || isApplied()); // the plugin takes its time
        QTRY_VERIFY(isApplied());
        QCOMPARE(m_service->status().kind, PolicyKind::Cilium);
        QCOMPARE(m_service->status().policies.size(), 2);
        QVERIFY(textOf(live(basePolicy)).contains("github.com"));
        QVERIFY(textOf(live(buildPolicy)).contains("packages.example.org"));
        QCOMPARE(m_service->guardsOf(u"build"_s), (QStringList{basePolicy, buildPolicy}));
        QCOMPARE(m_service->guardsOf(u"other"_s), QStringList{basePolicy});
        QVERIFY(m_service->guarding(u"build"_s));
    }

    void followsTheBlueprint()
    {
        open();
        m_service->setWanted(request());
        QTRY_VERIFY(isApplied());
        m_service->setWanted(request({u"packages.example.org"_s, u"more.example.org"_s}));
        QTRY_VERIFY(textOf(live(buildPolicy)).contains("more.example.org"));
        QTRY_VERIFY(isApplied());
        m_service->setWanted(request({}));
        QTRY_VERIFY(!live(buildPolicy));
        QVERIFY(live(basePolicy));
    }

    void keepsWhatHoldsWhenAListCannotBeCompiled()
    {
        open();
        m_service->setWanted(request());
        QTRY_VERIFY(isApplied());
        m_service->setWanted(request({u"https://no.entry/"_s}));
        QVERIFY(m_service->status().failure);
        QVERIFY(m_service->status().failure->message.contains(u"no.entry"_s));
        QVERIFY(m_service->guarding(u"build"_s));
        QVERIFY(textOf(live(buildPolicy)).contains("packages.example.org"));
    }

    void saysWhyAPolicyIsInvalid()
    {
        m_cluster->fault({{u"fault"_s, u"policy-invalid"_s}, {u"message"_s, u"too many identities"_s}});
        open();
        m_service->setWanted(request());
        QTRY_COMPARE(report(basePolicy).phase, Phase::Invalid);
        QCOMPARE(report(basePolicy).detail, u"too many identities"_s);
        QVERIFY(m_service->guarding(u"build"_s).error().message.contains(u"too many identities"_s));
    }

    void neverSaysAppliedWithoutAPluginsVerdict()
    {
        m_cluster->fault({{u"fault"_s, u"policy-unjudged"_s}});
        open();
        m_service->setWanted(request());
        QTRY_COMPARE(report(buildPolicy).phase, Phase::Unjudged);
        QCOMPARE(report(basePolicy).phase, Phase::Unjudged);
        QVERIFY(!isApplied());
        QCOMPARE(m_service->guarding(u"build"_s).error().code, ErrorCode::Unavailable);
    }

    void reportsDriftAndLeavesItWithoutRepair()
    {
        open(PolicyService::CiliumUse::Auto, false);
        m_service->setWanted(request());
        QTRY_VERIFY(isApplied());
        QSignalSpy drifted(m_service.get(), &PolicyService::drifted);
        QVERIFY(edit(buildPolicy, {{u"spec"_s, QJsonObject{{u"description"_s, u"open it"_s}}}}));
        QTRY_COMPARE(report(buildPolicy).phase, Phase::Drifted);
        QVERIFY2(report(buildPolicy).detail.startsWith(u"spec.description is \"open it\""_s),
                 qPrintable(report(buildPolicy).detail));
        QCOMPARE(drifted.size(), 1);
        QVERIFY(!m_service->guarding(u"build"_s) && m_service->guarding(u"other"_s));
        m_cluster->remove(ciliumNetworkPolicies, m_namespace, basePolicy, 0s);
        QTRY_COMPARE(report(basePolicy).detail, u"it was deleted"_s);
        QVERIFY(!live(basePolicy));
    }

    void repairsDrift_data()
    {
        QTest::addColumn<QJsonObject>("patch");
        QTest::newRow("changed") << QJsonObject{{u"spec"_s, QJsonObject{{u"description"_s, u"x"_s}}}};
        QTest::newRow("opened") << QJsonObject{{u"spec"_s, QJsonObject{{u"egress"_s, QJsonArray{QJsonObject()}}}}};
        QTest::newRow("added") << QJsonObject{{u"spec"_s, QJsonObject{{u"ingressDeny"_s, QJsonArray{QJsonObject()}}}}};
        QTest::newRow("selects others") << QJsonObject{
            {u"spec"_s,
             QJsonObject{{u"endpointSelector"_s, QJsonObject{{u"matchLabels"_s, QJsonObject{{u"a"_s, u"b"_s}}}}}}}};
        QTest::newRow("label taken") << QJsonObject{
            {u"metadata"_s, QJsonObject{{u"labels"_s, QJsonObject{{u"danube.dev/egress-mode"_s, QJsonValue::Null}}}}}};
        QTest::newRow("deleted") << QJsonObject();
    }
    void repairsDrift()
    {
        QFETCH(QJsonObject, patch);
        open();
        m_service->setWanted(request());
        QTRY_VERIFY(isApplied());
        const QJsonValue before = (*live(basePolicy))[u"spec"];
        QSignalSpy drifted(m_service.get(), &PolicyService::drifted);
        if (patch.isEmpty())
            m_cluster->remove(ciliumNetworkPolicies, m_namespace, basePolicy, 0s);
        else
            QVERIFY(edit(basePolicy, patch));
        QTRY_VERIFY(drifted.size() >= 1);
        QTRY_VERIFY(isApplied());
        QCOMPARE((*live(basePolicy))[u"spec"], before);
    }

    // Also what a master that may not repair finds when it starts: then it is no drift, but a conflict in our object.
    void repairsOnDemandWhatItMayNotByItself_data()
    {
        QTest::addColumn<QJsonObject>("patch");
        QTest::addColumn<bool>("isRestarted");
        const QJsonObject changed{{u"spec"_s, QJsonObject{{u"egress"_s, QJsonArray{QJsonObject()}}}}};
        const QJsonObject added{{u"spec"_s, QJsonObject{{u"ingressDeny"_s, QJsonArray{QJsonObject()}}}}};
        QTest::newRow("changed") << changed << false;
        QTest::newRow("added") << added << false;
        QTest::newRow("deleted") << QJsonObject() << false;
        QTest::newRow("changed, restarted") << changed << true;
        QTest::newRow("added, restarted") << added << true;
    }
    void repairsOnDemandWhatItMayNotByItself()
    {
        QFETCH(QJsonObject, patch);
        QFETCH(bool, isRestarted);
        open(PolicyService::CiliumUse::Auto, false);
        m_service->setWanted(request());
        QTRY_VERIFY(isApplied());
        QVERIFY(m_service->repair().isEmpty());
        const QJsonObject before = *live(basePolicy);
        QVERIFY(!m_service->whyNotGuarding(basePolicy, before));
        if (isRestarted)
            m_service.reset();
        if (patch.isEmpty()) {
            m_cluster->remove(ciliumNetworkPolicies, m_namespace, basePolicy, 0s);
        } else {
            QVERIFY(edit(basePolicy, patch));
        }
        if (isRestarted) {
            open(PolicyService::CiliumUse::Auto, false);
            m_service->setWanted(request());
        }
        QTRY_COMPARE(report(basePolicy).phase, isRestarted ? Phase::Conflict : Phase::Drifted);
        if (!patch.isEmpty()) {
            const auto why = m_service->whyNotGuarding(basePolicy, *live(basePolicy));
            QVERIFY(why && why->startsWith(u"policy danube-egress was changed in the cluster: spec."));
        }
        QCOMPARE(m_service->repair(), QStringList{basePolicy});
        QTRY_VERIFY(isApplied());
        QCOMPARE((*live(basePolicy))[u"spec"], before[u"spec"]);
        QVERIFY(m_service->whyNotGuarding(u"danube-egress-pipeline-gone"_s, before));
    }

    void leavesAForeignObjectOfTheSameNameAlone()
    {
        QJsonObject foreign{{u"apiVersion"_s, u"cilium.io/v2"_s},
                            {u"kind"_s, u"CiliumNetworkPolicy"_s},
                            {u"metadata"_s, QJsonObject{{u"name"_s, basePolicy}}},
                            {u"spec"_s, QJsonObject{{u"endpointSelector"_s, QJsonObject()},
                                                    {u"egress"_s, QJsonArray{QJsonObject()}},
                                                    {u"description"_s, u"mine"_s}}}};
        auto create = kube::requests::create(ciliumNetworkPolicies, m_namespace, foreign);
        create.query.removeAllQueryItems(u"fieldManager"_s);
        create.query.addQueryItem(u"fieldManager"_s, u"somebody"_s);
        bool isThere = false;
        m_client->send(create, this, [&](const auto &answer) { isThere = answer.has_value(); });
        QTRY_VERIFY(isThere);
        open();
        m_service->setWanted(request());
        QTRY_COMPARE(report(basePolicy).phase, Phase::Conflict);
        QVERIFY2(report(basePolicy).detail.contains(u"somebody"_s), qPrintable(report(basePolicy).detail));
        QTRY_COMPARE(report(buildPolicy).phase, Phase::Applied); // the others go on
        QVERIFY(m_service->repair().isEmpty());                  // not even when asked
        QVERIFY(textOf(live(basePolicy)).contains("mine"));
        m_cluster->remove(ciliumNetworkPolicies, m_namespace, basePolicy, 0s);
        QTRY_VERIFY(isApplied()); // out of the way
    }

    void takesOverWhatAFormerMasterLeft()
    {
        open();
        m_service->setWanted(request());
        QTRY_VERIFY(isApplied());
        const auto before = live(basePolicy);
        m_service.reset();
        open();
        m_service->setWanted(request({}));
        QTRY_VERIFY(!live(buildPolicy));
        QTRY_VERIFY(isApplied());
        QCOMPARE(live(basePolicy), before); // nothing was written
    }

    void fallsBackWithoutTheDefinitionAndComesBack()
    {
        const int fault =
            m_cluster->fault({{u"fault"_s, u"missing"_s},
                              {u"match"_s, QJsonObject{{u"resource"_s, u"ciliumnetworkpolicies.cilium.io"_s}}}});
        QVERIFY(fault > 0);
        open();
        m_service->setWanted(request());
        QTRY_VERIFY(isApplied());
        QCOMPARE(m_service->status().kind, PolicyKind::Fallback);
        QVERIFY(m_cluster->get(networkPolicies, m_namespace, basePolicy));
        m_cluster->heal();
        QTRY_COMPARE(m_service->status().kind, PolicyKind::Cilium);
        QTRY_VERIFY(isApplied());
        QTRY_VERIFY(m_cluster->list(networkPolicies, m_namespace).isEmpty());
    }

    void appliesNothingWeakerWhenCiliumIsRequired()
    {
        m_cluster->fault({{u"fault"_s, u"missing"_s},
                          {u"match"_s, QJsonObject{{u"resource"_s, u"ciliumnetworkpolicies.cilium.io"_s}}}});
        open(PolicyService::CiliumUse::Required);
        m_service->setWanted(request());
        QTRY_VERIFY(m_service->status().failure);
        QVERIFY(m_service->status().failure->message.contains(u"CiliumNetworkPolicy"_s));
        QVERIFY(m_cluster->list(networkPolicies, m_namespace).isEmpty());
        QVERIFY(!m_service->guarding(u"build"_s));
        m_cluster->heal();
        QTRY_VERIFY(isApplied());
    }

    void retriesWhatMayWorkLater()
    {
        m_cluster->fault(
            {{u"fault"_s, u"forbidden"_s}, {u"count"_s, 3}, {u"match"_s, QJsonObject{{u"verb"_s, u"patch"_s}}}});
        open();
        m_service->setWanted(request());
        QTRY_VERIFY(isApplied());
    }

    void namesPoliciesOfOthers()
    {
        open();
        m_service->setWanted(request());
        QTRY_VERIFY(isApplied());
        bool isThere = false;
        const QJsonObject foreign{
            {u"metadata"_s, QJsonObject{{u"name"_s, u"open-all"_s}}},
            {u"spec"_s, QJsonObject{{u"endpointSelector"_s, QJsonObject()}, {u"egress"_s, QJsonArray{QJsonObject()}}}}};
        m_client->send(kube::requests::create(ciliumNetworkPolicies, m_namespace, foreign), this,
                       [&](const auto &answer) { isThere = answer.has_value(); });
        QTRY_VERIFY(isThere);
        QTRY_COMPARE(m_service->status().foreign, QStringList{u"open-all"_s});
    }
};

QTEST_GUILESS_MAIN(TestPolicyService)
#include "tst_policyservice.moc"
