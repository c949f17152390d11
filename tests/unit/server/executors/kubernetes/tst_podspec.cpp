// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/kubernetes/podnames.h"
#include "server/executors/kubernetes/podspec.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace danube;
using namespace danube::kubernetes;
using namespace Qt::StringLiterals;

namespace {

KubernetesSettings plainSettings()
{
    KubernetesSettings settings;
    settings.coordinatorImage = u"registry.danube-system:5000/danube/coordinator:1"_s;
    settings.imagePrefixes = {u"registry.example.org/team/"_s};
    settings.maxEphemeralImages = 1;
    return settings;
}

jobs::JobLaunch plainLaunch()
{
    jobs::JobLaunch launch;
    launch.job.id = JobId(u"0abc123def456789"_s);
    launch.job.pipeline = u"web"_s;
    launch.pipeline.name = u"web"_s;
    launch.pipeline.image = u"debian:13"_s;
    launch.token = Secret("0abc123def456789.token");
    launch.rpcUrl = u"http://danube-master:9000"_s;
    return launch;
}

QJsonObject podOf(const jobs::JobLaunch &launch, const KubernetesSettings &settings = plainSettings())
{
    return makePod(launch, settings).value_or(QJsonObject());
}

QJsonObject containerOf(const QJsonObject &pod, const QString &name)
{
    for (const QJsonValue &container : pod["spec"_L1]["containers"_L1].toArray()) {
        if (container["name"_L1].toString() == name)
            return container.toObject();
    }
    return {};
}

QStringList mountsOf(const QJsonObject &container)
{
    QStringList mounts;
    for (const QJsonValue &mounted : container["volumeMounts"_L1].toArray())
        mounts.append(mounted["name"_L1].toString() + u':' + mounted["mountPath"_L1].toString());
    return mounts;
}

} // namespace

class TestPodSpec : public QObject
{
    Q_OBJECT
private slots:
    // The whole pod of a plain pipeline: what reviewers and operators look at.
    void makesThePodOfTheGoldenFile()
    {
        QFile file(QStringLiteral(DANUBE_SOURCE_DIR "/tests/unit/server/executors/kubernetes/golden/pod.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray made = QJsonDocument(podOf(plainLaunch())).toJson();
        const QByteArray expected = file.readAll();
        if (made != expected)
            qInfo().noquote() << made;
        QVERIFY(made == expected);
    }

    void makesTheSameTwice() { QCOMPARE(podOf(plainLaunch()), podOf(plainLaunch())); }

    void givesTheTokenToTheCoordinatorAlone()
    {
        const QJsonObject pod = podOf(plainLaunch());
        QVERIFY(mountsOf(containerOf(pod, u"coordinator"_s)).contains(u"token:/danube/token"_s));
        QVERIFY(mountsOf(containerOf(pod, u"coordinator"_s)).contains(u"private:/danube/private"_s));
        for (const QString &mounted : mountsOf(containerOf(pod, u"worker"_s)))
            QVERIFY(!mounted.startsWith("token:"_L1) && !mounted.startsWith("private:"_L1));
        QVERIFY(!QJsonDocument(pod).toJson().contains(plainLaunch().token.reveal().toBase64()));
    }

    void putsTheTokenIntoTheSecret()
    {
        const QJsonObject secret = makeSecret(plainLaunch(), plainSettings());
        QCOMPARE(secret["metadata"_L1]["name"_L1].toString(), u"danube-0abc123def456789-token"_s);
        QCOMPARE(QByteArray::fromBase64(secret["data"_L1]["token"_L1].toString().toLatin1()),
                 plainLaunch().token.reveal());
        QCOMPARE(secret["immutable"_L1].toBool(), true);
        QCOMPARE(jobOf(secret, u"danube"_s), plainLaunch().job.id);
    }

    // A step that could reach another container's agent directory could stand in for that agent.
    void sharesNoAgentDirectory()
    {
        jobs::JobLaunch launch = plainLaunch();
        launch.pipeline.images = {u"node:22"_s, u"debian:13"_s};
        const QJsonObject pod = podOf(launch);
        QStringList volumes;
        for (const QJsonValue &container : pod["spec"_L1]["containers"_L1].toArray()) {
            for (const QString &mounted : mountsOf(container.toObject())) {
                if (mounted.endsWith(":/danube/run"_L1))
                    volumes.append(mounted);
            }
        }
        QCOMPARE(volumes, (QStringList{u"run-coordinator:/danube/run"_s, u"run-worker:/danube/run"_s,
                                       u"run-worker-2:/danube/run"_s}));
    }

    void makesAWorkerOfEachDeclaredImage()
    {
        jobs::JobLaunch launch = plainLaunch();
        launch.pipeline.images = {u"node:22"_s, u"debian:13"_s};
        QCOMPARE(*declaredWorkers(launch.pipeline, plainSettings()),
                 (QList<WorkerContainer>{{u"worker"_s, u"debian:13"_s}, {u"worker-2"_s, u"node:22"_s}}));
        launch.pipeline = {};
        QCOMPARE(declaredWorkers(launch.pipeline, plainSettings())->first().image, plainSettings().coordinatorImage);
        KubernetesSettings settings = plainSettings();
        settings.defaultWorkerImage = u"alpine:3"_s;
        QCOMPARE(declaredWorkers(launch.pipeline, settings)->first().image, u"alpine:3"_s);
    }

    void refusesWhatLiesAboveTheCeiling_data()
    {
        QTest::addColumn<WorkerSecurity>("asked");
        QTest::addColumn<SecurityCeiling>("ceiling");
        QTest::addColumn<QStringList>("words"); // empty: allowed
        const SecurityCeiling low{.allowRoot = false, .allowWritableRoot = false, .capabilities = {u"CHOWN"_s}};
        const SecurityCeiling high{.allowRoot = true, .allowWritableRoot = true, .capabilities = {u"CHOWN"_s}};
        QTest::newRow("root") << WorkerSecurity{true, false, {}} << low
                              << QStringList{u"web"_s, u"worker.security.run_as_root"_s, u"kubernetes.allow_root"_s};
        QTest::newRow("root allowed") << WorkerSecurity{true, false, {}} << high << QStringList();
        QTest::newRow("writable") << WorkerSecurity{false, true, {}} << low
                                  << QStringList{u"/workspace"_s, u"kubernetes.allow_writable_root"_s};
        QTest::newRow("writable allowed") << WorkerSecurity{false, true, {}} << high << QStringList();
        QTest::newRow("capability") << WorkerSecurity{false, false, {u"CHOWN"_s, u"SYS_ADMIN"_s}} << high
                                    << QStringList{u"SYS_ADMIN"_s, u"kubernetes.capabilities"_s};
        QTest::newRow("capability allowed") << WorkerSecurity{false, false, {u"CHOWN"_s}} << low << QStringList();
    }
    void refusesWhatLiesAboveTheCeiling()
    {
        QFETCH(WorkerSecurity, asked);
        QFETCH(SecurityCeiling, ceiling);
        QFETCH(QStringList, words);
        jobs::JobLaunch launch = plainLaunch();
        launch.pipeline.security = asked;
        KubernetesSettings settings = plainSettings();
        settings.ceiling = ceiling;
        const auto pod = makePod(launch, settings);
        QCOMPARE(pod.has_value(), words.isEmpty());
        QCOMPARE(ephemeralPatch(u"x:1"_s, 0, launch.pipeline, settings).has_value(), words.isEmpty());
        for (const QString &word : std::as_const(words))
            QVERIFY2(pod.error().message.contains(word), qPrintable(pod.error().message));
        if (pod) {
            const QJsonObject security = containerOf(*pod, u"worker"_s)["securityContext"_L1].toObject();
            QCOMPARE(security["runAsNonRoot"_L1].toBool(), !asked.runAsRoot);
            QCOMPARE(security["runAsUser"_L1].toInt(), asked.runAsRoot ? 0 : 1000);
            QCOMPARE(security["readOnlyRootFilesystem"_L1].toBool(), !asked.writableRoot);
            QCOMPARE(security["capabilities"_L1]["drop"_L1].toArray(), QJsonArray{u"ALL"_s});
            QCOMPARE(security["capabilities"_L1]["add"_L1].toArray(),
                     QJsonArray::fromStringList(asked.addCapabilities));
            // The coordinator never gets more.
            QCOMPARE(containerOf(*pod, u"coordinator"_s)["securityContext"_L1]["runAsUser"_L1].toInt(), 1000);
        }
    }

    void refusesWhatIsNoImage_data()
    {
        QTest::addColumn<QString>("image");
        QTest::newRow("blank") << u"a b"_s;
        QTest::newRow("option") << u"-x"_s;
        QTest::newRow("up") << u"a/../b"_s;
        QTest::newRow("quote") << u"a\"b"_s;
        QTest::newRow("long") << QString(256, u'a');
    }
    void refusesWhatIsNoImage()
    {
        QFETCH(QString, image);
        jobs::JobLaunch launch = plainLaunch();
        launch.pipeline.images = {image};
        QVERIFY(!makePod(launch, plainSettings()));
    }

    void refusesTooManyImages()
    {
        jobs::JobLaunch launch = plainLaunch();
        for (int i = 0; i < 10; ++i)
            launch.pipeline.images.append(u"image:%1"_s.arg(i));
        QVERIFY(makePod(launch, plainSettings()).error().message.contains("at most 10"_L1));
    }

    void refusesAnIdThatNamesNoPod_data()
    {
        QTest::addColumn<QString>("id");
        QTest::newRow("empty") << QString();
        QTest::newRow("dash at the end") << u"abc-"_s;
        QTest::newRow("upper case") << u"Abc"_s;
        QTest::newRow("long") << QString(49, u'a');
    }
    void refusesAnIdThatNamesNoPod()
    {
        QFETCH(QString, id);
        jobs::JobLaunch launch = plainLaunch();
        launch.job.id = JobId(id);
        QVERIFY(!makePod(launch, plainSettings()));
    }

    void obeysThePipelinesResources()
    {
        jobs::JobLaunch launch = plainLaunch();
        launch.pipeline.resources = {
            .cpuRequest = u"2"_s, .memoryRequest = {}, .cpuLimit = {}, .memoryLimit = u"64Mi"_s};
        const QJsonObject pod = podOf(launch);
        const QJsonObject resources = containerOf(pod, u"worker"_s)["resources"_L1].toObject();
        QCOMPARE(resources["requests"_L1].toObject(), (QJsonObject{{u"cpu"_s, u"2"_s}}));
        QCOMPARE(resources["limits"_L1].toObject(), (QJsonObject{{u"memory"_s, u"64Mi"_s}}));
        QCOMPARE(containerOf(pod, u"coordinator"_s)["resources"_L1]["requests"_L1]["memory"_L1].toString(), u"128Mi"_s);
    }

    void cutsLabelsToTheirLimit()
    {
        QCOMPARE(labelValue(u"web"_s), u"web"_s);
        QCOMPARE(labelValue(u"web-"_s), u"web"_s);
        QCOMPARE(labelValue(QString(62, u'a') + u"--b"_s), QString(62, u'a'));
        QCOMPARE(labelValue(u"---"_s), QString());
    }

    void knowsItsOwnObjectsOnly()
    {
        const QJsonObject pod = podOf(plainLaunch());
        QCOMPARE(jobOf(pod, u"danube"_s), plainLaunch().job.id);
        QVERIFY(!jobOf(pod, u"other"_s));
        QVERIFY(!jobOf({}, u"danube"_s));
    }

    void addsAContainerForAnotherImage()
    {
        const auto patch =
            ephemeralPatch(u"registry.example.org/team/tool:2"_s, 3, plainLaunch().pipeline, plainSettings());
        QVERIFY(patch);
        const QJsonObject container = (*patch)["spec"_L1]["ephemeralContainers"_L1][0].toObject();
        QCOMPARE(container["name"_L1].toString(), ephemeralContainer(u"registry.example.org/team/tool:2"_s));
        QVERIFY(mountsOf(container).contains(u"run-spare-3:/danube/run"_s));
        QVERIFY(!container.contains("resources"_L1)); // not allowed there
        for (const QJsonValue &mounted : container["volumeMounts"_L1].toArray())
            QVERIFY(!mounted.toObject().contains("subPath"_L1)); // neither
        QCOMPARE(container["securityContext"_L1], containerOf(podOf(plainLaunch()), u"worker"_s)["securityContext"_L1]);
    }

    void allowsImagesByPrefix_data()
    {
        QTest::addColumn<QString>("image");
        QTest::addColumn<bool>("isAllowed");
        QTest::newRow("below") << u"registry.example.org/team/x:1"_s << true;
        QTest::newRow("exact") << u"busybox"_s << true;
        QTest::newRow("tag") << u"busybox:1"_s << true;
        QTest::newRow("digest") << u"busybox@sha256:0"_s << true;
        QTest::newRow("neighbour") << u"busyboxer:1"_s << false;
        QTest::newRow("other team") << u"registry.example.org/teamster/x"_s << false;
        QTest::newRow("other host") << u"evil.example.org/registry.example.org/team/x"_s << false;
        QTest::newRow("empty") << QString() << false;
    }
    void allowsImagesByPrefix()
    {
        QFETCH(QString, image);
        QTEST(isAllowedImage(image, {u"registry.example.org/team"_s, u"busybox"_s, QString()}), "isAllowed");
    }

    void saysWhyAnImageMayNotCome_data()
    {
        QTest::addColumn<QString>("image");
        QTest::addColumn<QStringList>("prefixes");
        QTest::addColumn<int>("used");
        QTest::addColumn<QString>("words"); // empty: it may
        QTest::newRow("allowed") << u"ok/x:1"_s << QStringList{u"ok/"_s} << 0 << QString();
        QTest::newRow("none allowed") << u"ok/x:1"_s << QStringList() << 0 << u"add it to worker.images"_s;
        QTest::newRow("elsewhere") << u"bad/x:1"_s << QStringList{u"ok/"_s} << 0 << u"kubernetes.image_prefixes"_s;
        QTest::newRow("no reference") << u"ok/ x"_s << QStringList{u"ok/"_s} << 0 << u"is no image reference"_s;
        QTest::newRow("too many") << u"ok/x:1"_s << QStringList{u"ok/"_s} << 1 << u"uses 1 images already"_s;
    }
    void saysWhyAnImageMayNotCome()
    {
        QFETCH(QString, image);
        QFETCH(QStringList, prefixes);
        QFETCH(int, used);
        QFETCH(QString, words);
        KubernetesSettings settings = plainSettings();
        settings.imagePrefixes = prefixes;
        const auto checked = checkUndeclared(image, used, plainLaunch().pipeline, settings);
        QCOMPARE(checked.has_value(), words.isEmpty());
        if (!checked)
            QVERIFY2(checked.error().message.contains(words), qPrintable(checked.error().message));
    }

    void keepsStepsInTheWorkspace_data()
    {
        QTest::addColumn<QString>("wanted");
        QTest::addColumn<QString>("used");
        QTest::newRow("none") << QString() << u"/workspace"_s;
        QTest::newRow("relative") << u"a/b"_s << u"/workspace/a/b"_s;
        QTest::newRow("absolute") << u"/workspace/a"_s << u"/workspace/a"_s;
        QTest::newRow("up") << u"../etc"_s << u"/workspace"_s;
        QTest::newRow("lookalike") << u"/workspacex"_s << u"/workspace/workspacex"_s;
    }
    void keepsStepsInTheWorkspace()
    {
        QFETCH(QString, wanted);
        jobs::StepLaunch step;
        step.argv = {u"true"_s};
        step.workingDirectory = wanted;
        QTEST(stepSpec(step, plainSettings())->workingDirectory, "used");
        step.argv.clear();
        QVERIFY(!stepSpec(step, plainSettings()));
    }

    void namesTheTokenFileNeverTheToken()
    {
        const link::StepSpec spec = coordinatorSpec(plainLaunch(), plainSettings());
        QCOMPARE(spec.argv, QStringList{u"/usr/bin/danube-coordinator"_s});
        QVERIFY(spec.environment.contains({u"DANUBE_TOKEN_FILE"_s, u"/danube/token/token"_s}));
        for (const auto &[name, value] : spec.environment)
            QVERIFY(!value.contains(QString::fromLatin1(plainLaunch().token.reveal())));
    }
};

QTEST_APPLESS_MAIN(TestPodSpec)
#include "tst_podspec.moc"
