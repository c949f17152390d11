// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/model/pipeline.h"

#include <QJsonDocument>
#include <QTest>

using namespace danube;
using namespace Qt::StringLiterals;

namespace {

constexpr auto fullDocument =
    R"({"apiVersion":"danube.dev/v1","kind":"Pipeline","metadata":{"name":"web-1","description":"the site"},"spec":{)"
    R"("repository":"https://git.example.org/web.git","branch_filter":"release-?","script":"ci/danubefile.py",)"
    R"("max_duration_seconds":604800,"secrets":["A","B"],"concurrency":2,"priority":-1000,)"
    R"("worker":{"image":"debian:13","images":["node:22"]},"unknown":1}})";

QJsonObject documentOf(const char *json)
{
    return QJsonDocument::fromJson(json).object();
}

/// The full document with one member replaced; undefined removes it.
QJsonObject changed(const QStringList &path, const QJsonValue &value)
{
    const auto replace = [&value](this const auto &self, QJsonObject object, QStringList rest) -> QJsonObject {
        const QString key = rest.takeFirst();
        if (!rest.isEmpty())
            object.insert(key, self(object.value(key).toObject(), rest));
        else if (value.isUndefined())
            object.remove(key);
        else
            object.insert(key, value);
        return object;
    };
    return replace(documentOf(fullDocument), path);
}

} // namespace

class TestPipeline : public QObject
{
    Q_OBJECT
private slots:
    void readsADocument()
    {
        const auto pipeline = pipelineFromDocument(documentOf(fullDocument));
        QVERIFY(pipeline);
        const Pipeline expected{u"web-1"_s,
                                u"the site"_s,
                                u"https://git.example.org/web.git"_s,
                                u"release-?"_s,
                                u"ci/danubefile.py"_s,
                                seconds(604800),
                                u"debian:13"_s,
                                {u"node:22"_s},
                                {u"A"_s, u"B"_s},
                                2,
                                -1000};
        QCOMPARE(*pipeline, expected);
    }

    void fillsInDefaults()
    {
        const auto pipeline = pipelineFromDocument(documentOf(
            R"({"apiVersion":"danube.dev/v1","kind":"Pipeline","metadata":{"name":"x"},"spec":{"repository":"r"}})"));
        QVERIFY(pipeline);
        QCOMPARE(*pipeline, (Pipeline{u"x"_s, {}, u"r"_s, {}, u"danubefile.py"_s, seconds(3600), {}, {}, {}, 0, 0}));
    }

    void namesTheWrongField_data()
    {
        QTest::addColumn<QStringList>("path");
        QTest::addColumn<QJsonValue>("value");
        QTest::addColumn<QString>("error");
        const auto row = [](const char *path, const QJsonValue &value, const QString &error) {
            QTest::newRow(qPrintable(QString::fromLatin1(path) + u' ' + error))
                << QString::fromLatin1(path).split(u'.') << value << error;
        };
        row("apiVersion", u"danube.dev/v2"_s, u"apiVersion: expected \"danube.dev/v1\", got \"danube.dev/v2\""_s);
        row("kind", u"Team"_s, u"kind: expected \"Pipeline\", got \"Team\""_s);
        row("kind", QJsonValue::Undefined, u"kind: expected a non-empty string, got nothing"_s);
        row("metadata", QJsonValue::Undefined, u"metadata: expected an object, got nothing"_s);
        row("spec", QJsonValue::Undefined, u"spec: expected an object, got nothing"_s);
        row("spec", 1, u"spec: expected an object, got 1"_s);
        row("metadata.name", u"Web"_s, u"metadata.name: expected 1 to 64 characters of a-z, 0-9 and -, got \"Web\""_s);
        row("metadata.name", QJsonValue::Undefined, u"metadata.name: expected a non-empty string, got nothing"_s);
        row("metadata.description", 1, u"metadata.description: expected a string, got 1"_s);
        row("spec.repository", QJsonValue::Undefined, u"spec.repository: expected a non-empty string, got nothing"_s);
        row("spec.script", u"/etc/x"_s, u"spec.script: expected a path inside the repository, got \"/etc/x\""_s);
        row("spec.script", u"a/../../x"_s, u"spec.script: expected a path inside the repository, got \"a/../../x\""_s);
        row("spec.script", QString(u"a"_s + QChar(0)),
            u"spec.script: expected a path inside the repository, got \"a"_s + QChar(0) + u"\""_s);
        row("spec.max_duration_seconds", 0,
            u"spec.max_duration_seconds: expected a whole number from 1 to 604800, got 0"_s);
        row("spec.max_duration_seconds", 604801,
            u"spec.max_duration_seconds: expected a whole number from 1 to 604800, got 604801"_s);
        row("spec.concurrency", -1, u"spec.concurrency: expected a whole number from 0 to 100000, got -1"_s);
        row("spec.concurrency", 100001, u"spec.concurrency: expected a whole number from 0 to 100000, got 100001"_s);
        row("spec.priority", 1001, u"spec.priority: expected a whole number from -1000 to 1000, got 1001"_s);
        row("spec.priority", -1001, u"spec.priority: expected a whole number from -1000 to 1000, got -1001"_s);
        row("spec.secrets", u"A"_s, u"spec.secrets: expected an array, got \"A\""_s);
        row("spec.worker", 1, u"spec.worker: expected an object, got 1"_s);
        row("spec.worker.image", 1, u"spec.worker.image: expected a string, got 1"_s);
        row("spec.worker.images", 1, u"spec.worker.images: expected an array, got 1"_s);
        row("spec.worker.resources", 1, u"spec.worker.resources: expected an object, got 1"_s);
        row("spec.worker.resources", QJsonObject{{u"limits"_s, QJsonObject{{u"cpu"_s, u"many"_s}}}},
            u"spec.worker.resources.limits.cpu: expected a quantity such as \"500m\" or \"2Gi\", got \"many\""_s);
        row("spec.worker.resources", QJsonObject{{u"limits"_s, QJsonObject{{u"cpu"_s, u"2\n"_s}}}},
            u"spec.worker.resources.limits.cpu: expected a quantity such as \"500m\" or \"2Gi\", got \"2\n\""_s);
        row("spec.worker.security", QJsonObject{{u"add_capabilities"_s, QJsonArray{u"NET_RAW\n"_s}}},
            u"spec.worker.security.add_capabilities: expected names such as \"NET_BIND_SERVICE\", got an array"_s);
        row("spec.worker.security", QJsonObject{{u"run_as_root"_s, 1}},
            u"spec.worker.security.run_as_root: expected true or false, got 1"_s);
        row("spec.worker.security", QJsonObject{{u"add_capabilities"_s, QJsonArray{u"net"_s}}},
            u"spec.worker.security.add_capabilities: expected names such as \"NET_BIND_SERVICE\", got an array"_s);
    }
    void namesTheWrongField()
    {
        QFETCH(QStringList, path);
        QFETCH(QJsonValue, value);
        QFETCH(QString, error);
        const auto pipeline = pipelineFromDocument(changed(path, value));
        QVERIFY(!pipeline);
        QCOMPARE(pipeline.error(), (Error{ErrorCode::InvalidArgument, error}));
    }

    void takesTheEndsOfEveryRange()
    {
        QCOMPARE(pipelineFromDocument(changed({u"spec"_s, u"max_duration_seconds"_s}, 1))->maxDuration, seconds(1));
        QCOMPARE(pipelineFromDocument(changed({u"spec"_s, u"concurrency"_s}, 0))->maxConcurrent, 0);
        QCOMPARE(pipelineFromDocument(changed({u"spec"_s, u"concurrency"_s}, 100000))->maxConcurrent, 100000);
        QCOMPARE(pipelineFromDocument(changed({u"spec"_s, u"priority"_s}, 1000))->priority, 1000);
        QCOMPARE(pipelineFromDocument(changed({u"spec"_s, u"script"_s}, u"a..b/x"_s))->script, u"a..b/x"_s);
    }

    void readsWhatWorkersNeed()
    {
        QJsonObject worker = documentOf(fullDocument).value("spec"_L1).toObject().value("worker"_L1).toObject();
        worker.insert(u"resources"_s, documentOf(R"({"requests":{"cpu":"500m","memory":"1Gi"},"limits":{"cpu":"2"}})"));
        worker.insert(u"security"_s, documentOf(R"({"run_as_root":true,"add_capabilities":["CHOWN"]})"));
        const auto pipeline = pipelineFromDocument(changed({u"spec"_s, u"worker"_s}, worker));
        QVERIFY(pipeline);
        QCOMPARE(pipeline->resources, (WorkerResources{u"500m"_s, u"1Gi"_s, u"2"_s, {}}));
        QCOMPARE(pipeline->security, (WorkerSecurity{true, false, {u"CHOWN"_s}}));
        QCOMPARE(pipelineFromJson(toJson(*pipeline)), *pipeline);
    }

    void goesToItsWireFormAndBack()
    {
        const Pipeline pipeline = pipelineFromDocument(documentOf(fullDocument)).value();
        const QByteArray expected =
            R"({"branch_filter":"release-?","concurrency":2,"description":"the site","image":"debian:13",)"
            R"("images":["node:22"],"max_duration_seconds":604800,"name":"web-1","priority":-1000,)"
            R"("repository":"https://git.example.org/web.git","script":"ci/danubefile.py","secrets":["A","B"]})";
        QCOMPARE(QJsonDocument(toJson(pipeline)).toJson(QJsonDocument::Compact), expected);
        QCOMPARE(pipelineFromJson(toJson(pipeline)), pipeline);
        QCOMPARE(pipelineFromJson({}), Pipeline());
    }
};

QTEST_APPLESS_MAIN(TestPipeline)
#include "tst_pipeline.moc"
