// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/api/eventstream.h"

#include "tests/support/fakemaster.h"

#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

using namespace danube;
using namespace danube::api;
using namespace danube::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using State = EventStream::State;

namespace {

const JobId job(u"j1"_s);

/// Waits short enough for a test, with the real logic.
EventStream::Settings quickSettings()
{
    EventStream::Settings settings;
    settings.backoffBase = 10ms;
    settings.backoffCap = 50ms;
    settings.firstRetry = 1ms;
    settings.heartbeat = 10s;
    settings.quiet = 10ms;
    return settings;
}

/// The masked file put together again from the exact events.
struct LogReceiver
{
    explicit LogReceiver(EventStream &stream)
    {
        QObject::connect(&stream, &EventStream::eventsReceived, &stream,
                         [this](const QList<protocol::SseEvent> &events) { take(events); });
    }
    void take(const QList<protocol::SseEvent> &events)
    {
        for (const protocol::SseEvent &event : events) {
            ++count;
            names.append(event.event);
            const auto line = protocol::logLineFromJson(event.data);
            if (event.event.isEmpty() && line)
                bytes += line->bytes + '\n';
        }
    }
    QByteArray bytes;
    QList<QByteArray> names;
    int count = 0;
};

} // namespace

class TestEventStream : public QObject
{
    Q_OBJECT

    static Endpoint endpointOf(const FakeMaster &master) { return {master.url(), nullptr}; }
    static QUrl logUrl(const FakeMaster &master)
    {
        return endpointOf(master).url(protocol::RouteId::JobLogStream, {job.value()});
    }

private slots:
    void givesExactBytesAcrossTwentyRandomCuts()
    {
        FakeMaster master;
        QRandomGenerator random(17);
        int cuts = 0;
        master.log(job).cutAfter([&]() -> qint64 { return ++cuts <= 20 ? random.bounded(1, 4000) : -1; });
        for (int i = 0; i < 600; ++i) {
            QByteArray line(random.bounded(0, 120), Qt::Uninitialized);
            for (char &byte : line)
                byte = static_cast<char>(random.bounded(256));
            master.print(job, StepNumber(1), line.replace('\n', '\r'));
        }
        master.endLog(job, JobState::Success);
        EventStream stream(endpointOf(master), logUrl(master), quickSettings());
        LogReceiver receiver(stream);
        stream.start();
        QTRY_COMPARE_WITH_TIMEOUT(stream.state(), State::Ended, 20'000);
        QCOMPARE(receiver.bytes, master.logBytes(job));
        QCOMPARE(receiver.count, 601);
        QVERIFY(cuts > 20);
        QVERIFY(stream.reconnects() >= 20);
    }

    void dropsRepeatedEvents()
    {
        FakeMaster master;
        int cuts = 0;
        master.log(job).setRepeatLast(true);
        master.log(job).cutAfter([&]() -> qint64 { return ++cuts <= 3 ? 700 : -1; });
        for (int i = 0; i < 20; ++i)
            master.print(job, StepNumber(1), QByteArray::number(i));
        EventStream stream(endpointOf(master), logUrl(master), quickSettings());
        LogReceiver receiver(stream);
        stream.start();
        QTRY_COMPARE(receiver.bytes, master.logBytes(job));
        QVERIFY(master.log(job).served() > 3);
        QCOMPARE(receiver.count, 20);
    }

    void handsOutGapsAlthoughTheyGoBack()
    {
        FakeMaster master;
        master.print(job, StepNumber(1), "one");
        master.print(job, StepNumber(1), "two");
        master.log(job).append({"2:4", protocol::gapEventName, "{}"});
        master.log(job).append({"1:4", protocol::gapEventName, "{}"});
        EventStream stream(endpointOf(master), logUrl(master), quickSettings());
        LogReceiver receiver(stream);
        stream.start();
        QTRY_COMPARE(receiver.count, 4);
        QCOMPARE(stream.lastEventId(), "1:4"_ba);
    }

    void resumesAfterTheGivenId()
    {
        FakeMaster master;
        for (const char *text : {"one", "two", "three"})
            master.print(job, StepNumber(1), text);
        EventStream stream(endpointOf(master), logUrl(master), quickSettings());
        LogReceiver receiver(stream);
        stream.setLastEventId("1:4");
        stream.start();
        QTRY_COMPARE(receiver.bytes, "two\nthree\n"_ba);
        QCOMPARE(master.requests().first().headers.value("last-event-id"), "1:4"_ba);
        QCOMPARE(stream.lastEventId(), "1:14"_ba);
    }

    void remembersAnIdWithoutEvent()
    {
        FakeMaster master;
        master.on("GET", u"/api/v1/events/stream"_s, [](const FakeRequest &) {
            return FakeReply{.body = "id: boot:7\n\n", .contentType = "text/event-stream"};
        });
        EventStream stream(endpointOf(master), endpointOf(master).url(protocol::RouteId::EventStream), quickSettings());
        stream.start();
        QTRY_COMPARE(stream.lastEventId(), "boot:7"_ba);
        QTRY_VERIFY(master.requests().size() > 1);
        QCOMPARE(master.requests().at(1).headers.value("last-event-id"), "boot:7"_ba);
    }

    void becomesStaleWhenSilentAndReconnects()
    {
        FakeMaster master;
        auto settings = quickSettings();
        settings.heartbeat = 60ms;
        master.print(job, StepNumber(1), "one");
        EventStream stream(endpointOf(master), logUrl(master), settings);
        QList<State> states;
        connect(&stream, &EventStream::stateChanged, this, [&](State state) { states.append(state); });
        QElapsedTimer clock;
        stream.start();
        QTRY_COMPARE(stream.state(), State::Live);
        clock.start();
        master.log(job).setSilent(true);
        QTRY_VERIFY_WITH_TIMEOUT(states.contains(State::Stale), 5000);
        QVERIFY2(clock.elapsed() >= 100, "stale although 2.5 intervals have not passed");
        QTRY_VERIFY(master.log(job).served() >= 2);
        QCOMPARE(stream.lastError().code, ErrorCode::Timeout);
        QVERIFY(!states.contains(State::Offline));
    }

    void heartbeatsKeepItLive()
    {
        FakeMaster master;
        auto settings = quickSettings();
        settings.heartbeat = 60ms;
        master.log(job).setHeartbeat(30ms);
        EventStream stream(endpointOf(master), logUrl(master), settings);
        stream.start();
        QTRY_COMPARE(stream.state(), State::Live);
        QTest::qWait(400); // more than two watchdog periods: nothing to wait for, that is the point
        QCOMPARE(stream.state(), State::Live);
        QCOMPARE(master.log(job).served(), 1);
    }

    void endsAtTheEndEvent()
    {
        FakeMaster master;
        master.print(job, StepNumber(1), "one");
        master.endLog(job, JobState::Failure);
        EventStream stream(endpointOf(master), logUrl(master), quickSettings());
        LogReceiver receiver(stream);
        stream.start();
        QTRY_COMPARE(stream.state(), State::Ended);
        QCOMPARE(receiver.names.last(), "end"_ba);
        QCOMPARE(stream.lastEventId(), "1:4:end"_ba);
        stream.start();
        QCOMPARE(stream.state(), State::Ended);
    }

    void endsAt204()
    {
        FakeMaster master;
        master.endLog(job, JobState::Success);
        EventStream stream(endpointOf(master), logUrl(master), quickSettings());
        stream.setLastEventId("1:0:end");
        stream.start();
        QTRY_COMPARE(stream.state(), State::Ended);
        QCOMPARE(stream.reconnects(), 0);
    }

    void asksForSignInAt401AndGoesOnWithTheNewToken()
    {
        FakeMaster master;
        master.requireToken("right");
        master.print(job, StepNumber(1), "one");
        EventStream stream(endpointOf(master), logUrl(master), quickSettings());
        LogReceiver receiver(stream);
        QSignalSpy signIn(&stream, &EventStream::signInNeeded);
        stream.start();
        QTRY_COMPARE(signIn.size(), 1);
        QCOMPARE(stream.state(), State::Offline);
        QTest::qWait(80); // longer than the backoff: it must not knock again
        QCOMPARE(master.requests().size(), 1);
        stream.setToken(std::make_shared<const Secret>("right"_ba));
        stream.start();
        QTRY_COMPARE(receiver.bytes, "one\n"_ba);
        QCOMPARE(signIn.size(), 1);
    }

    void givesUpWhereNoRetryHelps_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("forbidden") << 403 << ErrorCode::PermissionDenied;
        QTest::newRow("missing") << 404 << ErrorCode::NotFound;
        QTest::newRow("bad request") << 400 << ErrorCode::InvalidArgument;
    }
    void givesUpWhereNoRetryHelps()
    {
        QFETCH(int, status);
        QFETCH(ErrorCode, code);
        FakeMaster master;
        master.refuseAll(status);
        EventStream stream(endpointOf(master), logUrl(master), quickSettings());
        QSignalSpy failed(&stream, &EventStream::failed);
        stream.start();
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(stream.lastError(), (Error{code, u"refused by the test"_s}));
        QTest::qWait(80);
        QCOMPARE(master.requests().size(), 1);
    }

    void triesAgainWhereItHelps_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : {408, 425, 429, 500, 502, 503, 504})
            QTest::addRow("%d", status) << status;
    }
    void triesAgainWhereItHelps()
    {
        QFETCH(int, status);
        FakeMaster master;
        master.refuseAll(status);
        master.print(job, StepNumber(1), "one");
        EventStream stream(endpointOf(master), logUrl(master), quickSettings());
        LogReceiver receiver(stream);
        QSignalSpy reconnecting(&stream, &EventStream::reconnecting);
        stream.start();
        QTRY_VERIFY(reconnecting.size() >= 2);
        QCOMPARE(stream.lastError().message, u"refused by the test"_s);
        master.refuseAll(std::nullopt);
        QTRY_COMPARE(receiver.bytes, "one\n"_ba);
    }

    void honoursRetryAfterUpToTheCap_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : {429, 503})
            QTest::addRow("%d", status) << status;
    }
    void honoursRetryAfterUpToTheCap()
    {
        QFETCH(int, status);
        FakeMaster master;
        master.on("GET", u"/api/v1/jobs/j1/logs/stream"_s, [status](const FakeRequest &) {
            return FakeReply{.status = status, .headers = {{"Retry-After", "2"}}};
        });
        auto settings = quickSettings();
        settings.backoffCap = 5s;
        EventStream stream(endpointOf(master), logUrl(master), settings);
        QList<std::chrono::milliseconds> delays;
        connect(&stream, &EventStream::reconnecting, this,
                [&](const Error &, std::chrono::milliseconds delay) { delays.append(delay); });
        stream.start();
        QTRY_COMPARE(delays.size(), 1);
        QCOMPARE(delays.first(), 2s);
        stream.retryNow();
        QTRY_COMPARE(delays.size(), 2);
    }

    void survivesARestartOfTheMaster()
    {
        FakeMaster master;
        master.print(job, StepNumber(1), "one");
        EventStream stream(endpointOf(master), logUrl(master), quickSettings());
        LogReceiver receiver(stream);
        QSignalSpy reconnecting(&stream, &EventStream::reconnecting);
        stream.start();
        QTRY_COMPARE(receiver.bytes, "one\n"_ba);
        master.server().stopListening();
        master.server().closeConnections();
        QTRY_VERIFY(reconnecting.size() >= 3);
        QCOMPARE(stream.lastError().code, ErrorCode::Unavailable);
        master.print(job, StepNumber(1), "two");
        master.server().listenAgain();
        QTRY_COMPARE(receiver.bytes, "one\ntwo\n"_ba);
        QCOMPARE(receiver.count, 2);
    }

    void refusesAnythingButAnEventStream()
    {
        FakeMaster master;
        master.on("GET", u"/api/v1/jobs/j1/logs/stream"_s,
                  [](const FakeRequest &) { return FakeReply{.body = "<html>", .contentType = "text/html"}; });
        EventStream stream(endpointOf(master), logUrl(master), quickSettings());
        QSignalSpy reconnecting(&stream, &EventStream::reconnecting);
        stream.start();
        QTRY_VERIFY(reconnecting.size() >= 1);
        QCOMPARE(stream.lastError().code, ErrorCode::Protocol);
        QVERIFY(stream.lastError().message.contains(u"text/html"));
    }

    void stopsWhenToldSo()
    {
        FakeMaster master;
        master.print(job, StepNumber(1), "one");
        EventStream stream(endpointOf(master), logUrl(master), quickSettings());
        LogReceiver receiver(stream);
        stream.start();
        QTRY_COMPARE(receiver.count, 1);
        stream.stop();
        QCOMPARE(stream.state(), State::Offline);
        master.print(job, StepNumber(1), "two");
        QTest::qWait(50);
        QCOMPARE(receiver.count, 1);
        stream.start();
        QTRY_COMPARE(receiver.bytes, "one\ntwo\n"_ba);
    }

    void aPausedStreamMakesTheServerWait()
    {
        FakeMaster master;
        auto settings = quickSettings();
        settings.readBuffer = 64 << 10;
        settings.heartbeat = 40ms; // the watchdog must not fire while the silence is our own doing
        EventStream stream(endpointOf(master), logUrl(master), settings);
        LogReceiver receiver(stream);
        stream.start();
        QTRY_VERIFY(master.log(job).served() == 1);
        stream.setPaused(true);
        constexpr int lines = 600;
        for (int i = 0; i < lines; ++i)
            master.print(job, StepNumber(1), QByteArray(100'000, 'x'));
        QTest::qWait(300);
        QCOMPARE(receiver.count, 0);
        QVERIFY2(master.log(job).written() < 30'000'000, qPrintable(QString::number(master.log(job).written())));
        QCOMPARE(master.log(job).served(), 1);
        stream.setPaused(false);
        QTRY_COMPARE_WITH_TIMEOUT(receiver.count, lines, 20'000);
        QCOMPARE(receiver.bytes, master.logBytes(job));
    }

    void silenceAfterAPauseIsNoticed()
    {
        FakeMaster master;
        auto settings = quickSettings();
        settings.heartbeat = 200ms;
        master.log(job).setHeartbeat(20ms);
        EventStream stream(endpointOf(master), logUrl(master), settings);
        stream.start();
        QTRY_COMPARE(stream.state(), State::Live);
        master.log(job).setSilent(true);
        QTest::qWait(50); // what was under way is read: later it would be a sign of life
        stream.setPaused(true);
        stream.setPaused(false);
        QTRY_COMPARE(stream.lastError().code, ErrorCode::Timeout);
        QTRY_VERIFY(master.log(job).served() >= 2);
    }

    void aPausedStreamStillNoticesThatNobodyAnswers()
    {
        FakeMaster master;
        master.on("GET", u"/api/v1/jobs/j1/logs/stream"_s,
                  [](const FakeRequest &) { return FakeReply{.stall = true}; });
        auto settings = quickSettings();
        settings.connectTimeout = 50ms;
        EventStream stream(endpointOf(master), logUrl(master), settings);
        stream.start();
        stream.setPaused(true);
        QTRY_VERIFY(master.requests().size() >= 2);
        QCOMPARE(stream.lastError().code, ErrorCode::Timeout);
    }

    void mayBeDestroyedByItsListener()
    {
        FakeMaster master;
        for (int i = 0; i < 100; ++i)
            master.print(job, StepNumber(1), "line");
        auto *stream = new EventStream(endpointOf(master), logUrl(master), quickSettings());
        const QPointer<EventStream> alive(stream);
        connect(stream, &EventStream::eventsReceived, this, [stream] { delete stream; });
        stream->start();
        QTRY_VERIFY(alive.isNull());
    }

    void namesItsStates()
    {
        QCOMPARE(toText(State::Offline), u"offline"_s);
        QCOMPARE(toText(State::Connecting), u"connecting"_s);
        QCOMPARE(toText(State::CatchingUp), u"catching up"_s);
        QCOMPARE(toText(State::Live), u"live"_s);
        QCOMPARE(toText(State::Stale), u"stale"_s);
        QCOMPARE(toText(State::Ended), u"ended"_s);
    }
};

QTEST_GUILESS_MAIN(TestEventStream)
#include "tst_eventstream.moc"
