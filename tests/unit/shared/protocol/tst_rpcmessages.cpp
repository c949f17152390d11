// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/rpcmessages.h"

#include <QJsonDocument>
#include <QSet>
#include <QTest>

using namespace danube;
using namespace danube::protocol;
using namespace Qt::StringLiterals;

namespace {

QJsonObject objectOf(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object();
}
QByteArray textOf(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// The Danube document's own request.
const QByteArray smallRequest = R"({"job_id":"j1","step_name":"build","command":"npm ci"})";

const QByteArray fullRequest =
    R"({"job_id":"j1","step_name":"build","command":["make","-j 2",""],"image":"debian:13","env":{"A":"1","B":""},)"
    R"("timeout_seconds":60,"working_dir":"/workspace/sub","capture_output":true,"request_id":"r 1"})";

RunStepRequest fullStruct()
{
    RunStepRequest request;
    request.job = JobId(u"j1"_s);
    request.stepName = u"build"_s;
    request.command = QStringList{u"make"_s, u"-j 2"_s, QString()};
    request.image = u"debian:13"_s;
    request.env = {{u"A"_s, u"1"_s}, {u"B"_s, QString()}};
    request.timeout = seconds(60);
    request.workingDirectory = u"/workspace/sub"_s;
    request.captureOutput = true;
    request.request = RequestId(u"r 1"_s);
    return request;
}

QJsonObject with(const QByteArray &json, const QString &key, const QJsonValue &value)
{
    QJsonObject object = objectOf(json);
    object.insert(key, value);
    return object;
}

} // namespace

class TestRpcMessages : public QObject
{
    Q_OBJECT
private slots:
    void readsTheDocumentsRequest()
    {
        const auto request = runStepFromJson(objectOf(smallRequest));
        QVERIFY(request);
        QCOMPARE(request->job, JobId(u"j1"_s));
        QCOMPARE(request->stepName, u"build"_s);
        QCOMPARE(std::get<QString>(request->command), u"npm ci"_s);
        QVERIFY(request->image.isEmpty() && request->env.isEmpty() && !request->timeout);
        QVERIFY(request->workingDirectory.isEmpty() && !request->captureOutput && request->request.isEmpty());
    }

    void readsAndWritesEveryField()
    {
        const auto request = runStepFromJson(objectOf(fullRequest));
        QVERIFY(request);
        const RunStepRequest expected = fullStruct();
        QCOMPARE(request->job, expected.job);
        QCOMPARE(request->stepName, expected.stepName);
        QCOMPARE(std::get<QStringList>(request->command), std::get<QStringList>(expected.command));
        QCOMPARE(request->image, expected.image);
        QCOMPARE(request->env, expected.env);
        QCOMPARE(request->timeout, expected.timeout);
        QCOMPARE(request->workingDirectory, expected.workingDirectory);
        QCOMPARE(request->captureOutput, expected.captureOutput);
        QCOMPARE(request->request, expected.request);
        QCOMPARE(toJson(expected), objectOf(fullRequest));
        QCOMPARE(toJson(*runStepFromJson(objectOf(smallRequest))), objectOf(smallRequest));
    }

    void nullIsAbsent()
    {
        QJsonObject object = objectOf(smallRequest);
        for (const auto key :
             {"image"_L1, "env"_L1, "timeout_seconds"_L1, "working_dir"_L1, "capture_output"_L1, "request_id"_L1})
            object.insert(key, QJsonValue::Null);
        const auto request = runStepFromJson(object);
        QVERIFY(request);
        QCOMPARE(toJson(*request), objectOf(smallRequest));
    }

    void namesTheWrongField_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QJsonValue>("value");
        const auto row = [](const char *name, const char *key, const QJsonValue &value) {
            QTest::newRow(name) << QString::fromLatin1(key) << value;
        };
        const QString nul(QChar(0));
        row("job missing", "job_id", QJsonValue::Null);
        row("job empty", "job_id", QString());
        row("job with control", "job_id", u"a\n"_s);
        row("job too long", "job_id", QString(4097, u'x'));
        row("name missing", "step_name", QJsonValue::Null);
        row("name blank", "step_name", u" \n "_s);
        row("name with NUL", "step_name", QString(u"a"_s + nul));
        row("name with DEL", "step_name", u"a\x7f"_s);
        row("name too long", "step_name", QString(4097, u'x'));
        row("command missing", "command", QJsonValue::Null);
        row("command a number", "command", 1);
        row("command blank", "command", u"  "_s);
        row("command with NUL", "command", QString(u"a"_s + nul));
        row("command too long", "command", QString((1 << 20) + 1, u'x'));
        row("argv empty", "command", QJsonArray());
        row("argv without program", "command", QJsonArray{QString()});
        row("argv of numbers", "command", (QJsonArray{u"a"_s, 1}));
        row("argv with NUL", "command", (QJsonArray{u"a"_s, nul}));
        row("argv too long", "command", (QJsonArray{u"a"_s, QString((1 << 20) - 2, u'x')}));
        row("image with control", "image", u"a\tb"_s);
        row("image a number", "image", 1);
        row("env an array", "env", QJsonArray());
        row("env of numbers", "env", (QJsonObject{{u"A"_s, 1}}));
        row("env without name", "env", (QJsonObject{{QString(), u"1"_s}}));
        row("env name with =", "env", (QJsonObject{{u"A=B"_s, u"1"_s}}));
        row("env name with NUL", "env", (QJsonObject{{u"A"_s + nul, u"1"_s}}));
        row("env name too long", "env", (QJsonObject{{QString(4097, u'x'), u"1"_s}}));
        row("env value with NUL", "env", (QJsonObject{{u"A"_s, nul}}));
        row("env value too long", "env", (QJsonObject{{u"A"_s, QString((128 << 10) + 1, u'x')}}));
        row("timeout zero", "timeout_seconds", 0);
        row("timeout eight days", "timeout_seconds", 7 * 86400 + 1);
        row("timeout a fraction", "timeout_seconds", 1.5);
        row("directory above", "working_dir", u"/workspace/.."_s);
        row("directory aside", "working_dir", u"/workspaces"_s);
        row("directory absolute", "working_dir", u"/etc"_s);
        row("directory escapes", "working_dir", u"../x"_s);
        row("directory with control", "working_dir", u"a\nb"_s);
        row("capture a string", "capture_output", u"yes"_s);
        row("request id empty", "request_id", QString());
        row("request id too long", "request_id", QString(129, u'r'));
        row("request id not ASCII", "request_id", u"ü"_s);
        row("request id with control", "request_id", u"a\x1f"_s);
        row("request id with DEL", "request_id", u"a\x7f"_s);
    }
    void namesTheWrongField()
    {
        QFETCH(QString, key);
        QFETCH(QJsonValue, value);
        const auto request = runStepFromJson(with(smallRequest, key, value));
        QVERIFY(!request);
        QCOMPARE(request.error().code, ErrorCode::InvalidArgument);
        QVERIFY2(request.error().message.startsWith(key + u": expected "_s), qPrintable(request.error().message));
    }

    void takesWhatIsJustAllowed_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QJsonValue>("value");
        const auto row = [](const char *name, const char *key, const QJsonValue &value) {
            QTest::newRow(name) << QString::fromLatin1(key) << value;
        };
        row("job", "job_id", QString(4096, u'x'));
        row("name", "step_name", QString(4096, u'x'));
        row("command", "command", QString(1 << 20, u'x'));
        row("argv", "command", (QJsonArray{u"a"_s, QString((1 << 20) - 3, u'x')}));
        row("env name", "env", (QJsonObject{{QString(4096, u'x'), u"1"_s}}));
        row("env value", "env", (QJsonObject{{u"A"_s, QString(128 << 10, u'x')}}));
        row("env value with anything", "env", (QJsonObject{{u"A"_s, u"a\n=\x1b"_s}}));
        row("shortest timeout", "timeout_seconds", 1);
        row("longest timeout", "timeout_seconds", 7 * 86400);
        row("request id", "request_id", QString(128, u'~'));
        row("request id with blank", "request_id", u" "_s);
    }
    void takesWhatIsJustAllowed()
    {
        QFETCH(QString, key);
        QFETCH(QJsonValue, value);
        const auto request = runStepFromJson(with(smallRequest, key, value));
        QVERIFY2(request, qPrintable(request ? QString() : request.error().message));
        QCOMPARE(toJson(*request).value(key), value);
    }

    void boundsTheNumberOfVariables()
    {
        QJsonObject env;
        for (int i = 0; i < 4096; ++i)
            env.insert(u"V%1"_s.arg(i), QString());
        QVERIFY(runStepFromJson(with(smallRequest, u"env"_s, env)));
        env.insert(u"one more"_s, QString());
        QVERIFY(!runStepFromJson(with(smallRequest, u"env"_s, env)));
    }

    void cleansDirectoriesAndNames_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("taken");
        QTest::newRow("workspace") << u"/workspace"_s << u"/workspace"_s;
        QTest::newRow("slash") << u"/workspace/"_s << u"/workspace"_s;
        QTest::newRow("relative") << u"a/b"_s << u"/workspace/a/b"_s;
        QTest::newRow("dots inside") << u"a/../b/./c"_s << u"/workspace/b/c"_s;
        QTest::newRow("empty") << QString() << QString();
    }
    void cleansDirectoriesAndNames()
    {
        QFETCH(QString, given);
        QFETCH(QString, taken);
        QCOMPARE(runStepFromJson(with(smallRequest, u"working_dir"_s, given))->workingDirectory, taken);
        QCOMPARE(runStepFromJson(with(smallRequest, u"step_name"_s, u"  a\n b "_s))->stepName, u"a b"_s);
    }

    void refusesUnknownFields()
    {
        QCOMPARE(runStepFromJson(with(smallRequest, u"comand"_s, 1)).error().message, u"comand: unknown field"_s);
        QCOMPARE(getSecretFromJson(objectOf(R"({"job_id":"j","key":"k","x":1})")).error().message,
                 u"x: unknown field"_s);
        QCOMPARE(reportStatusFromJson(objectOf(R"({"job_id":"j","x":1})")).error().message, u"x: unknown field"_s);
    }

    void equalRequestsHashEqual()
    {
        const RunStepRequest request = fullStruct();
        RunStepRequest retried = request;
        retried.request = RequestId(u"other"_s);
        QCOMPARE(bodyHash(retried), bodyHash(request));
        QCOMPARE(bodyHash(request).size(), 32);
        RunStepRequest reordered = request;
        std::swap(reordered.env[0], reordered.env[1]);
        QCOMPARE(bodyHash(reordered), bodyHash(request));
    }

    void otherRequestsHashOtherwise()
    {
        QSet<QByteArray> hashes{bodyHash(fullStruct())};
        const auto add = [&hashes](auto change) {
            RunStepRequest request = fullStruct();
            change(request);
            hashes.insert(bodyHash(request));
        };
        add([](RunStepRequest &r) { r.job = JobId(u"j2"_s); });
        add([](RunStepRequest &r) { r.stepName = u"x"_s; });
        add([](RunStepRequest &r) { r.command = u"make -j 2 "_s; });
        add([](RunStepRequest &r) { r.command = QStringList{u"make"_s, u"-j"_s, u"2"_s}; });
        add([](RunStepRequest &r) { r.image.clear(); });
        add([](RunStepRequest &r) { r.env[0].second = u"2"_s; });
        add([](RunStepRequest &r) { r.timeout.reset(); });
        add([](RunStepRequest &r) { r.workingDirectory.clear(); });
        add([](RunStepRequest &r) { r.captureOutput = false; });
        QCOMPARE(hashes.size(), 10);
    }

    void readsGetSecret()
    {
        const auto request = getSecretFromJson(objectOf(R"({"job_id":"j1","key":"DEPLOY_TOKEN"})"));
        QVERIFY(request);
        QCOMPARE(request->job, JobId(u"j1"_s));
        QCOMPARE(request->key, u"DEPLOY_TOKEN"_s);
        QVERIFY(getSecretFromJson(objectOf(R"({"job_id":"j1"})")).error().message.startsWith(u"key: "_s));
        QVERIFY(getSecretFromJson(objectOf(R"({"key":"k"})")).error().message.startsWith(u"job_id: "_s));
        QVERIFY(getSecretFromJson(objectOf("{\"job_id\":\"j1\",\"key\":\"a\\u0001\"}"))
                    .error()
                    .message.startsWith(u"key: "_s));
    }

    void readsReportStatus()
    {
        const auto request =
            reportStatusFromJson(objectOf(R"({"job_id":"j1","state":"running","message":"m","progress":0.5})"));
        QVERIFY(request);
        QCOMPARE(request->job, JobId(u"j1"_s));
        QCOMPARE(request->state, std::optional(u"running"_s));
        QCOMPARE(request->message, std::optional(u"m"_s));
        QCOMPARE(request->progress, std::optional(0.5));
        const auto least = reportStatusFromJson(objectOf(R"({"job_id":"j1","progress":null})"));
        QVERIFY(least && !least->state && !least->message && !least->progress);
    }

    void refusesWrongStatus_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QJsonValue>("value");
        QTest::addColumn<bool>("valid");
        QTest::newRow("unknown state") << u"state"_s << QJsonValue(u"flying"_s) << false;
        QTest::newRow("known state") << u"state"_s << QJsonValue(u"success"_s) << true;
        QTest::newRow("long message") << u"message"_s << QJsonValue(QString(1001, u'x')) << false;
        QTest::newRow("longest message") << u"message"_s << QJsonValue(QString(1000, u'x')) << true;
        QTest::newRow("progress above") << u"progress"_s << QJsonValue(1.01) << false;
        QTest::newRow("progress below") << u"progress"_s << QJsonValue(-0.01) << false;
        QTest::newRow("progress text") << u"progress"_s << QJsonValue(u"1"_s) << false;
        QTest::newRow("nothing done") << u"progress"_s << QJsonValue(0) << true;
        QTest::newRow("all done") << u"progress"_s << QJsonValue(1) << true;
    }
    void refusesWrongStatus()
    {
        QFETCH(QString, key);
        QFETCH(QJsonValue, value);
        QFETCH(bool, valid);
        const auto request = reportStatusFromJson(with(R"({"job_id":"j1"})", key, value));
        QCOMPARE(request.has_value(), valid);
        if (!valid)
            QVERIFY(request.error().message.startsWith(key + u": expected "_s));
    }

    void writesAnswers()
    {
        RunStepAnswer answer;
        answer.outcome = {OutcomeKind::Exited, 0, 0, milliseconds(1234), {}};
        QCOMPARE(textOf(toJson(answer)), R"({"duration_ms":1234,"exit_code":0,"outcome":"exited"})"_ba);
        answer.outcome = {OutcomeKind::Signalled, 137, 9, milliseconds(5), u"killed"_s};
        answer.stdoutText = "ü\n"_ba;
        answer.truncated = true;
        QCOMPARE(
            textOf(toJson(answer)),
            R"({"duration_ms":5,"exit_code":137,"message":"killed","outcome":"signalled","signal":9,"stdout":"ü\n",)"
            R"("truncated":true})"_ba);
        answer.stdoutText = "\xff"_ba;
        QCOMPARE(toJson(answer).value("stdout"_L1).toString(), u"\ufffd"_s);
        QCOMPARE(toJson(answer).value("stdout_b64"_L1).toString(), u"/w=="_s);
        answer.stdoutText = QByteArray();
        QCOMPARE(toJson(answer).value("stdout"_L1), QJsonValue(QString()));
    }
};

QTEST_APPLESS_MAIN(TestRpcMessages)
#include "tst_rpcmessages.moc"
