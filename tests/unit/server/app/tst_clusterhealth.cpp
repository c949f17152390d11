// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/clusterhealth.h"

#include "tests/support/kube/scriptedtlsserver.h"

#include <QTest>

using namespace danube;
using namespace danube::app;
using namespace danube::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr auto allowed = R"({"status":{"allowed":true}})";

/// A scripted API server, and a ClusterHealth that asks it every few milliseconds.
struct World
{
    World()
    {
        server.setHandler([this](ScriptedPeer &peer, const ScriptedRequest &) { peer.answer(code, body); });
        kube::ClusterAccess access;
        access.server = QUrl(server.url());
        access.caPem = server.authority().certificate();
        access.token = Secret("t0ken");
        kube::ClientSettings settings;
        settings.retryFirst = 5ms;
        settings.retryLimit = 20ms;
        client = std::make_unique<kube::Client>(std::make_shared<kube::Credentials>(std::move(access)), settings);
        health = std::make_unique<ClusterHealth>(*client, u"danube-jobs"_s,
                                                 ClusterHealth::Settings{.interval = 10ms, .deadline = 500ms});
    }
    bool becomes(bool good) const
    {
        return QTest::qWaitFor([&] { return health->state().has_value() == good; }, 20'000);
    }
    ScriptedTlsServer server;
    int code = 201;
    QByteArray body = allowed;
    std::unique_ptr<kube::Client> client;
    std::unique_ptr<ClusterHealth> health;
};

} // namespace

class TestClusterHealth : public QObject
{
    Q_OBJECT
private slots:
    void isNotGoodBeforeTheFirstAnswer()
    {
        const World world;
        QVERIFY(!world.health->state());
        QCOMPARE(world.health->state().error().code, ErrorCode::Unavailable);
    }
    void asksForTheRightToMakePods()
    {
        const World world;
        QVERIFY(world.becomes(true));
        const ScriptedRequest &request = world.server.requests().first();
        QCOMPARE(request.method, "POST");
        QVERIFY2(request.target.contains("selfsubjectaccessreviews"), request.target.constData());
        for (const char *part : {"danube-jobs", "create", "pods"})
            QVERIFY2(request.body.contains(part), request.body.constData());
    }
    void saysWhatIsWrong_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("words");
        QTest::newRow("no right") << 201 << QByteArray(R"({"status":{"allowed":false}})")
                                  << u"may not create pods in namespace danube-jobs"_s;
        QTest::newRow("an answer that says nothing") << 201 << QByteArray("{}") << u"may not create pods"_s;
        QTest::newRow("token refused") << 401 << QByteArray(R"({"kind":"Status","message":"Unauthorized","code":401})")
                                       << u"Unauthorized"_s;
        QTest::newRow("server in trouble") << 500 << QByteArray("etcd is away") << u"etcd is away"_s;
    }
    void saysWhatIsWrong()
    {
        QFETCH(int, code);
        QFETCH(QByteArray, body);
        QFETCH(QString, words);
        World world;
        QVERIFY(world.becomes(true));
        world.code = code;
        world.body = body;
        QVERIFY(world.becomes(false));
        const QString message = world.health->state().error().message;
        QVERIFY2(message.contains(words), qPrintable(message));
    }
    void recoversByItself()
    {
        World world;
        world.code = 403;
        QVERIFY(QTest::qWaitFor([&] { return world.server.requests().size() > 1; }, 20'000));
        QVERIFY(!world.health->state());
        world.code = 201;
        QVERIFY(world.becomes(true));
    }
    void anUnreachableServerIsNotGood()
    {
        World world;
        QVERIFY(world.becomes(true));
        world.server.shut();
        world.server.setHandler([](ScriptedPeer &peer, const ScriptedRequest &) { peer.reset(); });
        QVERIFY(world.becomes(false));
    }
    void showsItselfInTheMetrics()
    {
        metrics::Metrics metrics;
        World world;
        world.health->showIn(metrics);
        QVERIFY(world.becomes(true));
        const QByteArray text = metrics.text();
        QVERIFY2(text.contains("danube_kube_ready 1"), text.constData());
        QVERIFY2(!text.contains("danube_kube_requests_total 0"), text.constData());
        QVERIFY2(text.contains("danube_kube_refused_429_total 0"), text.constData());
    }
};

QTEST_GUILESS_MAIN(TestClusterHealth)
#include "tst_clusterhealth.moc"
