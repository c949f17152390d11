// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/canarymachine.h"

#include <QJsonArray>
#include <QTest>

using namespace danube;
using namespace danube::egress;
using namespace danube::egress::canary;
using namespace Qt::StringLiterals;
using Kind = CanaryFinding::Kind;

namespace {

const CanaryTargets targets{.allowed = {u"master.danube-system"_s, 9000},
                            .forbiddenName = u"example.com"_s,
                            .apiServer = {u"192.0.2.1"_s, 443}};

template <class T> bool has(const Step &step)
{
    return std::ranges::any_of(step.actions, [](const Action &action) { return std::holds_alternative<T>(action); });
}

} // namespace

class TestCanary : public QObject
{
    Q_OBJECT

private slots:
    void judgesWhatWasSaid_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("message");
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<QString>("word");
        const auto row = [](const char *name, const char *message, Kind kind, const char *word, int code = 0) {
            QTest::newRow(name) << code << QString::fromUtf8(message) << kind << QString::fromUtf8(word);
        };
        row("refused", R"({"allowed":true,"api_server":false,"code":5,"site":false})", Kind::Proven,
            "example.com was refused");
        row("silent", R"({"allowed":true,"api_server":false,"code":null,"site":false})", Kind::Proven, "refused");
        row("API server", R"({"allowed":true,"api_server":true,"code":5,"site":false})", Kind::Breached, "API server");
        row("site", R"({"allowed":true,"api_server":false,"code":0,"site":true})", Kind::Breached,
            "reached example.com");
        row("address told", R"({"allowed":true,"api_server":false,"code":0,"site":false})", Kind::Breached,
            "address of");
        row("resolver away", R"({"allowed":true,"api_server":false,"code":2,"site":false})", Kind::Breached, "code 2");
        row("no such name", R"({"allowed":true,"api_server":false,"code":3,"site":false})", Kind::Inconclusive,
            "does not exist");
        row("nothing works", R"({"allowed":false,"api_server":false,"code":null,"site":false})", Kind::Inconclusive,
            "master.danube-system:9000");
        row("breach without allowed", R"({"allowed":false,"api_server":true,"code":null,"site":false})", Kind::Breached,
            "API server");
        row("member missing", R"({"allowed":true,"api_server":false,"code":5})", Kind::Inconclusive, "said");
        row("code is text", R"({"allowed":true,"api_server":false,"code":"5","site":false})", Kind::Inconclusive,
            "said");
        row("no JSON", "python3: not found", Kind::Inconclusive, "python3: not found");
        row("good words, bad end", R"({"allowed":true,"api_server":false,"code":5,"site":false})", Kind::Inconclusive,
            "code 137", 137);
    }
    void judgesWhatWasSaid()
    {
        QFETCH(int, code);
        QFETCH(QString, message);
        QFETCH(Kind, kind);
        QFETCH(QString, word);
        const CanaryFinding finding = judgeCanary({code, message}, targets);
        QCOMPARE(finding.kind, kind);
        QVERIFY2(finding.sentence.contains(word), qPrintable(finding.sentence));
    }

    void readsTheEndOfAPod()
    {
        const auto withState = [](const QJsonObject &state) {
            return QJsonObject{
                {u"status"_s, QJsonObject{{u"phase"_s, u"Running"_s},
                                          {u"containerStatuses"_s, QJsonArray{QJsonObject{{u"state"_s, state}}}}}}};
        };
        QVERIFY(!canaryEndOf({}));
        QVERIFY(!canaryEndOf(withState({{u"running"_s, QJsonObject()}})));
        const auto end =
            canaryEndOf(withState({{u"terminated"_s, QJsonObject{{u"exitCode"_s, 0}, {u"message"_s, u"{}"_s}}}}));
        QVERIFY(end && end->exitCode == 0 && end->message == u"{}"_s);
        const auto killed =
            canaryEndOf({{u"status"_s, QJsonObject{{u"phase"_s, u"Failed"_s}, {u"message"_s, u"late"_s}}}});
        QVERIFY(killed && killed->exitCode == -1 && killed->message == u"late"_s);
    }

    void makesOnePodPerTryAndRemovesIt()
    {
        Step step = next(State::Idle, Begin{});
        QCOMPARE(step.state, State::Creating);
        QVERIFY(has<CreatePod>(step));
        QVERIFY(next(step.state, Begin{}).actions.isEmpty());
        step = next(step.state, Created{});
        QCOMPARE(step.state, State::Running);
        step = next(step.state, Ended{{0, u"x"_s}});
        QCOMPARE(step.state, State::Idle);
        QVERIFY(has<RemovePod>(step) && has<Judge>(step));
    }

    void endsWhateverHappens_data()
    {
        QTest::addColumn<State>("state");
        QTest::addColumn<Event>("event");
        QTest::addColumn<bool>("gaveUp");
        QTest::newRow("refused") << State::Creating << Event(Refused{u"quota"_s}) << true;
        QTest::newRow("late while creating") << State::Creating << Event(TimedOut{}) << true;
        QTest::newRow("late while running") << State::Running << Event(TimedOut{}) << true;
        QTest::newRow("deleted") << State::Running << Event(Vanished{}) << true;
        QTest::newRow("ended before the answer") << State::Creating << Event(Ended{}) << false;
        QTest::newRow("policy changed") << State::Running << Event(PolicyChanged{}) << false;
    }
    void endsWhateverHappens()
    {
        QFETCH(State, state);
        QFETCH(Event, event);
        QFETCH(bool, gaveUp);
        const Step step = next(state, event);
        QCOMPARE(step.state, State::Idle);
        QVERIFY(has<RemovePod>(step));
        QCOMPARE(has<GiveUp>(step), gaveUp);
    }

    void ignoresWhatComesTooLate()
    {
        for (const Event &event : {Event(Created{}), Event(Refused{}), Event(Ended{}), Event(Vanished{}),
                                   Event(TimedOut{}), Event(PolicyChanged{})}) {
            const Step step = next(State::Idle, event);
            QCOMPARE(step.state, State::Idle);
            QVERIFY(step.actions.isEmpty());
        }
    }

    void describesAPodThatNoExecutorOwns()
    {
        const QJsonObject pod = canaryManifest({.name = u"c"_s,
                                                .nameSpace = u"danube-jobs"_s,
                                                .instance = u"danube"_s,
                                                .image = u"localhost/coordinator:1"_s,
                                                .runAsUser = 1000,
                                                .targets = targets},
                                               seconds(90));
        const QJsonObject labels = pod[u"metadata"][u"labels"].toObject();
        QVERIFY(!labels.contains(u"danube.dev/job"_s));
        QCOMPARE(labels[u"danube.dev/instance"].toString(), u"danube"_s);
        const QJsonValue command = pod[u"spec"][u"containers"][0][u"command"];
        QVERIFY(command[3].toString().contains(u"def main()"_s));
        QVERIFY(command[4].toString().contains(u"example.com"_s));
        QCOMPARE(pod[u"spec"][u"activeDeadlineSeconds"].toInt(), 90);
    }
};

QTEST_GUILESS_MAIN(TestCanary)
#include "tst_canary.moc"
