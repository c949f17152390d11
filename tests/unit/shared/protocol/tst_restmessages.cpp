// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/restmessages.h"

#include <QJsonDocument>
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

Job jobOf(const QString &id)
{
    Job job;
    job.id = JobId(id);
    job.state = JobState::Running;
    return job;
}

template <class T> void refuses(const Result<T> &result)
{
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Protocol);
    QVERIFY(result.error().message.startsWith(u"unexpected answer: expected "_s));
}

} // namespace

class TestRestMessages : public QObject
{
    Q_OBJECT
private slots:
    void runRequestsGoThereAndBack()
    {
        const RunRequest request{u"main"_s, {{u"k"_s, u"v"_s}}};
        QCOMPARE(textOf(toJson(request)), R"({"params":{"k":"v"},"ref":"main"})"_ba);
        QCOMPARE(runRequestFromJson(toJson(request)).value(), request);
        QCOMPARE(textOf(toJson(RunRequest())), "{}"_ba);
        QCOMPARE(runRequestFromJson(objectOf(R"({"unknown":1})")).value(), RunRequest());
    }

    void refusesWrongRunRequests_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("field");
        QTest::newRow("ref a number") << R"({"ref":1})"_ba << u"ref"_s;
        QTest::newRow("ref too long") << "{\"ref\":\"" + QByteArray(4097, 'x') + "\"}" << u"ref"_s;
        QTest::newRow("params a list") << R"({"params":[]})"_ba << u"params"_s;
        QTest::newRow("param a number") << R"({"params":{"a":1}})"_ba << u"params"_s;
        QTest::newRow("param without name") << R"({"params":{"":"x"}})"_ba << u"params"_s;
        QTest::newRow("name too long") << "{\"params\":{\"" + QByteArray(129, 'x') + "\":\"\"}}" << u"params"_s;
        QTest::newRow("value too long") << "{\"params\":{\"a\":\"" + QByteArray(4097, 'x') + "\"}}" << u"params"_s;
    }
    void refusesWrongRunRequests()
    {
        QFETCH(QByteArray, body);
        QFETCH(QString, field);
        const auto request = runRequestFromJson(objectOf(body));
        QVERIFY(!request);
        QCOMPARE(request.error().code, ErrorCode::InvalidArgument);
        QVERIFY(request.error().message.startsWith(field + u": "_s));
    }

    void takesTheLargestRunRequest()
    {
        RunRequest request{QString(4096, u'r'), {}};
        for (int i = 0; i < 99; ++i)
            request.params.insert(QString::number(i), QString());
        request.params.insert(QString(128, u'k'), QString(4096, u'v'));
        QCOMPARE(runRequestFromJson(toJson(request)).value(), request);
        request.params.insert(u"one more"_s, QString());
        QVERIFY(!runRequestFromJson(toJson(request)));
    }

    void jobQueriesGoThereAndBack_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("plain") << u"web"_s;
        QTest::newRow("reserved") << u"a&b=c+d e%20#?"_s;
        QTest::newRow("UTF-8") << u"zweig/grün"_s;
    }
    void jobQueriesGoThereAndBack()
    {
        QFETCH(QString, text);
        const JobQuery query{
            text, {JobState::Failure, JobState::Running}, text, WallTime(milliseconds(1'769'860'800'123)), 7, text};
        const QUrlQuery wire(toQuery(query).toString(QUrl::FullyEncoded));
        QVERIFY(!toQuery(query).toString(QUrl::FullyEncoded).contains(u'+'));
        QCOMPARE(jobQueryFromQuery(wire).value(), query);
    }

    void writesTheContractsQuery()
    {
        QCOMPARE(
            toQuery({u"web"_s, {JobState::Running, JobState::Failure}, {}, {}, 5, {}}).toString(QUrl::FullyEncoded),
            u"pipeline=web&status=running%2Cfailure&limit=5"_s);
    }

    void readsJobQueries()
    {
        QCOMPARE(jobQueryFromQuery(QUrlQuery()).value(), JobQuery());
        const auto repeated = jobQueryFromQuery(QUrlQuery(u"status=running&status=failure,timeout"_s));
        QCOMPARE(repeated->states, (QList{JobState::Running, JobState::Failure, JobState::Timeout}));
        QCOMPARE(jobQueryFromQuery(QUrlQuery(u"limit=1"_s))->limit, 1);
        QCOMPARE(jobQueryFromQuery(QUrlQuery(u"limit=1000"_s))->limit, 1000);
    }

    void namesTheWrongParameter_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("message");
        QTest::newRow("limit 0") << u"limit=0"_s << u"limit: expected 1 to 1000, got \"0\""_s;
        QTest::newRow("limit 1001") << u"limit=1001"_s << u"limit: expected 1 to 1000, got \"1001\""_s;
        QTest::newRow("limit text") << u"limit=x"_s << u"limit: expected 1 to 1000, got \"x\""_s;
        QTest::newRow("status") << u"status=running,broken"_s << u"status: expected job states, got \"broken\""_s;
        QTest::newRow("since") << u"since=now"_s << u"since: expected an RFC 3339 time, got \"now\""_s;
    }
    void namesTheWrongParameter()
    {
        QFETCH(QString, query);
        QFETCH(QString, message);
        const auto result = jobQueryFromQuery(QUrlQuery(query));
        QVERIFY(!result);
        QCOMPARE(result.error(), (Error{ErrorCode::InvalidArgument, message}));
    }

    void pagesGoThereAndBack()
    {
        const JobPage page{{jobOf(u"a"_s), jobOf(u"b"_s)}, u"cursor"_s};
        QCOMPARE(jobPageFromJson(toJson(page)).value(), page);
        QVERIFY(toJson(page).contains("next_cursor"_L1));
        QVERIFY(!toJson(JobPage()).contains("next_cursor"_L1));
        QCOMPARE(jobPageFromJson(toJson(JobPage())).value(), JobPage());
        refuses(jobPageFromJson({}));
        refuses(jobPageFromJson(objectOf(R"({"jobs":{}})")));
    }

    void detailsGoThereAndBack()
    {
        JobDetail detail{jobOf(u"a"_s), {Step(), Step()}};
        detail.steps[1].number = StepNumber(2);
        for (Step &step : detail.steps)
            step.job = detail.job.id;
        QCOMPARE(jobDetailFromJson(toJson(detail)).value(), detail);
        QVERIFY(!toJson(detail).contains("egress"_L1));
        detail.egress = JobEgress{u"enforced"_s, u"by danube-guard"_s};
        QCOMPARE(jobDetailFromJson(toJson(detail)).value(), detail);
        refuses(jobDetailFromJson(danube::toJson(detail.job)));
        refuses(jobDetailFromJson(objectOf(R"({"steps":[]})")));
    }

    void aJobNeedsIdAndState()
    {
        QCOMPARE(jobAnswerFromJson(danube::toJson(jobOf(u"a"_s))).value(), jobOf(u"a"_s));
        refuses(jobAnswerFromJson(objectOf(R"({"id":"a"})")));
        refuses(jobAnswerFromJson(objectOf(R"({"state":"running"})")));
        refuses(jobAnswerFromJson(objectOf(R"({"id":"a","state":"flying"})")));
    }

    void listsGoThereAndBack()
    {
        Pipeline pipeline;
        pipeline.name = u"web"_s;
        QCOMPARE(pipelinesFromJson(pipelinesToJson({pipeline})).value(), QList{pipeline});
        refuses(pipelinesFromJson({}));
        const Artifact artifact{ArtifactId(u"a"_s), JobId(u"j"_s), u"n"_s, ByteCount(1), "00", {}};
        QCOMPARE(artifactsFromJson(artifactsToJson({artifact})).value(), QList{artifact});
        refuses(artifactsFromJson({}));
    }

    void logEndsGoThereAndBack()
    {
        const LogEnd end{JobState::Timeout, u"too slow"_s, 42, "abc"};
        QCOMPARE(textOf(toJson(end)), R"({"bytes":42,"reason":"too slow","sha256":"abc","status":"timeout"})"_ba);
        QCOMPARE(logEndFromJson(toJson(end)).value(), end);
        QCOMPARE(logEndFromJson(objectOf(R"({"bytes":0,"status":"success"})")).value(),
                 (LogEnd{JobState::Success, {}, 0, {}}));
        refuses(logEndFromJson(objectOf(R"({"bytes":0,"status":"running"})")));
        refuses(logEndFromJson(objectOf(R"({"bytes":0})")));
        refuses(logEndFromJson(objectOf(R"({"status":"success"})")));
        refuses(logEndFromJson(objectOf(R"({"status":"success","bytes":-1})")));
    }

    void stepEventsGoThereAndBack()
    {
        Step step;
        step.job = JobId(u"j1"_s);
        step.number = StepNumber(4);
        QCOMPARE(stepEventFromJson(stepEventToJson(step.job, step)).value(), step);
        refuses(stepEventFromJson(objectOf(R"({"number":1})")));
        refuses(stepEventFromJson(objectOf(R"({"job_id":"j1"})")));
    }

    void healthGoesThereAndBack()
    {
        const Health health{u"ok"_s, u"0.1.0"_s, milliseconds(5), WallTime(milliseconds(1'769'860'800'123))};
        QCOMPARE(textOf(toJson(health)),
                 R"({"status":"ok","timestamp":"2026-01-31T12:00:00.123Z","uptime_ms":5,"version":"0.1.0"})"_ba);
        QCOMPARE(healthFromJson(toJson(health)).value(), health);
        refuses(healthFromJson({}));
        const Readiness readiness{false, {{u"disk"_s, u"full"_s}}};
        QCOMPARE(textOf(toJson(readiness)), R"({"checks":{"disk":"full"},"ready":false})"_ba);
        QCOMPARE(readinessFromJson(toJson(readiness)).value(), readiness);
        refuses(readinessFromJson({}));
    }
};

QTEST_APPLESS_MAIN(TestRestMessages)
#include "tst_restmessages.moc"
