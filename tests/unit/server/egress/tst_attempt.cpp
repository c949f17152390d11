// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/attempt.h"

#include <QTest>

using namespace danube;
using namespace danube::egress;
using namespace Qt::StringLiterals;
using Verdict = FlowRecord::Verdict;
using Direction = FlowRecord::Direction;
using Outcome = Attempt::Outcome;

namespace {

FlowRecord connection(Verdict verdict, const QString &reason = {})
{
    FlowRecord record;
    record.time = WallTime(milliseconds(7));
    record.verdict = verdict;
    record.dropReason = reason;
    record.direction = Direction::Egress;
    record.source = {.nameSpace = u"danube-jobs"_s,
                     .pod = u"danube-j1"_s,
                     .address = {},
                     .names = {},
                     .service = {},
                     .job = u"j1"_s};
    record.destination.address = u"192.0.2.7"_s;
    record.destination.isWorld = true;
    record.protocol = u"TCP"_s;
    record.port = 443;
    return record;
}

FlowRecord query(Verdict verdict)
{
    FlowRecord record = connection(verdict);
    record.isSeventhLayer = true;
    record.dns = DnsRecord{u"a.example.org"_s, {}, 0, false};
    return record;
}

FlowRecord answer(int code)
{
    FlowRecord record = query(Verdict::Forwarded);
    std::swap(record.source, record.destination);
    record.direction = Direction::Ingress;
    record.isReply = true;
    record.dns->isAnswer = true;
    record.dns->code = code;
    return record;
}

std::optional<Outcome> outcomeOf(const FlowRecord &record)
{
    const auto attempt = attemptOf(record, u"danube-jobs"_s);
    return attempt ? std::optional(attempt->outcome) : std::nullopt;
}

} // namespace

class TestAttempt : public QObject
{
    Q_OBJECT

private slots:
    void tellsRefusalsFromOtherDrops_data()
    {
        QTest::addColumn<FlowRecord>("record");
        QTest::addColumn<std::optional<Outcome>>("expected");
        const auto row = [](const char *name, const FlowRecord &record, std::optional<Outcome> expected) {
            QTest::newRow(name) << record << expected;
        };
        row("denied", connection(Verdict::Dropped, u"POLICY_DENIED"_s), Outcome::Refused);
        row("deny rule", connection(Verdict::Dropped, u"POLICY_DENY"_s), Outcome::Refused);
        row("stale address", connection(Verdict::Dropped, u"STALE_OR_UNROUTABLE_IP"_s), std::nullopt);
        row("no reason", connection(Verdict::Dropped), std::nullopt);
        row("audited by Cilium", connection(Verdict::Audit), Outcome::WouldBeRefused);
        row("forwarded", connection(Verdict::Forwarded), Outcome::LetThrough);
        row("error", connection(Verdict::Error), std::nullopt);
        row("query refused", query(Verdict::Dropped), Outcome::Refused);
        row("query forwarded", query(Verdict::Forwarded), Outcome::LetThrough);
        row("answer REFUSED", answer(5), Outcome::Refused);
        row("answer", answer(0), std::nullopt);
        row("no such name", answer(3), std::nullopt);
        FlowRecord proxied = connection(Verdict::Dropped);
        proxied.isSeventhLayer = true;
        row("proxy refused", proxied, Outcome::Refused);
        FlowRecord reply = connection(Verdict::Dropped, u"POLICY_DENIED"_s);
        reply.isReply = true;
        row("reply", reply, std::nullopt);
        FlowRecord ingress = connection(Verdict::Dropped, u"POLICY_DENIED"_s);
        ingress.direction = Direction::Ingress;
        row("ingress", ingress, std::nullopt);
        FlowRecord elsewhere = connection(Verdict::Dropped, u"POLICY_DENIED"_s);
        elsewhere.source.nameSpace = u"default"_s;
        row("another namespace", elsewhere, std::nullopt);
    }
    void tellsRefusalsFromOtherDrops()
    {
        QFETCH(FlowRecord, record);
        QFETCH(std::optional<Outcome>, expected);
        QVERIFY(outcomeOf(record) == expected);
    }

    void namesThePlace()
    {
        FlowRecord record = connection(Verdict::Forwarded);
        auto attempt = attemptOf(record, u"danube-jobs"_s);
        QCOMPARE(attempt->host(), u"192.0.2.7"_s);
        QCOMPARE(attempt->port, quint16(443));
        record.destination.service = u"registry.danube-system.svc"_s;
        QCOMPARE(attemptOf(record, u"danube-jobs"_s)->host(), record.destination.service);
        record.destination.isApiServer = true;
        QCOMPARE(attemptOf(record, u"danube-jobs"_s)->host(), u"kubernetes.default.svc"_s);
        record.destination.names = QStringList{u"b.example.org"_s, u"c.example.org"_s};
        QCOMPARE(attemptOf(record, u"danube-jobs"_s)->host(), u"b.example.org"_s);
        attempt = attemptOf(query(Verdict::Dropped), u"danube-jobs"_s);
        QVERIFY(attempt->isQuery());
        QCOMPARE(attempt->host(), u"a.example.org"_s);
        QCOMPARE(attempt->port, quint16(0));
    }

    void findsTheJob_data()
    {
        QTest::addColumn<QString>("label");
        QTest::addColumn<QString>("pod");
        QTest::addColumn<QString>("job");
        QTest::newRow("label") << u"j1"_s << u"x"_s << u"j1"_s;
        QTest::newRow("pod") << QString() << u"danube-j1"_s << u"j1"_s;
        QTest::newRow("neither") << QString() << u"nginx"_s << QString();
        QTest::newRow("no id") << u"../x"_s << u"danube-j1"_s << QString();
    }
    void findsTheJob()
    {
        QFETCH(QString, label);
        QFETCH(QString, pod);
        QFETCH(QString, job);
        FlowRecord record = connection(Verdict::Dropped);
        record.source.job = label;
        record.source.pod = pod;
        QCOMPARE(jobOf(record, u"danube-jobs"_s).value_or(JobId()).value(), job);
    }
};

QTEST_GUILESS_MAIN(TestAttempt)
#include "tst_attempt.moc"
