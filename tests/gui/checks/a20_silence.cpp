// SPDX-License-Identifier: GPL-3.0-or-later
// A20: the socket is open but says nothing: Stale within 2.5 heartbeats, then it connects again.
#include "console/app/profilebar.h"
#include "tests/gui/sample.h"

#include <QElapsedTimer>
#include <QSignalSpy>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class A20 : public QObject
{
    Q_OBJECT
    static constexpr milliseconds heartbeat{1000};
    static constexpr qint64 slack = 6'000; // of a busy machine

private slots:
    void silenceBecomesStaleAndThenIsConnectedAgain()
    {
        Sample sample;
        sample.addExamples();
        sample.master.events().setHeartbeat(heartbeat / 4);
        sample.window->masters().setSettings({.heartbeat = heartbeat});
        sample.window->show();
        MasterSession *session = sample.connectWindow().value();
        QTRY_VERIFY(session->isLive());
        QStringList states;
        connect(session, &MasterSession::connectionChanged, this, [&] {
            const QString word = describe(session->connection()).section(u' ', 0, 0);
            if (states.isEmpty() || states.last() != word)
                states.append(word);
        });
        const int served = sample.master.events().served();
        QElapsedTimer timer;
        timer.start();
        sample.master.events().setSilent(true); // the socket stays
        QTRY_COMPARE_WITH_TIMEOUT(session->connection().state, ConnectionState::Stale, 2500 + slack);
        QVERIFY2(timer.elapsed() >= 2'000, qPrintable(QString::number(timer.elapsed()))); // not before its time
        QVERIFY(sample.window->profileBar()->chipOf(*session)->stateText().startsWith(u"Stale since"_s));
        QCOMPARE(sample.master.events().served(), served);
        sample.master.events().setSilent(false);
        QTRY_VERIFY_WITH_TIMEOUT(session->isLive(), 20'000);
        QVERIFY(sample.master.events().served() > served); // a new stream
        QVERIFY2(states.size() >= 2 && states.front() == u"Stale"_s && states.back() == u"Live"_s,
                 qPrintable(states.join(u' ')));
    }
    void aQuietMasterWithHeartbeatsStaysLive()
    {
        Sample sample;
        sample.master.events().setHeartbeat(heartbeat / 4);
        sample.window->masters().setSettings({.heartbeat = heartbeat});
        MasterSession *session = sample.connectWindow().value();
        QTRY_VERIFY(session->isLive());
        QSignalSpy changes(session, &MasterSession::connectionChanged);
        QTest::qWait(int(heartbeat.count()) * 4); // what is waited for is that nothing happens
        QCOMPARE(changes.size(), 0);
    }
};

QTEST_MAIN(A20)
#include "a20_silence.moc"
