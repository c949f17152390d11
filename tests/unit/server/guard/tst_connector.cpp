// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/connector.h"
#include "tests/unit/server/guard/tcppair.h"

#include <QTest>

#include <cerrno>

using namespace danube;
using namespace danube::guard;
using namespace danube::guard::tests;

namespace {

struct Outcome
{
    FileDescriptor socket;
    int error = -1;
};

Endpoint placeOf(const FileDescriptor &listener)
{
    return *Endpoint::ofSocket(listener.get());
}

/// A listener whose queue is full: further connections are neither taken nor refused.
struct Silent
{
    Silent() : listener(listenOn("127.0.0.1", 0))
    {
        for (int i = 0; i < 4; ++i) {
            sockaddr_storage place{};
            const socklen_t length = placeOf(listener).write(place);
            auto &made = waiting.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
            connect(made.get(), reinterpret_cast<sockaddr *>(&place), length);
        }
    }
    FileDescriptor listener;
    std::vector<FileDescriptor> waiting;
};

Outcome reach(std::vector<Endpoint> endpoints, milliseconds timeout = milliseconds(30'000))
{
    EventLoop loop;
    Outcome outcome;
    Connector connector(loop, endpoints, timeout, [&](FileDescriptor socket, int error) {
        outcome = {std::move(socket), error};
        loop.stop();
    });
    loop.startTimer(milliseconds(60'000), [&] { loop.stop(); });
    loop.run();
    return outcome;
}

Endpoint peerOf(const FileDescriptor &socket)
{
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    getpeername(socket.get(), reinterpret_cast<sockaddr *>(&address), &length);
    return *Endpoint::of(address);
}

} // namespace

class TestConnector : public QObject
{
    Q_OBJECT
private slots:
    void connects()
    {
        const FileDescriptor listener = listenOn("127.0.0.1");
        const Outcome outcome = reach({placeOf(listener)});
        QCOMPARE(outcome.error, 0);
        QVERIFY(peerOf(outcome.socket) == placeOf(listener));
        QVERIFY(fcntl(outcome.socket.get(), F_GETFL) & O_NONBLOCK);
    }
    void triesTheNextWhereOneIsRefused()
    {
        const FileDescriptor closed = listenOn("127.0.0.1", -1);
        const FileDescriptor listener = listenOn("127.0.0.1");
        const Outcome outcome = reach({placeOf(closed), placeOf(closed), placeOf(listener)});
        QCOMPARE(outcome.error, 0);
        QVERIFY(peerOf(outcome.socket) == placeOf(listener));
    }
    void triesTheNextWhileOneIsSilent()
    {
        const Silent silent;
        const FileDescriptor listener = listenOn("127.0.0.1");
        const Outcome outcome = reach({placeOf(silent.listener), placeOf(listener)});
        QCOMPARE(outcome.error, 0);
        QVERIFY(peerOf(outcome.socket) == placeOf(listener));
    }
    void triesIpv6First()
    {
        const FileDescriptor six = listenOn("::1");
        if (!six)
            QSKIP("no IPv6 here");
        const FileDescriptor four = listenOn("127.0.0.1");
        const Outcome outcome = reach({placeOf(four), placeOf(six)});
        QVERIFY(peerOf(outcome.socket) == placeOf(six));
    }
    void saysWhyNoneWasReached()
    {
        const FileDescriptor closed = listenOn("127.0.0.1", -1);
        QCOMPARE(reach({placeOf(closed)}).error, ECONNREFUSED);
        QCOMPARE(reach({}).error, EADDRNOTAVAIL);
        const Silent silent;
        QCOMPARE(reach({placeOf(silent.listener)}, milliseconds(50)).error, ETIMEDOUT);
    }
    void triesSixteenAtMost()
    {
        const FileDescriptor closed = listenOn("127.0.0.1", -1);
        const FileDescriptor listener = listenOn("127.0.0.1");
        std::vector<Endpoint> endpoints(Connector::maxAddresses - 1, placeOf(closed));
        endpoints.push_back(placeOf(listener));
        QCOMPARE(reach(endpoints).error, 0);
        endpoints.insert(endpoints.begin(), placeOf(closed));
        QCOMPARE(reach(endpoints).error, ECONNREFUSED);
    }
    void givesUpWhenDestroyed()
    {
        const FileDescriptor listener = listenOn("127.0.0.1");
        EventLoop loop;
        bool wasTold = false;
        auto connector = std::make_unique<Connector>(loop, std::vector{placeOf(listener)}, milliseconds(30'000),
                                                     [&](FileDescriptor, int) { wasTold = true; });
        connector.reset();
        loop.startTimer(2 * Connector::stagger, [&] { loop.stop(); });
        loop.run();
        QVERIFY(!wasTold);
    }
    void mayBeDestroyedByItsAnswer()
    {
        const FileDescriptor closed = listenOn("127.0.0.1", -1);
        const FileDescriptor listener = listenOn("127.0.0.1");
        for (const std::vector<Endpoint> &endpoints : {std::vector{placeOf(listener)}, std::vector{placeOf(closed)}}) {
            EventLoop loop;
            std::unique_ptr<Connector> connector;
            int told = 0;
            connector = std::make_unique<Connector>(loop, endpoints, milliseconds(30'000), [&](FileDescriptor, int) {
                ++told;
                connector.reset();
                loop.stop();
            });
            loop.run();
            QCOMPARE(told, 1);
        }
    }
};

QTEST_APPLESS_MAIN(TestConnector)
#include "tst_connector.moc"
