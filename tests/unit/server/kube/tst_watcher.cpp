// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/watcher.h"

#include "tests/support/kube/scriptedtlsserver.h"

#include <QJsonDocument>
#include <QTest>

using namespace danube;
using namespace danube::kube;
using namespace danube::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

QByteArray object(const char *name, int version)
{
    const QByteArray number = QByteArray::number(version);
    return QByteArray("{\"metadata\":{\"name\":\"") + name + "\",\"uid\":\"u-" + name + "\",\"resourceVersion\":\"" +
           number + "\"}}";
}
QByteArray watchEvent(const char *type, const QByteArray &about)
{
    return QByteArray("{\"type\":\"") + type + "\",\"object\":" + about + "}\n";
}
const QByteArray expired = "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"too old resource "
                           "version\",\"reason\":\"Expired\",\"code\":410}";
const QByteArray streamHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

QByteArray chunk(const QByteArray &bytes)
{
    return QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n";
}

/// A server with one list and a watch that the test writes, and a watcher at it.
struct World
{
    World() : client(std::make_shared<Credentials>(access()), {.retryFirst = 5ms, .retryLimit = 20ms})
    {
        server.setHandler([this](ScriptedPeer &peer, const ScriptedRequest &request) {
            if (!request.target.contains("watch=1"))
                return peer.answer(200, "{\"metadata\":{\"resourceVersion\":\"" + QByteArray::number(listVersion) +
                                            "\"},\"items\":[" + items.join(',') + "]}");
            watches.append(request.target);
            onWatch(peer);
        });
    }
    ClusterAccess access()
    {
        ClusterAccess made;
        made.server = QUrl(server.url());
        made.caPem = server.authority().certificate();
        return made;
    }
    Watcher &start(Watcher::Scope scope = {.type = resources::pods, .nameSpace = u"jobs"_s, .labelSelector = u"a=b"_s})
    {
        watcher = std::make_unique<Watcher>(client, std::move(scope));
        const auto nameOf = [](const QJsonObject &o) {
            return o.value(u"metadata"_s).toObject().value(u"name"_s).toString();
        };
        QObject::connect(watcher.get(), &Watcher::changed, watcher.get(),
                         [this, nameOf](const QJsonObject &o) { log.append(u'+' + nameOf(o)); });
        QObject::connect(watcher.get(), &Watcher::removed, watcher.get(),
                         [this, nameOf](const QJsonObject &o) { log.append(u'-' + nameOf(o)); });
        QObject::connect(watcher.get(), &Watcher::synced, watcher.get(), [this] { log.append(u"synced"_s); });
        QObject::connect(watcher.get(), &Watcher::failed, watcher.get(),
                         [this](const ApiError &error) { errors.append(error); });
        watcher->start();
        return *watcher;
    }

    ScriptedTlsServer server;
    Client client;
    std::unique_ptr<Watcher> watcher;
    int listVersion = 10;
    QByteArrayList items{object("one", 5)};
    std::function<void(ScriptedPeer &)> onWatch = [](ScriptedPeer &peer) { peer.send(streamHead); };
    QByteArrayList watches;
    QStringList log;
    QList<ApiError> errors;
};

} // namespace

class TestWatcher : public QObject
{
    Q_OBJECT

private slots:
    void listsThenWatchesFromThere()
    {
        World world;
        world.start();
        QVERIFY(!world.watcher->isSynced());
        QTRY_COMPARE(world.watches.size(), 1);
        QCOMPARE(world.log, (QStringList{u"+one"_s, u"synced"_s}));
        QVERIFY(world.watcher->isSynced());
        QVERIFY(world.watches.first().contains("resourceVersion=10"));
        QVERIFY(world.watches.first().contains("labelSelector=a%3Db"));
        world.server.lastPeer()->send(chunk(watchEvent("ADDED", object("two", 11))));
        QTRY_COMPARE(world.log.value(2), u"+two"_s);
        world.server.lastPeer()->send(chunk(watchEvent("DELETED", object("one", 12))));
        QTRY_COMPARE(world.log.value(3), u"-one"_s);
        QCOMPARE(world.watcher->counts().lists, 1U);
        QCOMPARE(world.watcher->counts().watches, 1U);
    }

    void readsLinesSplitAnywhere()
    {
        const QByteArray lines = watchEvent("ADDED", object("two", 11)) + watchEvent("MODIFIED", object("one", 12)) +
                                 watchEvent("DELETED", object("two", 13));
        World world;
        world.onWatch = [&](ScriptedPeer &peer) {
            peer.send(streamHead);
            auto *timer = new QTimer(&peer);
            connect(timer, &QTimer::timeout, &peer, [&peer, timer, rest = lines]() mutable {
                peer.send(chunk(rest.first(std::min<qsizetype>(7, rest.size()))));
                rest.remove(0, 7);
                if (rest.isEmpty())
                    timer->stop();
            });
            timer->start(0);
        };
        world.start();
        QTRY_COMPARE(world.log.size(), 5);
        QCOMPARE(world.log.mid(2), (QStringList{u"+two"_s, u"+one"_s, u"-two"_s}));
    }

    void watchesOnAfterACleanEnd()
    {
        World world;
        world.onWatch = [&](ScriptedPeer &peer) {
            if (world.watches.size() > 1)
                return peer.send(streamHead);
            peer.send(streamHead + chunk(watchEvent("BOOKMARK", object("", 33))) + "0\r\n\r\n");
        };
        world.start();
        QTRY_COMPARE(world.watches.size(), 2);
        QVERIFY(world.watches.last().contains("resourceVersion=33"));
        QCOMPARE(world.watcher->counts().lists, 1U);
        QVERIFY(world.errors.isEmpty());
    }

    void relistsOncePerExpiry_data()
    {
        QTest::addColumn<bool>("asStatus");
        QTest::newRow("as an event") << false;
        QTest::newRow("as an answer") << true;
    }
    void relistsOncePerExpiry()
    {
        QFETCH(const bool, asStatus);
        World world;
        world.onWatch = [&](ScriptedPeer &peer) {
            if (world.watches.size() > 3)
                return peer.send(streamHead);
            world.listVersion += 10;
            world.items = {object("two", 15)};
            if (asStatus)
                return peer.answer(410, expired);
            peer.send(streamHead + chunk(watchEvent("ERROR", expired)) + "0\r\n\r\n");
        };
        world.start();
        QTRY_COMPARE_WITH_TIMEOUT(world.watches.size(), 4, 20'000);
        QCOMPARE(world.watcher->counts().lists, 4U);
        QCOMPARE(world.server.requests().size(), 8);
        QVERIFY(world.watches.last().contains("resourceVersion=40"));
        QCOMPARE(world.log,
                 (QStringList{u"+one"_s, u"synced"_s, u"-one"_s, u"+two"_s, u"synced"_s, u"synced"_s, u"synced"_s}));
        QCOMPARE(world.errors.size(), 3);
        QCOMPARE(world.errors.first().kind, ApiError::Kind::Expired);
    }

    void dropsABadStream_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<bool>("hangsUp");
        QTest::addColumn<ApiError::Kind>("kind");
        using enum ApiError::Kind;
        QTest::newRow("no JSON") << streamHead + chunk("hello\n") << false << Protocol;
        QTest::newRow("cut within a line") << streamHead + chunk("{\"type\"") + "0\r\n\r\n" << false << Network;
        QTest::newRow("lost") << streamHead << true << Network;
        QTest::newRow("refused") << "HTTP/1.1 503 x\r\nContent-Length: 5\r\n\r\nlater"_ba << false << ServerError;
        QTest::newRow("endless line") << streamHead + chunk(QByteArray((8 << 20) + 1, ' ')) << false << Protocol;
    }
    void dropsABadStream()
    {
        QFETCH(const QByteArray, wire);
        QFETCH(const bool, hangsUp);
        QFETCH(const ApiError::Kind, kind);
        World world;
        world.onWatch = [&](ScriptedPeer &peer) {
            if (world.watches.size() > 1)
                return peer.send(streamHead);
            peer.send(wire);
            if (hangsUp)
                peer.hangUp();
        };
        world.start();
        QTRY_COMPARE_WITH_TIMEOUT(world.watches.size(), 2, 20'000); // goes on by itself
        QCOMPARE(world.errors.size(), 1);
        QCOMPARE(world.errors.first().kind, kind);
    }

    void dropsASilentStream()
    {
        World world;
        world.start(
            {.type = resources::pods, .nameSpace = u"jobs"_s, .labelSelector = {}, .timeout = 0s, .grace = 50ms});
        QTRY_VERIFY_WITH_TIMEOUT(world.watches.size() >= 2, 20'000);
        QCOMPARE(world.errors.first().kind, ApiError::Kind::Timeout);
    }

    void neverHasTwoRequestsAtOnce()
    {
        World world;
        QPointer<ScriptedPeer> last;
        world.onWatch = [&](ScriptedPeer &peer) {
            last = &peer;
            peer.send(streamHead);
        };
        Watcher &watcher = world.start();
        for (int i = 0; i < 5; ++i) {
            watcher.stop();
            watcher.start();
            QTest::qWait(5);
        }
        QTRY_VERIFY(!world.watches.isEmpty());
        QTest::qWait(50);
        QCOMPARE(world.watcher->counts().watches, quint64(world.watches.size()));
        watcher.stop();
        const auto told = world.log.size();
        QTRY_VERIFY(!last->isOpen());
        QCOMPARE(world.log.size(), told);
    }

    void mayBeDestroyedByAnyOfItsSignals()
    {
        for (int which = 0; which < 3; ++which) {
            World world;
            Watcher &watcher = world.start();
            const auto destroy = [&] { world.watcher.reset(); };
            if (which == 0)
                connect(&watcher, &Watcher::changed, this, destroy);
            else if (which == 1)
                connect(&watcher, &Watcher::synced, this, destroy);
            else
                connect(&watcher, &Watcher::failed, this, destroy);
            if (which == 2)
                world.onWatch = [](ScriptedPeer &peer) { peer.answer(500, "x"); };
            QTRY_VERIFY(!world.watcher);
        }
    }

    void readsTheTokenAnewAfterA401()
    {
        World world;
        world.onWatch = [&](ScriptedPeer &peer) {
            world.watches.size() > 1 ? peer.send(streamHead) : peer.answer(401, "no");
        };
        world.start();
        QTRY_COMPARE_WITH_TIMEOUT(world.watches.size(), 2, 20'000);
        QCOMPARE(world.errors.first().kind, ApiError::Kind::Unauthorized);
    }
};

QTEST_GUILESS_MAIN(TestWatcher)
#include "tst_watcher.moc"
