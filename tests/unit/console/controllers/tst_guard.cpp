// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/guard.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakemaster.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestGuard : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    tests::FakeClock m_clock;
    std::unique_ptr<tests::FakeMaster> m_master;
    std::unique_ptr<Masters> m_masters;
    std::unique_ptr<Guard> m_guard;

    MasterSession *connectAs(ProfileKind kind)
    {
        MasterSession *session =
            m_masters->connectTo({u"live"_s, m_master->url().toString(), kind}, Secret("token")).value();
        return QTest::qWaitFor([session] { return session->isLive(); }, 20'000) ? session : nullptr;
    }

private slots:
    void init()
    {
        m_master = std::make_unique<tests::FakeMaster>();
        m_master->events().setHeartbeat(milliseconds(500));
        m_masters = std::make_unique<Masters>(LogCache(m_folder.filePath(u"logs"_s), 10_MiB), m_clock);
        m_guard = std::make_unique<Guard>(*m_masters, m_clock);
    }
    void cleanup()
    {
        m_guard.reset();
        m_masters.reset();
        m_master.reset();
    }
    void onlyProductionIsGuarded()
    {
        MasterSession *session = connectAs(ProfileKind::Staging);
        QVERIFY(session);
        QVERIFY(!m_guard->isLocked(session));
        QCOMPARE(m_guard->lockReason(session), QString());
        QVERIFY(!m_guard->isLocked(nullptr));
    }
    void theExactNameUnlocksForFifteenMinutes()
    {
        MasterSession *session = connectAs(ProfileKind::Production);
        QVERIFY(session && m_guard->isLocked(session));
        QVERIFY(m_guard->lockReason(session).contains(u"live"_s));
        QVERIFY(!m_guard->unlock(session, u"Live"_s));
        QVERIFY(!m_guard->unlock(session, {}));
        QVERIFY(m_guard->isLocked(session));
        QVERIFY(m_guard->unlock(session, u"live"_s));
        QVERIFY(!m_guard->isLocked(session));
        QCOMPARE(m_guard->openUntil(session), m_clock.wall() + std::chrono::minutes(15));
        for (int minute = 0; minute < 14; ++minute) { // somebody works
            m_clock.advance(std::chrono::minutes(1));
            m_guard->noteInput();
        }
        QTest::qWait(1500); // it looks once a second, and must not lock
        QVERIFY(!m_guard->isLocked(session));
        m_clock.advance(std::chrono::minutes(1));
        m_guard->noteInput();
        QTRY_VERIFY(m_guard->isLocked(session));
        QCOMPARE(m_guard->openUntil(session), WallTime{});
    }
    void idleLocksAgain()
    {
        MasterSession *session = connectAs(ProfileKind::Production);
        QVERIFY(session && m_guard->unlock(session, u"live"_s));
        m_clock.advance(Guard::idleTime);
        QTRY_VERIFY(m_guard->isLocked(session));
    }
    void aLostConnectionLocksAgain()
    {
        MasterSession *session = connectAs(ProfileKind::Production);
        QVERIFY(session && m_guard->unlock(session, u"live"_s));
        QSignalSpy changes(m_guard.get(), &Guard::changed);
        m_master->server().closeConnections();
        QTRY_VERIFY(m_guard->isLocked(session));
        QVERIFY(!changes.isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(session->isLive(), 20'000);
        QVERIFY(m_guard->isLocked(session)); // also when it is back
    }
};

QTEST_GUILESS_MAIN(TestGuard)
#include "tst_guard.moc"
