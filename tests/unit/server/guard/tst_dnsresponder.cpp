// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/dnsresponder.h"
#include "tests/unit/server/guard/guardconfigs.h"

#include <QTest>

using namespace danube;
using namespace danube::guard;
using namespace danube::guard::tests;
using namespace Qt::StringLiterals;
using Kind = DnsResponder::Step::Kind;

class TestDnsResponder : public QObject
{
    Q_OBJECT

    struct Server
    {
        explicit Server(egress::Mode mode = egress::Mode::Enforce, size_t names = 100)
            : policy(configOf({u"a.org"_s, u"*.b.org:8443"_s}, mode)), table(names)
        {}
        dns::Reply ask(const std::string &name, uint16_t type = dns::type::a,
                       Lookup::Outcome outcome = Lookup::Outcome::Found)
        {
            const auto step = responder.take(dns::writeQuery(1, name, type));
            isListed = step.isListed;
            wasLookedUp = step.kind == Kind::Look;
            Lookup lookup;
            lookup.outcome = outcome;
            return *dns::readReply(wasLookedUp ? responder.finish(step.query, lookup) : step.reply);
        }
        GuardPolicy policy;
        NameTable table;
        DnsResponder responder{policy, table};
        bool isListed = false;
        bool wasLookedUp = false;
    };

private slots:
    void givesListedNamesAddressesOfTheirOwn()
    {
        Server server;
        const auto first = server.ask("a.org");
        QCOMPARE(first.addresses.size(), size_t(1));
        QVERIFY(server.isListed && server.wasLookedUp);
        QCOMPARE(*server.table.nameOf(first.addresses[0]), std::string("a.org"));
        const auto six = server.ask("a.org", dns::type::aaaa);
        QCOMPARE(*server.table.nameOf(six.addresses[0]), std::string("a.org"));
        QCOMPARE(server.ask("A.ORG").addresses, first.addresses);
        QVERIFY(server.ask("x.b.org").addresses != first.addresses);
        QCOMPARE(first.ttl, DnsResponder::ttl);
    }
    void refusesOtherNamesWithoutALookUp()
    {
        Server server;
        for (const char *name : {"b.org", "x.a.org", "evil.example", "a.org.evil.example", ""}) {
            QVERIFY(server.ask(name).code == dns::Code::Refused);
            QVERIFY(!server.isListed && !server.wasLookedUp);
        }
    }
    void refusesAllTypesButAddresses()
    {
        Server server;
        for (const uint16_t type : {uint16_t(5), uint16_t(15), uint16_t(16), uint16_t(33), uint16_t(255),
                                    dns::type::svcb, dns::type::https}) {
            QVERIFY(server.ask("a.org", type).code == dns::Code::Refused);
            QVERIFY(server.isListed && !server.wasLookedUp); // the name itself is no refusal to tell of
        }
    }
    void saysWhatTheLookUpBrought()
    {
        Server server;
        QVERIFY(server.ask("a.org", dns::type::a, Lookup::Outcome::NoSuchName).code == dns::Code::NxDomain);
        QVERIFY(server.ask("a.org", dns::type::a, Lookup::Outcome::Failed).code == dns::Code::ServFail);
        QVERIFY(server.ask("a.org", dns::type::a, Lookup::Outcome::Forbidden).code == dns::Code::Refused);
        QCOMPARE(server.table.size(), size_t(0));
    }
    void answersSomeNamesItself()
    {
        Server server;
        QCOMPARE(server.ask("localhost").addresses, std::vector{*IpAddress::parse("127.0.0.1")});
        QVERIFY(server.ask("a.org.danube-jobs.svc.cluster.local").code == dns::Code::NxDomain);
        QVERIFY(server.ask("1.0.18.198.in-addr.arpa", 12).code == dns::Code::NxDomain);
        QVERIFY(server.isListed);
        QVERIFY(server.ask("1.0.0.127.in-addr.arpa", 12).code == dns::Code::Refused);
    }
    void letsAuditResolveAllAndTells()
    {
        Server server(egress::Mode::Audit);
        QCOMPARE(server.ask("evil.example").addresses.size(), size_t(1));
        QVERIFY(!server.isListed);
        QCOMPARE(server.ask("a.org").addresses.size(), size_t(1));
        QVERIFY(server.isListed);
    }
    void failsWhenTheTableIsFull()
    {
        Server server(egress::Mode::Audit, 2);
        const auto first = server.ask("n1.example");
        server.ask("n2.example");
        QVERIFY(server.ask("n3.example").code == dns::Code::ServFail);
        QCOMPARE(server.ask("n1.example").addresses, first.addresses);
    }
    void ignoresWhatIsNoQuery()
    {
        Server server;
        QCOMPARE(server.responder.take("").kind, Kind::Ignore);
        QCOMPARE(server.responder.take(std::string(12, '\xff')).kind, Kind::Ignore);
        const auto step = server.responder.take(std::string(12, '\0'));
        QCOMPARE(step.kind, Kind::Reply);
        QVERIFY(step.isListed);
    }
};

QTEST_APPLESS_MAIN(TestDnsResponder)
#include "tst_dnsresponder.moc"
