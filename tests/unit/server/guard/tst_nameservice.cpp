// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/nameservice.h"
#include "tests/support/fakeclock.h"
#include "tests/unit/server/guard/guardconfigs.h"

#include <QTest>

#include <deque>

using namespace danube;
using namespace danube::guard;
using namespace danube::guard::tests;
using namespace Qt::StringLiterals;
using Outcome = Lookup::Outcome;

namespace {

/// Answers when told to.
class HeldResolver final : public Resolver
{
public:
    void lookUp(const std::string &name, Done done) override { waiting.emplace_back(name, std::move(done)); }
    void answer(std::initializer_list<const char *> addresses, std::chrono::seconds ttl = std::chrono::seconds(60))
    {
        Lookup lookup{addresses.size() == 0 ? Outcome::NoSuchName : Outcome::Found, {}, ttl, {}};
        for (const char *text : addresses)
            lookup.endpoints.push_back(*Endpoint::parse(text));
        auto [name, done] = std::move(waiting.front());
        waiting.pop_front();
        done(lookup);
    }
    std::deque<std::pair<std::string, Done>> waiting;
};

GuardConfig benchConfig()
{
    GuardConfig config = configOf({u"*"_s, u"registry.danube-system"_s});
    config.hosts["fixed.org"] = {*Endpoint::parse("127.0.0.1:8443")};
    config.mayBePrivate = {"ours.org"};
    config.rpc = Endpoint::parse("127.0.0.1:9000");
    return config;
}

struct Bench
{
    void ask(const std::string &name)
    {
        service.lookUp(name, [this](Lookup lookup) { answers.push_back(std::move(lookup)); });
    }
    danube::tests::FakeClock clock;
    GuardConfig config = benchConfig();
    GuardPolicy policy{config};
    HeldResolver resolver;
    NameService service{config, policy, resolver, [this] { return clock.steady(); }};
    std::vector<Lookup> answers;
};

} // namespace

class TestNameService : public QObject
{
    Q_OBJECT
private slots:
    void givesFixedAddressesWithoutAsking()
    {
        Bench bench;
        bench.ask("fixed.org");
        bench.ask("master.danube-system");
        QCOMPARE(bench.answers.size(), size_t(2));
        QCOMPARE(bench.answers[0].endpoints, std::vector{*Endpoint::parse("127.0.0.1:8443")});
        QCOMPARE(bench.answers[1].endpoints, std::vector{*Endpoint::parse("127.0.0.1:9000")});
        QVERIFY(bench.resolver.waiting.empty());
    }
    void asksOnceForManyAndRemembers()
    {
        Bench bench;
        for (int i = 0; i < 5; ++i)
            bench.ask("a.org");
        QCOMPARE(bench.resolver.waiting.size(), size_t(1));
        bench.resolver.answer({"1.1.1.1", "2606:4700::1"}, std::chrono::seconds(20));
        QCOMPARE(bench.answers.size(), size_t(5));
        QCOMPARE(bench.answers[4].endpoints.size(), size_t(2));
        bench.clock.advance(std::chrono::seconds(19));
        bench.ask("a.org");
        QCOMPARE(bench.answers.size(), size_t(6));
        bench.clock.advance(std::chrono::seconds(1));
        bench.ask("a.org");
        QCOMPARE(bench.resolver.waiting.size(), size_t(1));
    }
    void dropsAddressesThatJobsDoNotReach()
    {
        Bench bench;
        bench.ask("mixed.org");
        bench.resolver.answer({"10.0.0.1", "1.1.1.1", "::1"});
        QCOMPARE(bench.answers.back().endpoints, std::vector{*Endpoint::parse("1.1.1.1")});
        bench.ask("rebound.org");
        bench.resolver.answer({"127.0.0.1"});
        QCOMPARE(bench.answers.back().outcome, Outcome::Forbidden);
        QCOMPARE(bench.answers.back().forbidden, std::string("127.0.0.1 (loopback)"));
        bench.ask("ours.org");
        bench.resolver.answer({"10.0.0.1", "169.254.169.254"});
        QCOMPARE(bench.answers.back().endpoints, std::vector{*Endpoint::parse("10.0.0.1")});
        bench.ask("registry.danube-system");
        bench.resolver.answer({"10.96.0.7"});
        QCOMPARE(bench.answers.back().outcome, Outcome::Found);
    }
    void forgetsFailuresSoon()
    {
        Bench bench;
        bench.ask("missing.org");
        bench.resolver.answer({}, std::chrono::seconds(3600));
        QCOMPARE(bench.answers.back().outcome, Outcome::NoSuchName);
        bench.clock.advance(NameService::negative);
        bench.ask("missing.org");
        QCOMPARE(bench.resolver.waiting.size(), size_t(1));
    }
    void boundsWhatItKeepsAndWhoWaits()
    {
        Bench bench;
        for (size_t i = 0; i < 3 * NameService::maxKept; ++i) {
            bench.ask("n" + std::to_string(i) + ".org");
            bench.resolver.answer({"1.1.1.1"});
        }
        bench.answers.clear();
        for (size_t i = 0; i < NameService::maxWaiting + 5; ++i)
            bench.ask("slow.org");
        QCOMPARE(bench.answers.size(), size_t(5)); // the ones too many fail at once
        QCOMPARE(bench.answers[0].outcome, Outcome::Failed);
        bench.resolver.answer({"1.1.1.1"});
        QCOMPARE(bench.answers.size(), NameService::maxWaiting + 5);
    }
};

QTEST_APPLESS_MAIN(TestNameService)
#include "tst_nameservice.moc"
