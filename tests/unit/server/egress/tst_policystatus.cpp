// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/policyobject.h"
#include "server/egress/policystatus.h"

#include <QJsonDocument>
#include <QTest>

using namespace danube;
using namespace danube::egress;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using Phase = PolicyReport::Phase;
using Level = EgressLevel::Kind;

namespace {

constexpr WallTime now(milliseconds(1'000'000));

PolicyStatus applied()
{
    PolicyStatus status;
    status.kind = PolicyKind::Cilium;
    status.digest = u"d"_s;
    PolicyReport report;
    report.name = u"danube-egress"_s;
    report.phase = Phase::Applied;
    status.policies = {report, report};
    return status;
}
CanaryFinding proven()
{
    return {.kind = CanaryFinding::Kind::Proven, .sentence = u"x was refused"_s, .digest = u"d"_s, .at = now - 1s};
}
QJsonObject object(const char *json)
{
    return QJsonDocument::fromJson(json).object();
}

} // namespace

class TestPolicyStatus : public QObject
{
    Q_OBJECT

private slots:
    void saysNeverMoreThanWasVerified_data()
    {
        QTest::addColumn<PolicyStatus>("status");
        QTest::addColumn<std::optional<CanaryFinding>>("canary");
        QTest::addColumn<Level>("level");
        const auto row = [](const char *name, const auto &change, Level level) {
            PolicyStatus status = applied();
            std::optional<CanaryFinding> canary = proven();
            change(status, canary);
            QTest::newRow(name) << status << canary << level;
        };
        using C = std::optional<CanaryFinding>;
        row("all is well", [](PolicyStatus &, C &) {}, Level::Enforced);
        row("no canary", [](PolicyStatus &, C &c) { c.reset(); }, Level::Declared);
        row("breached", [](PolicyStatus &, C &c) { c->kind = CanaryFinding::Kind::Breached; }, Level::Declared);
        row("inconclusive", [](PolicyStatus &, C &c) { c->kind = CanaryFinding::Kind::Inconclusive; }, Level::Declared);
        row("canary of another policy", [](PolicyStatus &, C &c) { c->digest = u"e"_s; }, Level::Declared);
        row("old canary", [](PolicyStatus &, C &c) { c->at = now - 11s; }, Level::Declared);
        row("audit", [](PolicyStatus &s, C &) { s.isAudit = true; }, Level::Declared);
        row("weaker kind", [](PolicyStatus &s, C &) { s.kind = PolicyKind::Fallback; }, Level::Declared);
        row("no kind", [](PolicyStatus &s, C &) { s.kind = PolicyKind::None; }, Level::None);
        row("no policies", [](PolicyStatus &s, C &) { s.policies.clear(); }, Level::None);
        for (const Phase phase :
             {Phase::Pending, Phase::Unjudged, Phase::Invalid, Phase::Drifted, Phase::Conflict, Phase::Failed})
            row(
                qPrintable(toText(phase)), [phase](PolicyStatus &s, C &) { s.policies[1].phase = phase; },
                Level::Declared);
    }
    void saysNeverMoreThanWasVerified()
    {
        QFETCH(PolicyStatus, status);
        QFETCH(std::optional<CanaryFinding>, canary);
        QFETCH(Level, level);
        const EgressLevel said = levelOf(status, canary, now, 10s);
        QCOMPARE(said.kind, level);
        QVERIFY(!said.reason.isEmpty());
    }

    void aPipelineInAuditModeIsNeverEnforced_data()
    {
        QTest::addColumn<Level>("all");
        QTest::addColumn<Mode>("mode");
        QTest::addColumn<Level>("level");
        QTest::newRow("in audit mode below a list that is enforced")
            << Level::Enforced << Mode::Audit << Level::Declared;
        QTest::newRow("enforced") << Level::Enforced << Mode::Enforce << Level::Enforced;
        QTest::newRow("declared") << Level::Declared << Mode::Audit << Level::Declared;
        QTest::newRow("nothing") << Level::None << Mode::Audit << Level::None;
    }
    void aPipelineInAuditModeIsNeverEnforced()
    {
        QFETCH(Level, all);
        QFETCH(Mode, mode);
        QFETCH(Level, level);
        const EgressLevel said = levelIn(mode, {all, u"why"_s});
        QCOMPARE(said.kind, level);
        QCOMPARE(said.reason == "why"_L1, level == all);
    }

    void namesTheFieldThatDrifted_data()
    {
        QTest::addColumn<QString>("live");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *live, const char *expected) {
            QTest::newRow(name) << QString::fromUtf8(live) << QString::fromUtf8(expected);
        };
        row("same", R"({"spec":{"a":[{"b":"x"},2]},"metadata":{"labels":{"l":"1","more":"2"}},"status":{}})", "");
        row("changed", R"({"spec":{"a":[{"b":"y"},2]},"metadata":{"labels":{"l":"1"}}})",
            "spec.a[0].b is \"y\" instead of \"x\"");
        row("shorter", R"({"spec":{"a":[{"b":"x"}]},"metadata":{"labels":{"l":"1"}}})", "spec.a[1] is gone (was 2)");
        row("longer", R"({"spec":{"a":[{"b":"x"},2,{}]},"metadata":{"labels":{"l":"1"}}})", "spec.a[2] was added: {}");
        row("added", R"({"spec":{"a":[{"b":"x"},2],"z":true},"metadata":{"labels":{"l":"1"}}})",
            "spec.z was added: true");
        row("label", R"({"spec":{"a":[{"b":"x"},2]},"metadata":{"labels":{"l":"3"}}})",
            "metadata.labels[\"l\"] is \"3\" instead of \"1\"");
        row("second spec", R"({"spec":{"a":[{"b":"x"},2]},"metadata":{"labels":{"l":"1"}},"specs":[{}]})",
            "specs was added: [{}]");
    }
    void namesTheFieldThatDrifted()
    {
        QFETCH(QString, live);
        QFETCH(QString, expected);
        const QJsonObject wanted = object(R"({"spec":{"a":[{"b":"x"},2]},"metadata":{"labels":{"l":"1"}}})");
        const auto difference = driftOf(wanted, object(live.toUtf8().constData()));
        QCOMPARE(difference ? describe(*difference) : QString(), expected);
    }

    void takesAwayWhatOthersAdded()
    {
        const QJsonObject wanted = object(R"({"spec":{"a":{"b":1},"c":[1]}})");
        QCOMPARE(removalPatch(wanted, object(R"({"spec":{"a":{"b":2,"x":1},"c":[1,2],"y":{}}})")),
                 object(R"({"spec":{"a":{"x":null},"y":null}})"));
        QVERIFY(removalPatch(wanted, wanted).isEmpty());
    }

    void tellsOlderFromNewer()
    {
        const QJsonObject known = object(R"({"metadata":{"uid":"u","resourceVersion":"10"}})");
        QVERIFY(isOlder(object(R"({"metadata":{"uid":"u","resourceVersion":"9"}})"), known));
        QVERIFY(!isOlder(known, known));
        QVERIFY(!isOlder(object(R"({"metadata":{"uid":"u","resourceVersion":"100"}})"), known));
    }

    void readsThePluginsVerdict()
    {
        using Kind = PluginVerdict::Kind;
        QCOMPARE(verdictOf(object("{}")).kind, Kind::None);
        QCOMPARE(verdictOf(object(R"({"status":{"conditions":[{"type":"Other","status":"True"}]}})")).kind, Kind::None);
        QCOMPARE(verdictOf(object(R"({"status":{"conditions":[{"type":"Valid","status":"Unknown"}]}})")).kind,
                 Kind::None);
        QCOMPARE(verdictOf(object(R"({"status":{"conditions":[{"type":"Valid","status":"True"}]}})")).kind,
                 Kind::Valid);
        QCOMPARE(verdictOf(object(R"({"status":{"conditions":[{"type":"Valid","status":"False","message":"m"}]}})")),
                 (PluginVerdict{Kind::Invalid, u"m"_s}));
    }
};

QTEST_GUILESS_MAIN(TestPolicyStatus)
#include "tst_policystatus.moc"
