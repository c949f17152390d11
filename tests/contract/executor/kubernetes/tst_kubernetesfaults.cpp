// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/kubernetes/podspec.h"
#include "server/logs/logreader.h"
#include "tests/contract/executor/executorrecorder.h"
#include "tests/contract/executor/kubernetes/kubernetesbacking.h"

#include <QTest>

using namespace danube;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr milliseconds patience{30'000};
constexpr auto toolImage = "localhost/user:tool"_L1; ///< below an allowed prefix, declared by nobody

bool waitUntil(const std::function<bool()> &condition)
{
    return QTest::qWaitFor(condition, QDeadlineTimer(patience));
}

} // namespace

/// What only pods can suffer, and what only they can do: each ends typed, with a sentence, and never as a success.
class TestKubernetesFaults : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup();

    void saysWhatAJobWaitsFor_data();
    void saysWhatAJobWaitsFor();
    void givesUpAPodThatDoesNotStart();
    void givesUpAPodThatCannotBeMade();
    void refusesBeforeThereIsAPod();
    void waitsForItsGuardingPolicy();
    void waitsForWhatGuardsItsPipeline();
    void readsThePoliciesBackAgainAfterWaitingForRoom();
    void losesTheJobWithAReason_data();
    void losesTheJobWithAReason();
    void goesOnAfterTheNodeIsBack();
    void losesWhatStaysUnreachable();
    void losesTheStepsOfAnAddedContainer();
    void survivesWhatHappensToTheExec_data();
    void survivesWhatHappensToTheExec();
    void runsDeclaredImagesInContainersOfTheirOwn();
    void runsOtherImagesInContainersAddedLater();
    void refusesImages();
    void answersForStepsWhoseImageDoesNotCome();
    void releasesAJobThatIsBeingMade();
    void sweepsSecretsWithoutAPod();
    void removesPodsThatAppearLate();
    void watchesOnceForAllJobs();

private:
    void openExecutor();
    void closeExecutor();
    void launch(jobs::JobLaunch launch = {});
    bool launchAndWait(jobs::JobLaunch launch = {});
    void startStep(uint32_t number, const QString &script, const QString &image = {});
    std::optional<StepOutcome> outcomeOf(uint32_t number);
    QByteArray output(uint32_t step) const;
    QString podUid() const;
    QJsonObject here(const QString &container = {}) const;
    bool saidPending(const QString &words) const;
    bool makePolicy(const QString &name);
    void removePolicy(const QString &name);

    QTemporaryDir m_images;
    std::unique_ptr<StandInProcess> m_cluster;
    std::unique_ptr<QTemporaryDir> m_directory;
    SystemClock m_clock;
    std::unique_ptr<KubernetesBacking> m_backing;
    std::unique_ptr<ExecutorRecorder> m_said;
    std::unique_ptr<logs::LogService> m_logs;
    std::unique_ptr<jobs::Executor> m_executor;
    QStringList m_pending;
    JobId m_job;
};

void TestKubernetesFaults::initTestCase()
{
    m_cluster = std::make_unique<StandInProcess>(testImages(m_images.path()));
    const QString failure = m_cluster->prepare();
    QVERIFY2(failure.isEmpty(), qPrintable(failure));
}

void TestKubernetesFaults::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_backing = std::make_unique<KubernetesBacking>(*m_cluster);
    m_backing->settings.imagePrefixes = {u"localhost/user"_s, u"localhost/no-"_s, u"localhost/scratch"_s};
    m_said = std::make_unique<ExecutorRecorder>();
    m_job = newJobId(m_clock);
    openExecutor();
}

void TestKubernetesFaults::cleanup()
{
    m_cluster->heal();
    m_executor->release(m_job);
    QVERIFY(waitUntil([this] { return m_said->released.contains(m_job); }));
    QVERIFY(!m_backing->hasLeftovers(m_job));
    closeExecutor();
    m_pending.clear();
}

void TestKubernetesFaults::openExecutor()
{
    m_logs = std::make_unique<logs::LogService>(m_directory->path(), m_clock);
    m_executor = m_backing->open(*m_logs);
    m_said->follow(*m_executor);
    connect(m_executor.get(), &jobs::Executor::jobPending, this,
            [this](const JobId &, const QString &reason) { m_pending.append(reason); });
}

void TestKubernetesFaults::closeExecutor()
{
    m_executor.reset();
    m_logs.reset();
    m_said->clear();
}

void TestKubernetesFaults::launch(jobs::JobLaunch launch)
{
    bool isOpen = false;
    m_logs->open(m_job, this, [&isOpen](const Result<void> &opened) { isOpen = opened.has_value(); });
    QVERIFY(waitUntil([&isOpen] { return isOpen; }));
    launch.token = m_backing->launchOf(m_job).token.clone();
    launch.job.id = m_job;
    m_executor->launch(std::move(launch));
}

bool TestKubernetesFaults::launchAndWait(jobs::JobLaunch launched)
{
    launch(std::move(launched));
    return waitUntil([this] { return m_said->started.contains(m_job) || m_said->lost.contains(m_job); }) &&
           !m_said->lost.contains(m_job);
}

void TestKubernetesFaults::startStep(uint32_t number, const QString &script, const QString &image)
{
    jobs::StepLaunch step;
    step.number = StepNumber(number);
    if (!script.isEmpty())
        step.argv = {u"/bin/sh"_s, u"-c"_s, script};
    step.image = image;
    m_executor->startStep(m_job, step);
}

std::optional<StepOutcome> TestKubernetesFaults::outcomeOf(uint32_t number)
{
    std::ignore = waitUntil([this, number] { return m_said->outcome(m_job, number).has_value(); });
    return m_said->outcome(m_job, number);
}

QByteArray TestKubernetesFaults::output(uint32_t step) const
{
    const auto reader = logs::LogReader::open(m_directory->path(), m_job);
    if (!reader || !(*reader)->refresh())
        return {};
    const auto extract = (*reader)->extract({.step = StepNumber(step), .stream = LogStream::Stdout}, 1 << 30);
    return extract ? extract->bytes : QByteArray();
}

QString TestKubernetesFaults::podUid() const
{
    const auto pod = m_cluster->get(kube::resources::pods, jobsNamespace, kubernetes::podNameOf(m_job));
    return pod ? (*pod)["metadata"_L1]["uid"_L1].toString() : QString();
}

QJsonObject TestKubernetesFaults::here(const QString &container) const
{
    return {{u"namespace"_s, jobsNamespace}, {u"name"_s, kubernetes::podNameOf(m_job)}, {u"container"_s, container}};
}

bool TestKubernetesFaults::saidPending(const QString &words) const
{
    return std::ranges::any_of(m_pending, [&words](const QString &reason) { return reason.contains(words); });
}

void TestKubernetesFaults::saysWhatAJobWaitsFor_data()
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

void TestKubernetesFaults::saysWhatAJobWaitsFor()
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

void TestKubernetesFaults::givesUpAPodThatDoesNotStart()
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

void TestKubernetesFaults::givesUpAPodThatCannotBeMade()
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

void TestKubernetesFaults::refusesBeforeThereIsAPod()
{
    jobs::JobLaunch wanted;
    wanted.pipeline.name = u"web"_s;
    wanted.pipeline.security.runAsRoot = true;
    QVERIFY(!launchAndWait(std::move(wanted)));
    QVERIFY(m_said->lost[m_job].contains("worker.security.run_as_root"_L1));
    QVERIFY(podUid().isEmpty());
}

bool TestKubernetesFaults::makePolicy(const QString &name)
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

void TestKubernetesFaults::removePolicy(const QString &name)
{
    m_cluster->remove(kube::resources::ciliumNetworkPolicies, jobsNamespace, name, seconds(0));
}

void TestKubernetesFaults::waitsForItsGuardingPolicy()
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
void TestKubernetesFaults::waitsForWhatGuardsItsPipeline()
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

void TestKubernetesFaults::readsThePoliciesBackAgainAfterWaitingForRoom()
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

void TestKubernetesFaults::losesTheJobWithAReason_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<QString>("container");
    QTest::addColumn<QString>("words");
    QTest::newRow("evicted") << u"evict"_s << QString() << u"the pod was evicted: The node was low on resource"_s;
    QTest::newRow("out of memory") << u"oom"_s << u"worker"_s << u"container worker ran out of memory"_s;
    QTest::newRow("coordinator out of memory")
        << u"oom"_s << u"coordinator"_s << u"container coordinator ran out of memory"_s;
    QTest::newRow("agent killed") << u"kill"_s << u"worker"_s << u"agent of container worker ended with code 137"_s;
    QTest::newRow("deleted") << u"delete"_s << QString() << u"the pod was deleted"_s;
    QTest::newRow("deleted without grace") << u"force"_s << QString() << u"the pod was deleted"_s;
}

void TestKubernetesFaults::losesTheJobWithAReason()
{
    QFETCH(QString, action);
    QFETCH(QString, container);
    QFETCH(QString, words);
    QVERIFY(launchAndWait());
    startStep(1, u"echo begun; sleep 300"_s);
    QVERIFY(waitUntil([this] { return output(1) == "begun\n"; }));
    if (action == "delete"_L1 || action == "force"_L1)
        m_cluster->remove(kube::resources::pods, jobsNamespace, kubernetes::podNameOf(m_job),
                          seconds(action == "force"_L1 ? 0 : 1));
    else
        m_cluster->act(action, here(container));
    QVERIFY(waitUntil([this] { return m_said->lost.contains(m_job); }));
    QVERIFY2(m_said->lost[m_job].contains(words), qPrintable(m_said->lost[m_job]));
    const auto outcome = m_said->outcome(m_job, 1); // an agent that was asked to end tells the truth: cancelled
    QVERIFY(!outcome || !outcome->isSuccess());
}

// Unreachable is not gone.
void TestKubernetesFaults::goesOnAfterTheNodeIsBack()
{
    QVERIFY(launchAndWait());
    startStep(1, u"echo one; sleep 1; echo two; exit 5"_s);
    QVERIFY(waitUntil([this] { return m_said->hasStarted(m_job, 1); }));
    m_cluster->act(u"node-lost"_s);
    QTest::qWait(1500); // the step ends meanwhile, seen by nobody
    QVERIFY(!m_said->outcome(m_job, 1) && !m_said->lost.contains(m_job));
    m_cluster->act(u"node-back"_s);
    QCOMPARE(outcomeOf(1).value_or(StepOutcome()).exitCode, 5);
    QCOMPARE(output(1), QByteArray("one\ntwo\n"));
}

// Unless the operator sets a limit.
void TestKubernetesFaults::losesWhatStaysUnreachable()
{
    closeExecutor();
    m_backing->settings.unreachableLimit = milliseconds(1000);
    openExecutor();
    QVERIFY(launchAndWait());
    m_cluster->act(u"node-lost"_s);
    QVERIFY(waitUntil([this] { return m_said->lost.contains(m_job); }));
    m_cluster->act(u"node-back"_s);
    // At least the one second of the configuration; a busy machine looks a little later.
    static const QRegularExpression sentence(u" could not be reached for [1-9][0-9]* s: "_s);
    QVERIFY2(m_said->lost[m_job].contains(sentence), qPrintable(m_said->lost[m_job]));
}

// The one image's steps are lost, no others.
void TestKubernetesFaults::losesTheStepsOfAnAddedContainer()
{
    QVERIFY(launchAndWait());
    startStep(1, u"sleep 300"_s, toolImage);
    startStep(2, u"sleep 1; exit 3"_s);
    QVERIFY(waitUntil([this] { return m_said->hasStarted(m_job, 1) && m_said->hasStarted(m_job, 2); }));
    m_cluster->act(u"oom"_s, here(kubernetes::ephemeralContainer(toolImage)));
    const StepOutcome lost = outcomeOf(1).value_or(StepOutcome());
    QCOMPARE(lost.kind, OutcomeKind::Lost);
    QVERIFY2(lost.message.contains("image localhost/user:tool: container "_L1) &&
                 lost.message.contains(" ran out of memory"_L1),
             qPrintable(lost.message));
    startStep(3, u"true"_s, toolImage); // nobody can start it again
    QCOMPARE(outcomeOf(3).value_or(StepOutcome{.kind = OutcomeKind::Exited, .message = {}}).kind, OutcomeKind::Lost);
    QCOMPARE(outcomeOf(2).value_or(StepOutcome()).exitCode, 3);
    QVERIFY(!m_said->lost.contains(m_job));
}

void TestKubernetesFaults::survivesWhatHappensToTheExec_data()
{
    QTest::addColumn<QJsonObject>("fault");
    const auto row = [](const char *name, const QString &kind, QJsonObject more = {}) {
        more.insert(u"fault"_s, kind);
        QTest::newRow(name) << more;
    };
    const QJsonArray anywhere{10, 200'000};
    row("cut", u"exec-cut"_s, {{u"bytes"_s, anywhere}, {u"count"_s, 4}});
    row("reset", u"exec-cut"_s, {{u"bytes"_s, anywhere}, {u"count"_s, 4}, {u"rst"_s, true}});
    row("false success", u"exec-false-success"_s, {{u"bytes"_s, anywhere}, {u"count"_s, 4}});
    row("polite close", u"exec-polite-close"_s, {{u"bytes"_s, anywhere}, {u"count"_s, 4}});
    row("stall", u"exec-stall"_s, {{u"bytes"_s, anywhere}, {u"for_ms"_s, 500}, {u"count"_s, 2}});
    row("refused", u"exec-refuse"_s, {{u"code"_s, 500}, {u"text"_s, u"container not found"_s}, {u"count"_s, 3}});
    row("forbidden", u"exec-refuse"_s,
        {{u"code"_s, 403}, {u"message"_s, u"no"_s}, {u"reason"_s, u"Forbidden"_s}, {u"count"_s, 2}});
    row("kubelet restarted", u"kubelet-restart"_s);
    row("runtime restarted", u"runtime-restart"_s);
    row("API server restarted", u"restart"_s);
}

void TestKubernetesFaults::survivesWhatHappensToTheExec()
{
    QFETCH(QJsonObject, fault);
    const QString kind = fault["fault"_L1].toString();
    const bool isFault = kind.startsWith("exec-"_L1);
    if (isFault)
        m_cluster->fault(fault);
    QVERIFY(launchAndWait());
    startStep(1, u"seq 1 60000; sleep 0.3; seq 60001 90000; exit 7"_s);
    QVERIFY(waitUntil([this] { return m_said->hasStarted(m_job, 1); }));
    if (kind == "restart"_L1)
        m_cluster->post(u"/standin/restart"_s, {{u"down_ms"_s, 500}});
    else if (!isFault)
        m_cluster->act(kind);
    const auto outcome = outcomeOf(1);
    QVERIFY(outcome);
    QCOMPARE(outcome->kind, OutcomeKind::Exited);
    QCOMPARE(outcome->exitCode, 7);
    QByteArray expected;
    for (int i = 1; i <= 90'000; ++i)
        expected += QByteArray::number(i) + '\n';
    QVERIFY(output(1) == expected);
    QCOMPARE(m_backing->coordinatorStarts(m_job), 1);
    QVERIFY(!m_said->lost.contains(m_job));
}

void TestKubernetesFaults::runsDeclaredImagesInContainersOfTheirOwn()
{
    jobs::JobLaunch wanted;
    wanted.pipeline.image = u"localhost/busybox:2"_s;
    wanted.pipeline.images = {u"localhost/no-passwd:1"_s};
    QVERIFY(launchAndWait(std::move(wanted)));
    startStep(1, u"test -e /etc/passwd && echo first > /workspace/x"_s);
    QCOMPARE(outcomeOf(1).value_or(StepOutcome()).exitCode, 0);
    startStep(2, u"test ! -e /etc/passwd && cat /workspace/x"_s, u"localhost/no-passwd:1"_s);
    QCOMPARE(outcomeOf(2).value_or(StepOutcome()).exitCode, 0);
    QCOMPARE(output(2), QByteArray("first\n"));
    const auto pod = m_cluster->get(kube::resources::pods, jobsNamespace, kubernetes::podNameOf(m_job));
    QCOMPARE((*pod)["spec"_L1]["containers"_L1][2]["image"_L1].toString(), u"localhost/no-passwd:1"_s);
    QVERIFY(!(*pod)["spec"_L1].toObject().contains("ephemeralContainers"_L1));
}

void TestKubernetesFaults::runsOtherImagesInContainersAddedLater()
{
    QVERIFY(launchAndWait());
    startStep(1, u"echo from outside > $HOME/x; exit 3"_s);
    QCOMPARE(outcomeOf(1).value_or(StepOutcome()).exitCode, 3);
    startStep(2, u"cat $HOME/x; sleep 2; echo end; exit 4"_s, toolImage);
    QVERIFY(waitUntil([this] { return m_said->hasStarted(m_job, 2); }));
    startStep(3, u"exit 6"_s, toolImage); // the same container
    QCOMPARE(outcomeOf(3).value_or(StepOutcome()).exitCode, 6);
    const auto pod = m_cluster->get(kube::resources::pods, jobsNamespace, kubernetes::podNameOf(m_job));
    QCOMPARE((*pod)["spec"_L1]["ephemeralContainers"_L1].toArray().size(), 1);
    // Another master follows the step in it, and starts further ones.
    closeExecutor();
    openExecutor();
    jobs::JobLaunch again;
    again.mode = jobs::LaunchMode::AttachOnly;
    QVERIFY(launchAndWait(std::move(again)));
    startStep(2, {}, toolImage);
    startStep(4, u"exit 8"_s, toolImage);
    QCOMPARE(outcomeOf(2).value_or(StepOutcome()).exitCode, 4);
    QCOMPARE(output(2), QByteArray("from outside\nend\n"));
    QCOMPARE(outcomeOf(4).value_or(StepOutcome()).exitCode, 8);
}

void TestKubernetesFaults::refusesImages()
{
    QVERIFY(launchAndWait());
    startStep(1, u"true"_s, u"elsewhere.example.org/tool:1"_s);
    QCOMPARE(outcomeOf(1).value_or(StepOutcome{.kind = OutcomeKind::Exited, .message = {}}).kind, OutcomeKind::Lost);
    QVERIFY(outcomeOf(1)->message.contains("kubernetes.image_prefixes"_L1));
    startStep(2, u"true"_s, u"not an image"_s);
    QVERIFY(outcomeOf(2)->message.contains("is no image reference"_L1));
    // Without a shell the agent runs all the same, and says what is missing.
    startStep(3, u"true"_s, u"localhost/scratch:1"_s);
    QCOMPARE(outcomeOf(3).value_or(StepOutcome()).exitCode, 127);
}

void TestKubernetesFaults::answersForStepsWhoseImageDoesNotCome()
{
    closeExecutor();
    m_backing->settings.imagePullLimit = milliseconds(1500);
    openExecutor();
    QVERIFY(launchAndWait());
    m_cluster->fault({{u"fault"_s, u"image-pull"_s}});
    startStep(1, u"true"_s, u"localhost/user-missing:1"_s);
    startStep(2, u"true"_s, u"localhost/user-missing:1"_s);
    m_executor->killStep(m_job, StepNumber(2), jobs::KillReason::Cancelled);
    QCOMPARE(outcomeOf(2).value_or(StepOutcome()).kind, OutcomeKind::Lost); // refused: not below a prefix
    startStep(3, u"true"_s, toolImage);
    startStep(4, u"true"_s, toolImage);
    m_executor->killStep(m_job, StepNumber(4), jobs::KillReason::Cancelled);
    QCOMPARE(outcomeOf(4).value_or(StepOutcome()).kind, OutcomeKind::Cancelled);
    QCOMPARE(outcomeOf(3).value_or(StepOutcome{.kind = OutcomeKind::Exited, .message = {}}).kind, OutcomeKind::Lost);
    QVERIFY2(outcomeOf(3)->message.contains("was not running after 1 s: image localhost/user:tool"_L1),
             qPrintable(outcomeOf(3)->message));
    startStep(5, u"exit 2"_s); // the others go on
    QCOMPARE(outcomeOf(5).value_or(StepOutcome()).exitCode, 2);
}

void TestKubernetesFaults::releasesAJobThatIsBeingMade()
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

void TestKubernetesFaults::sweepsSecretsWithoutAPod()
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
void TestKubernetesFaults::removesPodsThatAppearLate()
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

void TestKubernetesFaults::watchesOnceForAllJobs()
{
    QVERIFY(launchAndWait());
    m_cluster->post(u"/standin/counts/reset"_s, {});
    startStep(1, u"exit 3"_s);
    QCOMPARE(outcomeOf(1).value_or(StepOutcome()).exitCode, 3);
    QTest::qWait(500);
    const QJsonObject counts = m_cluster->counts();
    QCOMPARE(counts["open"_L1]["watch pods"_L1].toInt(), 1);
    QCOMPARE(counts["open"_L1]["exec"_L1].toInt(), 2); // one per container
    QCOMPARE(counts["requests"_L1].toObject().value("get pods"_L1).toInt(), 0);
    QCOMPARE(counts["requests"_L1].toObject().value("list pods"_L1).toInt(), 0);
}

QTEST_GUILESS_MAIN(TestKubernetesFaults)
#include "tst_kubernetesfaults.moc"
