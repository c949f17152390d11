// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/socketpoller.h"

#include <QTest>

#include <array>
#include <sys/socket.h>

using namespace danube;
using namespace danube::rpc;

namespace {

struct Counted final : PolledSocket
{
    int told = 0;
    void onReady() override { ++told; }
};

struct Pair
{
    Pair()
    {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
            qFatal("socketpair");
        here = FileDescriptor(ends[0]);
        there = FileDescriptor(ends[1]);
    }
    FileDescriptor here;
    FileDescriptor there;
};

} // namespace

class TestSocketPoller : public QObject
{
    Q_OBJECT
private slots:
    void tellsWhatIsWaitedFor()
    {
        SocketPoller poller(nullptr);
        QVERIFY(poller.open());
        const Pair pair;
        Counted socket;
        QVERIFY(poller.add(pair.here.get(), socket));
        QTest::qWait(20);
        QCOMPARE(socket.told, 0);
        QCOMPARE(::send(pair.there.get(), "x", 1, 0), 1);
        QTRY_VERIFY(socket.told > 0);
        char byte = 0;
        QCOMPARE(::recv(pair.here.get(), &byte, 1, 0), 1);
        QTest::qWait(20);
        socket.told = 0;
        poller.change(pair.here.get(), socket, SocketPoller::Wait::ToWrite);
        QTRY_VERIFY(socket.told > 0);
        poller.change(pair.here.get(), socket, SocketPoller::Wait::ToRead);
        QTest::qWait(20);
        socket.told = 0;
        QTest::qWait(20);
        QCOMPARE(socket.told, 0);
    }

    /// As long as a child of this process is between fork and exec it has a copy of each descriptor.
    void isSilentAboutASocketThatWasRemovedThoughSomebodyKeepsItOpen()
    {
        SocketPoller poller(nullptr);
        QVERIFY(poller.open());
        Pair pair;
        const FileDescriptor copy(::dup(pair.here.get()));
        auto socket = std::make_unique<Counted>();
        QVERIFY(poller.add(pair.here.get(), *socket));
        poller.remove(pair.here.get());
        pair.here.reset();
        pair.there.reset(); // the end of the stream is there to be read, for ever
        QTest::qWait(50);
        QCOMPARE(socket->told, 0);
    }
};

QTEST_GUILESS_MAIN(TestSocketPoller)
#include "tst_socketpoller.moc"
