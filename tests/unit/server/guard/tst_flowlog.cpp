// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/attempt.h"
#include "server/egress/flowrecord.h"
#include "server/guard/ledger.h"
#include "tests/support/fakeclock.h"
#include "tests/unit/server/guard/guardconfigs.h"

#include <QTest>

using namespace danube;
using namespace danube::guard;
using namespace danube::guard::tests;
using namespace Qt::StringLiterals;
using egress::Attempt;
using egress::FlowRecord;

namespace {

const IpAddress given = *IpAddress::parse("198.18.0.1");

/// A ledger and what server/egress reads of its lines.
struct Book
{
    explicit Book(egress::Mode mode = egress::Mode::Enforce)
        : config(configOf({u"a.org"_s}, mode)), policy(config), ledger(config, policy, clock)
    {}
    QList<egress::FlowLine> read()
    {
        QList<egress::FlowLine> lines;
        egress::FlowReader reader;
        for (const QByteArray &line : ledger.flows().take().split('\n')) {
            if (line.isEmpty())
                continue;
            const auto read = reader.read(line);
            if (!read)
                qFatal("not read: %s", qPrintable(read.error().message));
            lines.append(*read);
        }
        return lines;
    }
    /// The attempt that the one line tells of.
    Attempt attempt()
    {
        const auto lines = read();
        if (lines.size() != 1)
            qFatal("%d lines", int(lines.size()));
        const auto found = egress::attemptOf(std::get<FlowRecord>(lines.first()), u"danube-jobs"_s);
        if (!found)
            qFatal("no attempt");
        return *found;
    }
    danube::tests::FakeClock clock;
    GuardConfig config;
    GuardPolicy policy;
    Ledger ledger;
};

/// The number of records in some lines; losses are added to `lost`.
qsizetype recordsIn(const QByteArray &lines, quint64 &lost)
{
    qsizetype records = 0;
    egress::FlowReader reader;
    for (const QByteArray &line : lines.split('\n')) {
        if (line.isEmpty())
            continue;
        const auto read = reader.read(line);
        if (!read)
            qFatal("not read: %s", qPrintable(read.error().message));
        records += std::holds_alternative<FlowRecord>(*read) ? 1 : 0;
        if (const auto *loss = std::get_if<egress::LostFlows>(&*read))
            lost += loss->count;
    }
    return records;
}

} // namespace

class TestFlowLog : public QObject
{
    Q_OBJECT
private slots:
    void isReadAsRefusedQueriesOfTheJob()
    {
        Book book;
        book.ledger.unlistedQuery("evil.example");
        const Attempt attempt = book.attempt();
        QCOMPARE(attempt.job, JobId(u"0abcdefghijklmno"_s));
        QCOMPARE(attempt.outcome, Attempt::Outcome::Refused);
        QVERIFY(attempt.isQuery());
        QCOMPARE(attempt.host(), u"evil.example"_s);
        QCOMPARE(attempt.time, book.clock.wall());
    }
    void isReadAsRefusedConnections()
    {
        Book book;
        book.ledger.objection("evil.example", given, 443, "other-name", u"why"_s);
        Attempt attempt = book.attempt();
        QCOMPARE(attempt.outcome, Attempt::Outcome::Refused);
        QCOMPARE(attempt.names, QStringList{u"evil.example"_s});
        QCOMPARE(attempt.address, u"198.18.0.1"_s);
        QCOMPARE(attempt.port, quint16(443));
        QCOMPARE(attempt.protocol, u"TCP"_s);
        QVERIFY(attempt.isWorld);
        book.ledger.refused({}, given, 443, "no-name", u"why"_s);
        QCOMPARE(book.attempt().host(), u"198.18.0.1"_s);
        book.ledger.forbiddenName("rebound.example", "127.0.0.1 (loopback)");
        QCOMPARE(book.attempt().outcome, Attempt::Outcome::Refused);
    }
    void isReadAsLetThroughAndWouldBe()
    {
        Book enforced;
        enforced.ledger.forwarded("a.org", given, 443);
        QCOMPARE(enforced.attempt().outcome, Attempt::Outcome::LetThrough);
        Book audited(egress::Mode::Audit);
        audited.ledger.unlisted("b.org", given, 443);
        QCOMPARE(audited.attempt().outcome, Attempt::Outcome::WouldBeRefused);
        audited.ledger.unlistedQuery("b.org");
        QCOMPARE(audited.attempt().outcome, Attempt::Outcome::WouldBeRefused);
        audited.ledger.forbiddenName("rebound.example", "10.0.0.1 (private)");
        QCOMPARE(audited.attempt().outcome, Attempt::Outcome::Refused);
    }
    void saysWhyAndWhatWouldHelp()
    {
        Book book;
        book.ledger.unlisted("evil.example", given, 443);
        const QByteArray line = book.ledger.flows().take();
        const QJsonObject flow = QJsonDocument::fromJson(line)[u"flow"].toObject();
        QCOMPARE(flow[u"Summary"].toString(), u"no entry comes near; 'evil.example' would allow it"_s);
        QCOMPARE(flow[u"danube"], QJsonValue(QJsonObject{{u"reason"_s, u"not-listed"_s}, {u"count"_s, 1}}));
    }
    void writesRepeatsOnce()
    {
        Book book;
        for (int i = 0; i < 1000; ++i)
            book.ledger.unlistedQuery("evil.example");
        QCOMPARE(book.read().size(), 1);
        book.clock.advance(FlowLog::window - milliseconds(1));
        book.ledger.tick();
        QVERIFY(book.read().isEmpty());
        book.clock.advance(milliseconds(1));
        book.ledger.tick();
        const QByteArray line = book.ledger.flows().take();
        QCOMPARE(QJsonDocument::fromJson(line)[u"flow"][u"danube"][u"count"].toInt(), 999);
        book.clock.advance(FlowLog::window);
        book.ledger.tick();
        QVERIFY(book.read().isEmpty());
    }
    void writesWhatIsOpenAtTheEnd()
    {
        Book book;
        book.ledger.unlistedQuery("evil.example");
        book.ledger.unlistedQuery("evil.example");
        book.ledger.tick(true);
        QCOMPARE(book.read().size(), 2);
    }
    void boundsFloodsAndCountsWhatIsLost()
    {
        Book book;
        qsizetype lines = 0;
        qsizetype bytes = 0;
        quint64 lost = 0;
        constexpr int names = 200'000;
        for (int i = 0; i < names; ++i) {
            book.ledger.unlistedQuery("n" + std::to_string(i) + ".evil.example");
            if (i % 1000 == 999) {
                book.clock.advance(milliseconds(100));
                book.ledger.tick();
                const QByteArray taken = book.ledger.flows().take();
                bytes += taken.size();
                lines += recordsIn(taken, lost);
            }
        }
        QCOMPARE(lines + qsizetype(lost), qsizetype(names));
        QVERIFY2(lines < 2000 && lines > 1000, qPrintable(QString::number(lines)));
        QVERIFY(bytes < 2 << 20);
    }
    void stopsAtItsSize()
    {
        Book book;
        qint64 bytes = 0;
        for (int i = 0; i < 40'000; ++i) {
            book.ledger.unlistedQuery("n" + std::to_string(i) + std::string(200, 'x') + ".evil.example");
            book.clock.advance(FlowLog::window);
            book.ledger.tick();
            bytes += book.ledger.flows().take().size();
        }
        QVERIFY(bytes > FlowLog::maxBytes - 4096 && bytes < FlowLog::maxBytes + (4 << 20));
    }
    void sumsByHost()
    {
        Book book;
        book.ledger.forwarded("a.org", given, 443);
        book.ledger.usage().reached("a.org", 443).sent += 5;
        for (size_t i = 0; i < 2 * Usage::maxPlaces; ++i)
            book.ledger.refused("n" + std::to_string(i), given, 443, "x", {});
        const QJsonObject usage = book.ledger.usage().toJson();
        QCOMPARE(usage[u"connections"].toInt(), 1);
        QCOMPARE(usage[u"sent"].toInt(), 5);
        QCOMPARE(usage[u"refused"].toInt(), int(2 * Usage::maxPlaces));
        QCOMPARE(usage[u"hosts"].toArray().size(), 1);
        QCOMPARE(usage[u"refused_hosts"].toArray().size(), qsizetype(Usage::maxPlaces + 1));
    }
};

QTEST_APPLESS_MAIN(TestFlowLog)
#include "tst_flowlog.moc"
