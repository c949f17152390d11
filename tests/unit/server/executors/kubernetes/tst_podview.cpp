// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/kubernetes/podview.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace danube;
using namespace danube::kubernetes;
using namespace Qt::StringLiterals;

namespace {

// Spec of a job's pod, as far as the view looks at it.
constexpr auto specText = R"({"nodeName":"node-1","initContainers":[{"name":"agent","image":"coordinator:1"}],)"
                          R"("containers":[{"name":"coordinator","image":"coordinator:1",)"
                          R"("volumeMounts":[{"name":"run-coordinator","mountPath":"/danube/run"}]},)"
                          R"({"name":"worker","image":"debian:13","resources":{"limits":{"memory":"64Mi"}},)"
                          R"("volumeMounts":[{"name":"run-worker","mountPath":"/danube/run"}]}]})";

// The statuses below are those kubelets and the control plane write; members that no one reads are left out.
constexpr auto scheduled = R"({"type":"PodScheduled","status":"True"})";
constexpr auto runningBoth =
    R"("containerStatuses":[{"name":"coordinator","state":{"running":{"startedAt":"2026-11-22T03:03:01Z"}}},)"
    R"({"name":"worker","state":{"running":{"startedAt":"2026-11-22T03:03:01Z"}}}])";

QJsonObject parse(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object();
}

QJsonObject podWith(const QByteArray &status, bool isDeleting = false)
{
    QJsonObject metadata{{u"name"_s, u"danube-1"_s}, {u"uid"_s, u"u-1"_s}, {u"resourceVersion"_s, u"7"_s}};
    if (isDeleting)
        metadata.insert(u"deletionTimestamp"_s, u"2026-11-22T03:04:00Z"_s);
    return {{u"metadata"_s, metadata}, {u"spec"_s, parse(specText)}, {u"status"_s, parse(status)}};
}

QByteArray running(const char *condition = scheduled)
{
    return QByteArray("{\"phase\":\"Running\",\"conditions\":[") + condition + "]," + runningBoth + '}';
}

QByteArray workerState(const char *phase, const QByteArray &state, const QByteArray &more = {})
{
    return QByteArray("{\"phase\":\"") + phase + "\",\"conditions\":[" + scheduled +
           "],\"containerStatuses\":[{\"name\":\"coordinator\",\"state\":{\"running\":{}}},"
           "{\"name\":\"worker\",\"state\":" +
           state + "}]" + more + '}';
}

QByteArray waiting(const char *reason, const char *message)
{
    return workerState("Pending",
                       QByteArray("{\"waiting\":{\"reason\":\"") + reason + "\",\"message\":\"" + message + "\"}}");
}

QByteArray ended(int code, const char *reason, const char *message = "")
{
    return workerState("Running", "{\"terminated\":{\"exitCode\":" + QByteArray::number(code) + ",\"reason\":\"" +
                                      reason + "\",\"message\":\"" + message + "\"}}");
}

QByteArray failed(const char *reason, const char *message)
{
    return QByteArray("{\"phase\":\"Failed\",\"reason\":\"") + reason + "\",\"message\":\"" + message + "\"}";
}

QByteArray disrupted(const char *phase, const char *reason, const char *message = "")
{
    return QByteArray("{\"phase\":\"") + phase +
           "\",\"conditions\":[{\"type\":\"DisruptionTarget\",\"status\":\"True\",\"reason\":\"" + reason +
           "\",\"message\":\"" + message + "\"}]," + runningBoth + '}';
}

} // namespace

class TestPodView : public QObject
{
    Q_OBJECT
private slots:
    void readsARunningPod()
    {
        const PodView pod = readPod(podWith(running()));
        QCOMPARE(pod.name, u"danube-1"_s);
        QCOMPARE(pod.uid, u"u-1"_s);
        QCOMPARE(pod.resourceVersion, u"7"_s);
        QCOMPARE(pod.phase, u"Running"_s);
        QVERIFY(!pod.pending && !pod.end && !pod.isDeleting);
        QCOMPARE(pod.containers.size(), 2);
        QCOMPARE(pod.find(u"worker"_s)->phase, ContainerView::Phase::Running);
        QCOMPARE(pod.find(u"worker"_s)->runVolume, u"run-worker"_s);
        QVERIFY(!endOf(pod, *pod.find(u"worker"_s)));
        QCOMPARE(pod.find(u"other"_s), nullptr);
    }

    void readsNothingFromNothing()
    {
        const PodView pod = readPod({});
        QVERIFY(pod.uid.isEmpty() && pod.containers.isEmpty() && !pod.end && !pod.pending);
    }

    void saysWhyThePodDoesNotRunYet_data()
    {
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<QString>("words");
        QTest::addColumn<bool>("isHopeless");
        const auto row = [](const char *name, const QByteArray &status, const QString &words, bool isHopeless = false) {
            QTest::newRow(name) << status << words << isHopeless;
        };
        row("new", R"({"phase":"Pending"})", u"waits for a node"_s);
        row("unschedulable",
            R"({"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable",)"
            R"("message":"0/3 nodes are available: 3 Insufficient cpu."}]})",
            u"no node can take the pod: 0/3 nodes are available: 3 Insufficient cpu."_s);
        row("gated",
            R"({"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}]})",
            u"scheduling gates"_s);
        row("creating", waiting("ContainerCreating", ""), u"prepares container worker (image debian:13)"_s);
        row("pull error", waiting("ErrImagePull", "manifest unknown"),
            u"image debian:13 cannot be pulled: manifest unknown"_s);
        row("pull back-off", waiting("ImagePullBackOff", "Back-off pulling image"), u"image debian:13"_s);
        row("never pull", waiting("ErrImageNeverPull", "…"), u"image debian:13 is not on the node"_s);
        row("bad name", waiting("InvalidImageName", "…"), u"no valid image name: correct"_s, true);
        row("root image",
            waiting("CreateContainerConfigError", "container has runAsNonRoot and image will run as root"),
            u"image debian:13 runs as root, which the cluster refuses"_s, true);
        row("no secret", waiting("CreateContainerConfigError", "secret not found"),
            u"container worker cannot be started yet (CreateContainerConfigError): secret not found"_s);
        row("agent's image",
            R"({"phase":"Pending","conditions":[{"type":"PodScheduled","status":"True"}],)"
            R"("initContainerStatuses":[{"name":"agent","state":{"waiting":)"
            R"({"reason":"ErrImagePull","message":"not found"}}}],"containerStatuses":[{"name":)"
            R"("worker","state":{"waiting":{"reason":"PodInitializing"}}}]})",
            u"image coordinator:1 cannot be pulled: not found"_s);
    }
    void saysWhyThePodDoesNotRunYet()
    {
        QFETCH(QByteArray, status);
        QFETCH(QString, words);
        const PodView pod = readPod(podWith(status));
        QVERIFY(pod.pending);
        QVERIFY2(pod.pending->sentence.contains(words), qPrintable(pod.pending->sentence));
        QTEST(pod.pending->isHopeless, "isHopeless");
        QVERIFY(!pod.end);
    }

    void saysHowTheWorkerEnded_data()
    {
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<bool>("isDeleting");
        QTest::addColumn<PodEndKind>("kind");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, const QByteArray &status, PodEndKind kind, const QString &words,
                            bool isDeleting = false) { QTest::newRow(name) << status << isDeleting << kind << words; };
        using enum PodEndKind;
        row("out of memory", ended(137, "OOMKilled"), OutOfMemory, u"worker ran out of memory (limit 64Mi)"_s);
        row("agent died", ended(1, "Error", "danube-agent: /proc is not mounted"), AgentDied,
            u"agent of container worker ended with code 1: danube-agent: /proc is not mounted"_s);
        row("agent killed", ended(137, "Error"), AgentDied, u"ended with code 137"_s);
        row("agent exited 0", ended(0, "Completed"), AgentDied, u"ended with code 0"_s);
        row("not started", ended(128, "StartError", "exec format error"), AgentDied,
            u"container worker could not be started: exec format error"_s);
        row("status unknown", ended(137, "ContainerStatusUnknown"), NodeLost, u"no longer knows container worker"_s);
        row("deleted", ended(137, "Error"), Deleted, u"the pod was deleted"_s, true);
        row("evicted", failed("Evicted", "The node was low on resource: memory."), Evicted,
            u"the pod was evicted: The node was low on resource: memory."_s);
        row("deadline", failed("DeadlineExceeded", "Pod was active on the node longer than the specified deadline"),
            DeadlineExceeded, u"longer than its deadline"_s);
        row("node lost", failed("NodeLost", ""), NodeLost, u"node was lost"_s);
        row("node shut down", failed("Terminated", "Pod was terminated in response to imminent node shutdown."),
            Evicted, u"node was shut down"_s);
        row("refused", failed("OutOfcpu", "Node didn't have enough resource: cpu"), Refused,
            u"the node node-1 refused the pod: Node didn't have enough resource"_s);
        row("drained", disrupted("Failed", "EvictionByEvictionAPI"), Evicted, u"empty its node node-1"_s);
        row("preempted", disrupted("Failed", "PreemptionByScheduler"), Preempted, u"higher priority"_s);
        row("tainted", disrupted("Failed", "DeletionByTaintManager", "Taint manager: deleting due to NoExecute"),
            NodeLost, u"node node-1 was lost"_s);
        row("garbage collected", disrupted("Failed", "DeletionByPodGC"), NodeLost, u"was lost"_s);
        row("node pressure", disrupted("Failed", "TerminationByKubelet", "low on memory"), Evicted,
            u"evicted: low on memory"_s);
        row("no agent",
            R"({"phase":"Failed","initContainerStatuses":[{"name":"agent","state":{"terminated":)"
            R"({"exitCode":1,"reason":"Error","message":"write: No space left on device"}}}]})",
            SetupFailed, u"could not be brought into the pod (exit code 1): write: No space left on device"_s);
    }
    void saysHowTheWorkerEnded()
    {
        QFETCH(QByteArray, status);
        QFETCH(bool, isDeleting);
        QFETCH(QString, words);
        const PodView pod = readPod(podWith(status, isDeleting));
        const auto end = endOf(pod, *pod.find(u"worker"_s));
        QVERIFY(end);
        QTEST(end->kind, "kind");
        QVERIFY2(end->sentence.contains(words), qPrintable(end->sentence));
    }

    // One container's end says nothing of the others.
    void keepsTheCoordinatorAlive()
    {
        const PodView pod = readPod(podWith(ended(137, "OOMKilled")));
        QVERIFY(!endOf(pod, *pod.find(u"coordinator"_s)));
    }

    // Asked to go is not gone: the agent may still tell how its steps ended.
    void waitsForAPodThatIsBeingDeleted()
    {
        const PodView pod = readPod(podWith(disrupted("Running", "DeletionByTaintManager"), true));
        QVERIFY(pod.isDeleting);
        QVERIFY(!endOf(pod, *pod.find(u"worker"_s)));
        QCOMPARE(endOfRemoved(pod).kind, PodEndKind::NodeLost);
        const QByteArray lost = running().replace("{\"phase\"", "{\"reason\":\"NodeLost\",\"phase\"");
        QVERIFY(!endOf(readPod(podWith(lost)), *readPod(podWith(lost)).find(u"worker"_s)));
        QCOMPARE(endOfRemoved(readPod(podWith(lost))).kind, PodEndKind::NodeLost);
        QCOMPARE(endOfRemoved(readPod(podWith(running(), true))).kind, PodEndKind::Deleted);
        QCOMPARE(endOfRemoved(readPod(podWith(failed("Evicted", "x")))).kind, PodEndKind::Evicted);
    }

    void readsContainersAddedLater()
    {
        QJsonObject pod = podWith(running());
        QJsonObject spec = pod["spec"_L1].toObject();
        spec.insert(u"ephemeralContainers"_s,
                    parse(R"({"a":[{"name":"image-1","image":"node:22","volumeMounts":)"
                          R"([{"name":"run-spare-0","mountPath":"/danube/run"}]}]})")["a"_L1]);
        pod.insert(u"spec"_s, spec);
        QJsonObject metadata = pod["metadata"_L1].toObject();
        metadata.insert(u"annotations"_s, QJsonObject{{u"danube.dev/keyed-image-1"_s, u"true"_s}});
        pod.insert(u"metadata"_s, metadata);
        QJsonObject status = pod["status"_L1].toObject();
        status.insert(u"ephemeralContainerStatuses"_s,
                      parse(R"({"a":[{"name":"image-1","state":{"waiting":{"reason":"ErrImagePull"}}}]})")["a"_L1]);
        pod.insert(u"status"_s, status);

        const PodView view = readPod(pod);
        QVERIFY(!view.pending); // it holds up nobody else
        const ContainerView *added = view.find(u"image-1"_s);
        QVERIFY(added && added->isEphemeral && added->isKeyed);
        QCOMPARE(added->runVolume, u"run-spare-0"_s);
        QVERIFY(pendingOf(*added)->sentence.contains("node:22"_L1));
        QVERIFY(!view.find(u"worker"_s)->isKeyed);
    }

    void cutsLongMessages()
    {
        const PodView pod = readPod(podWith(failed("Evicted", QByteArray(10'000, 'x').constData())));
        QVERIFY(pod.end->sentence.size() < 500);
    }
};

QTEST_APPLESS_MAIN(TestPodView)
#include "tst_podview.moc"
