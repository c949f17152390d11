// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/openapi.h"

#include "shared/model/egressrefusal.h"
#include "shared/protocol/logsearch.h"
#include "shared/protocol/problem.h"
#include "shared/protocol/restmessages.h"
#include "shared/protocol/routes.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace danube;
using namespace danube::protocol;
using namespace Qt::StringLiterals;

namespace {

QSet<QString> setOf(const QJsonArray &names)
{
    QSet<QString> set;
    for (const auto &name : names)
        set.insert(name.toString());
    return set;
}

QSet<QString> setOf(const QStringList &names)
{
    return {names.begin(), names.end()};
}

QSet<QString> namesOf(const QUrlQuery &query)
{
    QSet<QString> names;
    for (const auto &[name, value] : query.queryItems())
        names.insert(name);
    return names;
}

/// What "#/a/b" points to; undefined when there is nothing.
QJsonValue resolve(const QJsonObject &document, const QString &reference)
{
    QJsonValue value = document;
    for (const QString &part : reference.split(u'/').mid(1))
        value = value.toObject().value(part);
    return value;
}

void collectReferences(const QJsonValue &value, QStringList &references)
{
    if (value.isArray()) {
        for (const auto &each : value.toArray())
            collectReferences(each, references);
    }
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (it.key() == "$ref"_L1)
            references.append(it.value().toString());
        else
            collectReferences(it.value(), references);
    }
}

} // namespace

class TestOpenApi : public QObject
{
    Q_OBJECT
    const QJsonObject m_document = openApi(u"1.2.3"_s);

    QJsonObject operation(const Route &route) const
    {
        const auto path = m_document.value("paths"_L1).toObject().value(QLatin1StringView(route.path)).toObject();
        return path.value(QString::fromLatin1(toText(route.method)).toLower()).toObject();
    }
    QSet<QString> parametersOf(RouteId id, QLatin1StringView place) const
    {
        QSet<QString> names;
        for (const auto &each : operation(route(id)).value("parameters"_L1).toArray()) {
            if (each.toObject().value("in"_L1) == place)
                names.insert(each.toObject().value("name"_L1).toString());
        }
        return names;
    }
    QJsonObject schema(const QString &name) const
    {
        return resolve(m_document, u"#/components/schemas/"_s + name).toObject();
    }

private slots:
    void isADocumentOfItsKind()
    {
        const auto again = QJsonDocument::fromJson(QJsonDocument(m_document).toJson());
        QCOMPARE(again.object(), m_document);
        QCOMPARE(m_document.value("openapi"_L1).toString(), u"3.1.0"_s);
        QCOMPARE(resolve(m_document, u"#/info/version"_s).toString(), u"1.2.3"_s);
        QVERIFY2(QJsonDocument(m_document).toJson(QJsonDocument::Compact).size() < 32'000, "it should stay readable");
    }

    void hasExactlyTheRoutesThereAre()
    {
        QSet<QString> described;
        const QJsonObject paths = m_document.value("paths"_L1).toObject();
        for (auto path = paths.begin(); path != paths.end(); ++path) {
            for (const QString &method : path.value().toObject().keys())
                described.insert(method.toUpper() + u' ' + path.key());
        }
        QSet<QString> routed;
        for (const Route &each : routes())
            routed.insert(QString::fromLatin1(toText(each.method) + ' ' + each.path));
        QCOMPARE(described, routed);
    }

    void namesEachOperationOnce()
    {
        QSet<QString> ids;
        for (const Route &each : routes()) {
            const QString id = operation(each).value("operationId"_L1).toString();
            QVERIFY2(QRegularExpression(u"^[a-z][A-Za-z]+$"_s).match(id).hasMatch(), each.path);
            QVERIFY2(!operation(each).value("summary"_L1).toString().isEmpty(), each.path);
            ids.insert(id);
        }
        QCOMPARE(ids.size(), std::ssize(routes()));
    }

    void hasAParameterForEachHole()
    {
        static const QRegularExpression hole(u"\\{(\\w+)\\}"_s);
        for (const Route &each : routes()) {
            QSet<QString> wanted;
            for (const auto &match : hole.globalMatch(QString::fromLatin1(each.path)))
                wanted.insert(match.captured(1));
            QCOMPARE(parametersOf(each.id, "path"_L1), wanted);
            for (const auto &parameter : operation(each).value("parameters"_L1).toArray()) {
                const QJsonObject object = parameter.toObject();
                QVERIFY2(!object.value("schema"_L1).toObject().isEmpty(), each.path);
                if (object.value("in"_L1) == "path"_L1)
                    QVERIFY2(object.value("required"_L1).toBool(), each.path);
            }
        }
    }

    void saysWhatARefusalLooksLike()
    {
        for (const Route &each : routes()) {
            const QJsonObject responses = operation(each).value("responses"_L1).toObject();
            QVERIFY2(responses.size() >= 2, each.path);
            const auto problem = responses.value("default"_L1).toObject().value("$ref"_L1).toString();
            QCOMPARE(problem, u"#/components/responses/Problem"_s);
            for (const QJsonValue response : responses) {
                const QJsonObject object = response.toObject();
                QVERIFY2(object.contains("$ref"_L1) || !object.value("description"_L1).toString().isEmpty(), each.path);
            }
        }
        const auto content = resolve(m_document, u"#/components/responses/Problem/content"_s).toObject();
        QCOMPARE(content.keys(), QStringList{QString::fromLatin1(problemContentType)});
    }

    void pointsToNothingThatIsNotThere()
    {
        QStringList references;
        collectReferences(m_document, references);
        QVERIFY(references.size() > std::ssize(routes()));
        for (const QString &reference : references)
            QVERIFY2(resolve(m_document, reference).isObject(), qPrintable(reference));
        const QJsonObject schemas = resolve(m_document, u"#/components/schemas"_s).toObject();
        for (const QString &name : schemas.keys())
            QVERIFY2(references.contains(u"#/components/schemas/"_s + name), qPrintable(name));
    }

    void asksForATokenWhereTheMasterDoes()
    {
        QVERIFY(!m_document.value("security"_L1).toArray().isEmpty());
        for (const Route &each : routes()) {
            const QJsonValue security = operation(each).value("security"_L1);
            if (each.right == Right::None)
                QCOMPARE(security, QJsonValue(QJsonArray()));
            else if (each.right == Right::Metrics)
                QCOMPARE(security.toArray().size(), 2);
            else
                QVERIFY(security.isUndefined());
        }
    }

    void knowsTheParametersThatClientsSend()
    {
        JobQuery jobs;
        jobs.pipeline = jobs.branch = jobs.cursor = u"x"_s;
        jobs.states = {JobState::Running};
        jobs.since = WallTime(milliseconds(1));
        QCOMPARE(parametersOf(RouteId::Jobs, "query"_L1), namesOf(toQuery(jobs)));
        const LogSearchQuery search{.text = u"x"_s,
                                    .isRegex = true,
                                    .ignoreCase = true,
                                    .step = StepNumber(1),
                                    .stream = LogStream::Stdout,
                                    .from = 1,
                                    .limit = 1};
        QCOMPARE(parametersOf(RouteId::JobLogSearch, "query"_L1), namesOf(toQuery(search)));
    }

    void knowsTheFieldsThatClientsSend()
    {
        const RunRequest run{u"main"_s, {{u"a"_s, u"b"_s}}};
        const auto body = operation(route(RouteId::PipelineRun)).value("requestBody"_L1).toObject();
        QCOMPARE(body.value("required"_L1).toBool(true), false);
        const auto fields = resolve(body, u"#/content"_s).toObject().value("application/json"_L1).toObject();
        QCOMPARE(setOf(resolve(fields, u"#/schema/properties"_s).toObject().keys()), setOf(toJson(run).keys()));
    }

    void hasTheShapesThatAreWritten_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QJsonObject>("written");
        const auto row = [](const QString &name, const QJsonObject &written) {
            QTest::newRow(qPrintable(name)) << name << written;
        };
        Job job;
        job.retryOf = JobId(u"a"_s);
        job.triggerRef = u"b"_s;
        job.progress = 0.25;
        job.params = {{u"a"_s, u"b"_s}};
        Step step;
        step.image = u"a"_s;
        step.timeout = milliseconds(5);
        step.outcome = StepOutcome{OutcomeKind::Signalled, 137, 9, milliseconds(7), u"killed"_s};
        LogSearchAnswer search{.matches = 1, .next = 7};
        search.lines = {{{.bytes = "\xfe", .eol = false}, {{0, 1}}}};
        row(u"Job"_s, toJson(job));
        row(u"Step"_s, toJson(step));
        row(u"JobPage"_s, toJson(JobPage{{job}, u"next"_s}));
        row(u"Pipelines"_s, pipelinesToJson({Pipeline()}));
        row(u"Artifacts"_s, artifactsToJson({Artifact()}));
        row(u"Artifact"_s, toJson(Artifact()));
        row(u"Health"_s, toJson(Health()));
        row(u"Readiness"_s, toJson(Readiness{true, {{u"store"_s, u"ok"_s}}}));
        row(u"LogSearch"_s, QJsonDocument::fromJson(toJson(search)).object());
        row(u"Refusal"_s, toJson(EgressRefusal()));
        row(u"Problem"_s, toJson(problemOf({ErrorCode::NotFound, u"no"_s}, u"/a"_s)));
    }
    void hasTheShapesThatAreWritten()
    {
        QFETCH(QString, name);
        QFETCH(QJsonObject, written);
        const QJsonObject shape = schema(name);
        QCOMPARE(setOf(shape.value("properties"_L1).toObject().keys()), setOf(written.keys()));
        const auto required = setOf(shape.value("required"_L1).toArray());
        QVERIFY(!required.isEmpty() && setOf(written.keys()).contains(required));
    }

    void tellsAJobsDetailsAsAJobAndMore()
    {
        const QJsonObject written = toJson(JobDetail{Job(), {Step()}, JobEgress{}});
        const QJsonArray parts = schema(u"JobDetail"_s).value("allOf"_L1).toArray();
        QCOMPARE(parts.size(), 2);
        auto known = setOf(schema(u"Job"_s).value("properties"_L1).toObject().keys());
        known += setOf(parts[1].toObject().value("properties"_L1).toObject().keys());
        QVERIFY(known.contains(setOf(written.keys())));
    }
};

QTEST_APPLESS_MAIN(TestOpenApi)
#include "tst_openapi.moc"
