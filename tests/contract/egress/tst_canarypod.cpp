// SPDX-License-Identifier: GPL-3.0-or-later
// The canary on the stand-in cluster, which has no network plugin: the honest answer is that nothing is enforced.
#include "server/egress/canary.h"
#include "tests/support/kube/standinprocess.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

using namespace danube;
using namespace danube::egress;
using namespace danube::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestCanaryPod : public QObject
{
    Q_OBJECT

    std::unique_ptr<StandInProcess> m_cluster;
    std::unique_ptr<kube::Client> m_client;
    std::unique_ptr<Canary> m_canary;
    QTcpServer m_master;
    SystemClock m_clock;
    const QString m_namespace = u"danube-jobs"_s;

    void open(const QString &image = u"localhost/coordinator:test"_s, milliseconds limit = 60s)
    {
        const QUrl server = m_client->credentials()->access().server;
        Canary::Settings settings;
        settings.pod = {.name = {},
                        .nameSpace = m_namespace,
                        .instance = u"danube"_s,
                        .image = image,
                        .runAsUser = 1000,
                        .targets = {.allowed = {u"127.0.0.1"_s, m_master.serverPort()},
                                    .forbiddenName = u"forbidden.invalid"_s,
                                    .apiServer = {server.host(), static_cast<quint16>(server.port())}}};
        settings.limit = limit;
        m_canary = std::make_unique<Canary>(*m_client, m_clock, settings);
    }
    bool hasPods() { return !m_cluster->list(kube::resources::pods, m_namespace).isEmpty(); }

private slots:
    void initTestCase()
    {
        m_cluster = std::make_unique<StandInProcess>(
            QJsonObject{{u"localhost/coordinator:test"_s, QJsonObject{{u"rootfs"_s, u"host"_s}}}});
        const QString failure = m_cluster->prepare();
        QVERIFY2(failure.isEmpty(), qPrintable(failure));
        QVERIFY(m_master.listen(QHostAddress::LocalHost));
    }
    void init() { m_client = m_cluster->newClient(); }
    void cleanup()
    {
        m_canary.reset();
        m_client.reset();
        m_cluster->heal();
        for (const QJsonValue &pod : m_cluster->list(kube::resources::pods, m_namespace))
            m_cluster->remove(kube::resources::pods, m_namespace, pod[u"metadata"][u"name"].toString(), 0s);
    }
    void cleanupTestCase() { m_cluster.reset(); }

    void saysThatNothingIsEnforced()
    {
        open();
        QSignalSpy found(m_canary.get(), &Canary::found);
        m_canary->setPolicy(u"sha256:1"_s);
        QTRY_COMPARE_WITH_TIMEOUT(found.size(), 1, 60'000);
        const CanaryFinding finding = *m_canary->finding();
        QCOMPARE(finding.sentence, u"the canary reached the API server"_s);
        QCOMPARE(finding.kind, CanaryFinding::Kind::Breached);
        QCOMPARE(finding.digest, u"sha256:1"_s);
        QTRY_VERIFY(!hasPods());

        const PolicyStatus status{
            .kind = PolicyKind::Cilium,
            .policies =
                {{.name = u"p"_s, .pipeline = {}, .phase = PolicyReport::Phase::Applied, .detail = {}, .since = {}}},
            .digest = u"sha256:1"_s,
            .notes = {},
            .foreign = {},
            .failure = {},
            .isAudit = false};
        const EgressLevel level = levelOf(status, finding, m_clock.wall(), m_canary->life());
        QCOMPARE(level.kind, EgressLevel::Kind::Declared);
        QCOMPARE(level.reason, u"not enforced: the canary reached the API server"_s);
    }

    void isInconclusiveWithoutAPod()
    {
        m_cluster->fault({{u"fault"_s, u"quota"_s}});
        open(u"localhost/coordinator:test"_s, 500ms);
        m_canary->setPolicy(u"sha256:1"_s);
        QTRY_VERIFY(m_canary->finding());
        QCOMPARE(m_canary->finding()->kind, CanaryFinding::Kind::Inconclusive);
        QVERIFY(!m_canary->finding()->sentence.isEmpty());
    }

    void isInconclusiveWhenItDoesNotEnd()
    {
        open(u"localhost/no-such-image:1"_s, 1s);
        m_canary->setPolicy(u"sha256:1"_s);
        QTRY_VERIFY(m_canary->finding());
        QCOMPARE(m_canary->finding()->sentence, u"the canary did not end in time"_s);
        QTRY_VERIFY(!hasPods());
    }

    void removesWhatAKilledMasterLeft()
    {
        open(u"localhost/no-such-image:1"_s);
        m_canary->setPolicy(u"sha256:1"_s);
        QTRY_VERIFY(hasPods());
        const QString left = m_cluster->list(kube::resources::pods, m_namespace)[0][u"metadata"][u"name"].toString();
        m_canary.reset();
        open();
        m_canary->setPolicy(u"sha256:1"_s);
        QTRY_VERIFY(!m_cluster->get(kube::resources::pods, m_namespace, left));
    }

    void stopsWhenThePolicyGoes()
    {
        open(u"localhost/no-such-image:1"_s);
        m_canary->setPolicy(u"sha256:1"_s);
        QTRY_VERIFY(hasPods());
        m_canary->setPolicy({});
        QTRY_VERIFY(!hasPods());
        QVERIFY(!m_canary->finding());
    }
};

QTEST_GUILESS_MAIN(TestCanaryPod)
#include "tst_canarypod.moc"
