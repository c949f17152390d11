// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/hostresolver.h"

#include <QTest>

#include <semaphore>

using namespace danube;
using namespace danube::guard;
using Outcome = Lookup::Outcome;

namespace {

std::counting_semaphore<> asked(0);
std::counting_semaphore<> mayAnswer(0);

/// A resolver that waits until it is told to answer.
Lookup held(const std::string &name)
{
    asked.release();
    mayAnswer.acquire();
    Lookup lookup;
    lookup.outcome = Outcome::Found;
    lookup.forbidden = name;
    return lookup;
}

void stopLate(EventLoop &loop)
{
    loop.startTimer(milliseconds(60'000), [&] { loop.stop(); });
}

Lookup askNow(const std::string &name)
{
    EventLoop loop;
    HostResolver resolver(loop);
    Lookup answer;
    resolver.lookUp(name, [&](Lookup found) {
        answer = std::move(found);
        loop.stop();
    });
    stopLate(loop);
    loop.run();
    return answer;
}

} // namespace

class TestHostResolver : public QObject
{
    Q_OBJECT
private slots:
    void asksTheHost()
    {
        const Lookup four = askNow("192.0.2.7");
        QVERIFY(four.outcome == Outcome::Found);
        QVERIFY(four.endpoints == std::vector{*Endpoint::parse("192.0.2.7")});
        QCOMPARE(four.ttl, HostResolver::ttl);
        QVERIFY(askNow("2001:db8::7").endpoints == std::vector{*Endpoint::parse("2001:db8::7")});
        const Lookup local = askNow("localhost"); // by the hosts file
        QVERIFY(local.outcome == Outcome::Found && !local.endpoints.empty());
    }
    void saysThatANameIsNone()
    {
        const Lookup none = askNow("a..b");
        QVERIFY(none.outcome != Outcome::Found);
        QVERIFY(none.endpoints.empty());
    }
    void waitsForSeveralAtOnceAndAnswersOnTheLoopsThread()
    {
        EventLoop loop;
        HostResolver resolver(loop, held);
        std::vector<std::string> answers;
        const auto here = std::this_thread::get_id();
        for (int i = 0; i < HostResolver::threads; ++i) {
            resolver.lookUp("n" + std::to_string(i), [&](const Lookup &lookup) {
                QVERIFY(std::this_thread::get_id() == here);
                answers.push_back(lookup.forbidden);
                if (answers.size() == HostResolver::threads)
                    loop.stop();
            });
        }
        for (int i = 0; i < HostResolver::threads; ++i)
            asked.acquire(); // all of them at once
        QVERIFY(answers.empty());
        mayAnswer.release(HostResolver::threads);
        stopLate(loop);
        loop.run();
        std::ranges::sort(answers);
        QCOMPARE(answers.size(), size_t(HostResolver::threads));
        QCOMPARE(answers.front(), std::string("n0"));
    }
    void refusesWhenTooManyWait()
    {
        EventLoop loop;
        HostResolver resolver(loop, held);
        size_t failed = 0;
        size_t found = 0;
        const auto count = [&](const Lookup &lookup) {
            ++(lookup.outcome == Outcome::Found ? found : failed);
            if (found == HostResolver::threads + HostResolver::maxWaiting)
                loop.stop();
        };
        for (int i = 0; i < HostResolver::threads; ++i)
            resolver.lookUp("busy", count);
        for (int i = 0; i < HostResolver::threads; ++i)
            asked.acquire();
        for (size_t i = 0; i < HostResolver::maxWaiting + 10; ++i)
            resolver.lookUp("waiting", count);
        QCOMPARE(failed, size_t(10)); // at once
        mayAnswer.release(HostResolver::threads + HostResolver::maxWaiting);
        stopLate(loop);
        loop.run();
        QCOMPARE(found, size_t(HostResolver::threads) + HostResolver::maxWaiting);
        for (size_t i = 0; i < HostResolver::maxWaiting; ++i)
            asked.acquire();
    }
    void leavesWhoeverWaitsAlone()
    {
        EventLoop loop;
        bool wasTold = false;
        {
            HostResolver resolver(loop, held);
            for (int i = 0; i < HostResolver::threads + 5; ++i)
                resolver.lookUp("late", [&](const Lookup &) { wasTold = true; });
            for (int i = 0; i < HostResolver::threads; ++i)
                asked.acquire();
        }
        mayAnswer.release(HostResolver::threads); // the threads end without a word
        loop.startTimer(milliseconds(50), [&] { loop.stop(); });
        loop.run();
        QVERIFY(!wasTold);
    }
};

QTEST_APPLESS_MAIN(TestHostResolver)
#include "tst_hostresolver.moc"
