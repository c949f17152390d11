// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/kubernetes/podspec.h"
#include "tests/contract/executor/kubernetes/kubernetescase.h"

using namespace danube;
using namespace danube::tests;
using namespace Qt::StringLiterals;

/// What a pod waits for before it runs, and what becomes of one that never does.
class TestKubernetesStart : public KubernetesCase
{
    Q_OBJECT
private slots:
    void saysWhatAJobWaitsFor_data();
    void saysWhatAJobWaitsFor();
    void givesUpAPodThatDoesNotStart();
    void givesUpAPodThatCannotBeMade();
    void refusesBeforeThereIsAPod();
    void waitsForItsGuardingPolicy();
    void waitsForWhatGuardsItsPipeline();
    void readsThePoliciesBackAgainAfterWaitingForRoom();
    void releasesAJobThatIsBeingMade();
    void sweepsSecretsWithoutAPod();
    void removesPodsThatAppearLate();

private:
    bool makePolicy(const QString &name);
    void removePolicy(const QString &name);
};

void TestKubernetesStart::saysWhatAJobWaitsFor_data()
{
    QTest::addColumn<QJsonObject>("fault");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *name, const QJsonObject &fault, const QString &words) {
        QTest::newRow(name) << fault << words;
    };
    const QJsonObject createPod{{u"verb"_s, u"create"_s}, {u"resource"_s, u"pods"_s}};
    row("unschedulable", {{u"fault"_s, u"unschedulable"_s}, {u"message"_s, u"0/1 nodes are available."_s}},
        u"no node can take the pod: 0/1 nodes are available."_s);
    row("slow pull", {{u"fault"_s, u"image-pull-slow"_s}, {u"ms"_s, 500}, {u"count"_s, 1}}, u"prepares container"_s);
    row("quota", {{u"fault"_s, u"quota"_s}, {u"count"_s, 2}}, u"quota has no room for the pod"_s);
    row("server error",
        {{u"fault"_s, u"error"_s},
         {u"code"_s, 500},
         {u"message"_s, u"etcd"_s},
         {u"count"_s, 2},
         {u"match"_s, createPod}},
        u"create the job's pod"_s);
    row("answer lost", {{u"fault"_s, u"reset"_s}, {u"after"_s, true}, {u"count"_s, 1}, {u"match"_s, createPod}},
        u"create the job's pod"_s);
}

void TestKubernetesStart::saysWhatAJobWaitsFor()
{
    QFETCH(QJsonObject, fault);
    QFETCH(QString, words);
    m_cluster->fault(fault);
    launch();
    QVERIFY(waitUntil([&] { return saidPending(words); }));
    m_cluster->heal();
    QVERIFY(waitUntil([this] { return m_said->started.contains(m_job); }));
    QCOMPARE(m_backing->coordinatorStarts(m_job), 1);
}

void TestKubernetesStart::givesUpAPodThatDoesNotStart()
{
    closeExecutor();
    m_backing->settings.startLimit = milliseconds(2000);
    openExecutor();
    m_cluster->fault({{u"fault"_s, u"image-pull"_s}});
    jobs::JobLaunch wanted;
    wanted.pipeline.image = u"localhost/nowhere:1"_s;
    QVERIFY(!launchAndWait(std::move(wanted)));
    const QString reason = m_said->lost[m_job];
    QVERIFY2(reason.contains("not up within 2 s: image localhost/"_L1), qPrintable(reason));
}

void TestKubernetesStart::givesUpAPodThatCannotBeMade()
{
    closeExecutor();
    m_backing->settings.startLimit = milliseconds(1500);
    openExecutor();
    m_cluster->fault({{u"fault"_s, u"forbidden"_s},
                      {u"match"_s, QJsonObject{{u"verb"_s, u"create"_s}, {u"resource"_s, u"secrets"_s}}}});
    QVERIFY(!launchAndWait());
    const QString reason = m_said->lost[m_job];
    QVERIFY2(reason.contains("could not be made within 1 s: create the job's Secret: "_L1), qPrintable(reason));
}

void TestKubernetesStart::refusesBeforeThereIsAPod()
{
    jobs::JobLaunch wanted;
    wanted.pipeline.name = u"web"_s;
    wanted.pipeline.security.runAsRoot = true;
    QVERIFY(!launchAndWait(std::move(wanted)));
    QVERIFY(m_said->lost[m_job].contains("worker.security.run_as_root"_L1));
    QVERIFY(podUid().isEmpty());
}

bool TestKubernetesStart::makePolicy(const QString &name)
{
    const QJsonObject rule{{u"toEntities"_s, QJsonArray{u"host"_s}}};
    const QJsonObject policy{
        {u"apiVersion"_s, u"cilium.io/v2"_s},
        {u"kind"_s, u"CiliumNetworkPolicy"_s},
        {u"metadata"_s, QJsonObject{{u"name"_s, name}}},
        {u"spec"_s, QJsonObject{{u"endpointSelector"_s, QJsonObject()}, {u"egress"_s, QJsonArray{rule}}}}};
    const QString path = u"/apis/cilium.io/v2/namespaces/%1/ciliumnetworkpolicies"_s.arg(jobsNamespace);
    return !m_cluster->post(path, policy).isEmpty();
}

void TestKubernetesStart::removePolicy(const QString &name)
{
    m_cluster->remove(kube::resources::ciliumNetworkPolicies, jobsNamespace, name, seconds(0));
}

void TestKubernetesStart::waitsForItsGuardingPolicy()
{
    closeExecutor();
    m_backing->settings.guardingPolicies = {u"jobs"_s};
    openExecutor();
    launch();
    QVERIFY(waitUntil([this] { return saidPending(u"the network policy jobs does not exist yet"_s); }));
    m_cluster->fault({{u"fault"_s, u"policy-invalid"_s}, {u"message"_s, u"bad selector"_s}, {u"count"_s, 1}});
    QVERIFY(makePolicy(u"jobs"_s));
    QVERIFY(waitUntil([this] { return saidPending(u"the network policy jobs is not valid: "_s); }));
    QVERIFY(podUid().isEmpty());
    removePolicy(u"jobs"_s);
    QVERIFY(makePolicy(u"jobs"_s));
    QVERIFY(waitUntil([this] { return m_said->started.contains(m_job); }));
    removePolicy(u"jobs"_s);
}

// What the Blueprint's policies say comes first, then each object as the API server holds it.
void TestKubernetesStart::waitsForWhatGuardsItsPipeline()
{
    closeExecutor();
    QStringList asked;
    bool isKnown = false;
    std::optional<QString> complaint = u"policy web was changed in the cluster"_s;
    m_backing->guardsOf = [&](const QString &pipeline) -> Result<QList<kubernetes::GuardingPolicy>> {
        asked.append(pipeline);
        if (!isKnown)
            return fail(ErrorCode::Unavailable, u"no egress policy is in force yet"_s);
        const auto judge = [&](const QJsonObject &live) {
            return live["metadata"_L1]["name"_L1].toString() == "web"_L1 ? complaint : u"another object was read"_s;
        };
        return QList<kubernetes::GuardingPolicy>{{kube::resources::ciliumNetworkPolicies, u"web"_s, judge}};
    };
    openExecutor();
    jobs::JobLaunch wanted;
    wanted.pipeline.name = u"web"_s;
    launch(std::move(wanted));
    QVERIFY(waitUntil([this] { return saidPending(u"no egress policy is in force yet"_s); }));
    isKnown = true;
    QVERIFY(waitUntil([this] { return saidPending(u"the network policy web does not exist yet"_s); }));
    QVERIFY(makePolicy(u"web"_s));
    QVERIFY(waitUntil([this] { return saidPending(u"policy web was changed in the cluster"_s); }));
    QVERIFY(podUid().isEmpty());
    complaint.reset();
    QVERIFY(waitUntil([this] { return m_said->started.contains(m_job); }));
    QCOMPARE(QSet<QString>(asked.begin(), asked.end()), QSet<QString>{u"web"_s});
    removePolicy(u"web"_s);
}

void TestKubernetesStart::readsThePoliciesBackAgainAfterWaitingForRoom()
{
    closeExecutor();
    bool holds = true;
    int asked = 0;
    m_backing->guardsOf = [&](const QString &) -> Result<QList<kubernetes::GuardingPolicy>> {
        ++asked;
        if (!holds)
            return fail(ErrorCode::Unavailable, u"policy web was deleted"_s);
        return QList<kubernetes::GuardingPolicy>();
    };
    openExecutor();
    m_cluster->fault(
        {{u"fault"_s, u"quota"_s}, {u"match"_s, QJsonObject{{u"verb"_s, u"create"_s}, {u"resource"_s, u"pods"_s}}}});
    launch();
    QVERIFY(waitUntil([this] { return saidPending(u"has no room for the pod"_s); }));
    holds = false;
    m_cluster->heal();
    QVERIFY(waitUntil([this] { return saidPending(u"policy web was deleted"_s); }));
    QVERIFY(podUid().isEmpty());
    holds = true;
    QVERIFY(waitUntil([this] { return m_said->started.contains(m_job); }));
    QVERIFY(asked >= 3);
}

void TestKubernetesStart::releasesAJobThatIsBeingMade()
{
    m_cluster->fault({{u"fault"_s, u"delay"_s},
                      {u"ms"_s, 700},
                      {u"match"_s, QJsonObject{{u"verb"_s, u"create"_s}, {u"resource"_s, u"pods"_s}}}});
    launch();
    QTest::qWait(300);
    m_executor->release(m_job);
    QVERIFY(waitUntil([this] { return m_said->released.contains(m_job); }));
    QVERIFY(!m_backing->hasLeftovers(m_job));
    QVERIFY(!m_said->started.contains(m_job));
}

void TestKubernetesStart::sweepsSecretsWithoutAPod()
{
    jobs::JobLaunch orphan = m_backing->launchOf(newJobId(m_clock));
    orphan.job.id = newJobId(m_clock);
    const QString path = u"/api/v1/namespaces/%1/secrets"_s.arg(jobsNamespace);
    QVERIFY(!m_cluster->post(path, kubernetes::makeSecret(orphan, m_backing->settings)).isEmpty());
    kubernetes::KubernetesSettings others = m_backing->settings;
    others.instance = u"another"_s;
    jobs::JobLaunch foreign = m_backing->launchOf(newJobId(m_clock));
    foreign.job.id = newJobId(m_clock);
    QVERIFY(!m_cluster->post(path, kubernetes::makeSecret(foreign, others)).isEmpty());
    m_executor->sweep({});
    QVERIFY(waitUntil([&] { return !m_backing->hasLeftovers(orphan.job.id); }));
    QVERIFY(m_backing->hasLeftovers(foreign.job.id));
    m_cluster->remove(kube::resources::secrets, jobsNamespace, kubernetes::secretNameOf(foreign.job.id), seconds(0));
}

// A pod whose creation was answered too late, say.
void TestKubernetesStart::removesPodsThatAppearLate()
{
    m_executor->sweep({});
    jobs::JobLaunch late = m_backing->launchOf(newJobId(m_clock));
    late.job.id = newJobId(m_clock);
    const auto pod = kubernetes::makePod(late, m_backing->settings);
    QVERIFY(pod);
    QVERIFY(!m_cluster->post(u"/api/v1/namespaces/%1/pods"_s.arg(jobsNamespace), *pod).isEmpty());
    QVERIFY(waitUntil([&] { return m_said->released.contains(late.job.id); }));
    QVERIFY(!m_backing->hasLeftovers(late.job.id));
}

QTEST_GUILESS_MAIN(TestKubernetesStart)
#include "tst_kubernetesstart.moc"
