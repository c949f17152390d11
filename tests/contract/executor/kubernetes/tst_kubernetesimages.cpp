// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/executor/kubernetes/kubernetescase.h"
#include "tests/support/sanitizer.h"

using namespace danube;
using namespace danube::tests;
using namespace Qt::StringLiterals;

/// Steps in images of their own: in containers that are declared, or added later.
class TestKubernetesImages : public KubernetesCase
{
    Q_OBJECT
private slots:
    void losesTheStepsOfAnAddedContainer();
    void runsDeclaredImagesInContainersOfTheirOwn();
    void runsOtherImagesInContainersAddedLater();
    void followsStepsOfAllImagesAtOnce();
    void refusesImages();
    void answersForStepsWhoseImageDoesNotCome();
};

// The one image's steps are lost, no others.
void TestKubernetesImages::losesTheStepsOfAnAddedContainer()
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

void TestKubernetesImages::runsDeclaredImagesInContainersOfTheirOwn()
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

void TestKubernetesImages::runsOtherImagesInContainersAddedLater()
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

// A new master attaches all steps with the launch: before it knows of any container.
void TestKubernetesImages::followsStepsOfAllImagesAtOnce()
{
    const auto wanted = [](jobs::LaunchMode mode) {
        jobs::JobLaunch launch;
        launch.mode = mode;
        launch.pipeline.image = u"localhost/busybox:2"_s;
        launch.pipeline.images = {u"localhost/no-passwd:1"_s};
        return launch;
    };
    QVERIFY(launchAndWait(wanted(jobs::LaunchMode::StartOrAttach)));
    const QString script = u"echo before; while [ ! -e /workspace/go ]; do sleep 0.1; done; echo after; exit %1"_s;
    startStep(1, script.arg(3));
    startStep(2, script.arg(4), u"localhost/no-passwd:1"_s);
    startStep(3, script.arg(5), toolImage);
    for (const uint32_t step : {1, 2, 3})
        QVERIFY(waitUntil([this, step] { return m_said->hasStarted(m_job, step); }));
    closeExecutor();
    openExecutor();
    launch(wanted(jobs::LaunchMode::AttachOnly));
    startStep(1, {});
    startStep(2, {}, u"localhost/no-passwd:1"_s);
    startStep(3, {}, toolImage);
    startStep(4, u"touch /workspace/go"_s, toolImage);
    QCOMPARE(outcomeOf(4).value_or(StepOutcome()).exitCode, 0);
    for (const uint32_t step : {1, 2, 3}) {
        const StepOutcome outcome = outcomeOf(step).value_or(StepOutcome());
        QVERIFY2(outcome.exitCode == static_cast<int>(step) + 2, qPrintable(outcome.message));
        QCOMPARE(output(step), QByteArray("before\nafter\n"));
    }
}

void TestKubernetesImages::refusesImages()
{
    QVERIFY(launchAndWait());
    startStep(1, u"true"_s, u"elsewhere.example.org/tool:1"_s);
    QCOMPARE(outcomeOf(1).value_or(StepOutcome{.kind = OutcomeKind::Exited, .message = {}}).kind, OutcomeKind::Lost);
    QVERIFY(outcomeOf(1)->message.contains("kubernetes.image_prefixes"_L1));
    startStep(2, u"true"_s, u"not an image"_s);
    QVERIFY(outcomeOf(2)->message.contains("is no image reference"_L1));
    if (keepsFreedMemory)
        QSKIP("a sanitized agent is not static, so an empty image cannot run it");
    // Without a shell the agent runs all the same, and says what is missing.
    startStep(3, u"true"_s, u"localhost/scratch:1"_s);
    QCOMPARE(outcomeOf(3).value_or(StepOutcome()).exitCode, 127);
}

void TestKubernetesImages::answersForStepsWhoseImageDoesNotCome()
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

QTEST_GUILESS_MAIN(TestKubernetesImages)
#include "tst_kubernetesimages.moc"
