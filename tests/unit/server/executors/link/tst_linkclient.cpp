// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/link/linkclient.h"

#include "server/agent/agentlink.h"

#include <QTest>

using namespace danube;
using namespace danube::link;
using namespace Qt::StringLiterals;

namespace {

Secret keyOf(char fill)
{
    return Secret(QByteArray(32, fill));
}

agent::HmacKey hmacOf(char fill)
{
    const std::string bytes(32, fill);
    return agent::HmacKey(agent::viewOf(bytes));
}

QByteArray toQt(agent::ByteView bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

agent::ByteView toAgent(const QByteArray &bytes)
{
    return {reinterpret_cast<const std::uint8_t *>(bytes.constData()), static_cast<std::size_t>(bytes.size())};
}

template <class T> const T *only(const QList<LinkEvent> &events)
{
    return events.size() == 1 ? std::get_if<T>(&events.first()) : nullptr;
}

/// Both ends of a link in one process, the agent's scripted by the test.
struct Pair
{
    explicit Pair(char masterKey = 'k', std::optional<char> agentKey = {}, KeyHandover handover = KeyHandover::Allowed)
        : container(agentKey ? agent::ContainerKey(hmacOf(*agentKey)) : agent::ContainerKey()),
          agentEnd(container, {1}, {2}),
          client(keyOf(masterKey), handover)
    {}
    QByteArray fromAgent()
    {
        const QByteArray bytes = toQt(agentEnd.output());
        agentEnd.consume(static_cast<std::size_t>(bytes.size()));
        return bytes;
    }
    QList<LinkEvent> toClient() { return client.feed(fromAgent()); }
    bool toAgentEnd() { return agentEnd.feed(toAgent(client.takeOutput()), commands); }
    /// Handshake and READY.
    bool connect()
    {
        toClient();
        if (!toAgentEnd())
            return false;
        agentEnd.send(agent::Ready{});
        toClient();
        return client.isUp();
    }
    /// STREAM and frames of step 1, one per piece, as an agent would make them.
    void stream()
    {
        position = agent::chainStart(stepKey, 1);
        agentEnd.send(agent::Stream{1, position});
    }
    agent::Bytes frame(agent::StreamId stream, std::string_view data)
    {
        agent::SpoolFrame frame{position.sequence,  stream, position.offsets[agent::indexOf(stream)], 5, {},
                                agent::viewOf(data)};
        frame.chain = agent::chainValue(stepKey, position.chain, frame);
        agent::advanceTrusted(position, frame);
        agent::Bytes bytes;
        agent::appendFrameHead(bytes, frame);
        agent::ByteWriter(bytes).raw(frame.data);
        return bytes;
    }
    agent::ExitRecord record() const
    {
        agent::ExitRecord record;
        record.step = 1;
        record.kind = agent::ExitKind::Exited;
        record.code = 0;
        record.bytes = position.offsets;
        record.frames = position.sequence;
        record.chain = position.chain;
        return record;
    }

    agent::ContainerKey container;
    agent::AgentLink agentEnd;
    LinkClient client;
    std::vector<agent::Command> commands;
    agent::HmacKey stepKey = agent::stepKey(hmacOf('k'), 1);
    agent::ChainPosition position;
};

} // namespace

class TestLinkClient : public QObject
{
    Q_OBJECT
private slots:
    void handsTheKeyOverAndConnects()
    {
        Pair pair;
        QVERIFY(pair.connect());
        QVERIFY(static_cast<bool>(pair.container));
        // The next link proves it.
        agent::AgentLink second(pair.container, {1}, {3});
        LinkClient client(keyOf('k'), KeyHandover::Forbidden);
        client.feed(toQt(second.output()));
        const QByteArray answer = client.takeOutput();
        QVERIFY(!answer.contains(QByteArray(32, 'k')));
        std::vector<agent::Command> commands;
        QVERIFY(second.feed(toAgent(answer), commands));
        QVERIFY(second.isUp());
    }
    void neverHandsTheKeyOverWhereItIsForbidden()
    {
        Pair pair('k', {}, KeyHandover::Forbidden);
        const auto events = pair.toClient();
        QVERIFY(only<LinkBroken>(events));
        QCOMPARE(only<LinkBroken>(events)->error.code, ErrorCode::Unauthenticated);
        QVERIFY(pair.client.takeOutput().isEmpty());
    }
    void refusesAMasterWithAnotherKey()
    {
        Pair pair('k', 'x');
        QVERIFY(pair.toClient().isEmpty());
        QVERIFY(!pair.toAgentEnd());
        QVERIFY(!pair.agentEnd.isUp());
        QVERIFY(pair.commands.empty());
    }
    void refusesAnAgentWithAnotherKey()
    {
        // An agent that takes any proof: it answers WELCOME under its own key.
        Pair pair;
        pair.toClient();
        pair.client.takeOutput();
        agent::Bytes welcome;
        agent::appendClear(welcome, agent::Welcome{});
        const auto events = pair.client.feed(toQt(welcome));
        QVERIFY(only<LinkBroken>(events));
        QCOMPARE(only<LinkBroken>(events)->error.code, ErrorCode::Unauthenticated);
    }
    void aReplayedMasterOpensNothing()
    {
        Pair first('k', 'k');
        first.toClient();
        const QByteArray recorded = first.client.takeOutput();
        std::vector<agent::Command> commands;
        QVERIFY(first.agentEnd.feed(toAgent(recorded), commands));
        agent::AgentLink other(first.container, {1}, {9});
        QVERIFY(!other.feed(toAgent(recorded), commands));
        QVERIFY(!other.isUp());
    }
    void refusesAnyChangedByte_data()
    {
        QTest::addColumn<bool>("fromAgent");
        QTest::newRow("agent to master") << true;
        QTest::newRow("master to agent") << false;
    }
    void refusesAnyChangedByte()
    {
        QFETCH(bool, fromAgent);
        for (qsizetype at = 0;; ++at) {
            Pair pair;
            QVERIFY(pair.connect());
            if (fromAgent)
                pair.agentEnd.send(agent::Pong{7});
            else
                pair.client.ping(7);
            QByteArray bytes = fromAgent ? pair.fromAgent() : pair.client.takeOutput();
            if (at >= bytes.size())
                break;
            bytes[at] = static_cast<char>(bytes[at] ^ 1);
            if (fromAgent) {
                QVERIFY(!only<Pong>(pair.client.feed(bytes)));
            } else {
                pair.agentEnd.feed(toAgent(bytes), pair.commands);
                QVERIFY(pair.commands.empty());
            }
        }
    }
    void refusesARepeatedFrame()
    {
        Pair pair;
        QVERIFY(pair.connect());
        pair.client.kill(StepNumber(1), KillCause::Cancelled, milliseconds(5));
        const QByteArray bytes = pair.client.takeOutput();
        QVERIFY(pair.agentEnd.feed(toAgent(bytes), pair.commands));
        QVERIFY(!pair.agentEnd.feed(toAgent(bytes), pair.commands));
        QCOMPARE(pair.commands.size(), 1U);
    }
    void commandsArriveAsGiven()
    {
        Pair pair;
        QVERIFY(pair.connect());
        StepSpec spec;
        spec.argv = {u"sh"_s, u"-c"_s, u"echo ü"_s};
        spec.environment = {{u"A"_s, u"b=c"_s}};
        spec.workingDirectory = u"/w"_s;
        spec.timeout = milliseconds(1500);
        spec.limits = {{LimitKind::Core, 0, UINT64_MAX}};
        QVERIFY(pair.client.start(StepNumber(3), spec, {{1, 2}, 3}));
        pair.client.acknowledge(StepNumber(3), {4, 5});
        pair.client.credit(StepNumber(3), 6);
        pair.client.forget(StepNumber(3));
        QVERIFY(pair.toAgentEnd());
        QCOMPARE(pair.commands.size(), 4U);
        const auto &start = std::get<agent::Start>(pair.commands[0]);
        QCOMPARE(start.from, (agent::StreamPoint{{1, 2}, 3}));
        QCOMPARE(start.spec.argv.back(), std::string("echo \xc3\xbc"));
        QCOMPARE(start.spec.environment, std::vector<std::string>{"A=b=c"});
        QCOMPARE(start.spec.timeoutMs, 1500U);
        QCOMPARE(std::get<agent::Ack>(pair.commands[1]), (agent::Ack{3, {4, 5}}));
    }
    void refusesASpecBeyondTheFrame()
    {
        Pair pair;
        QVERIFY(pair.connect());
        StepSpec spec;
        spec.argv = {QString(2'000'000, u'x')};
        const auto started = pair.client.start(StepNumber(1), spec, {});
        QVERIFY(!started);
        QCOMPARE(started.error().code, ErrorCode::InvalidArgument);
        QVERIFY(pair.client.takeOutput().isEmpty());
    }

    void givesOutputOutFromTheOffsetAskedFor()
    {
        Pair pair;
        QVERIFY(pair.connect());
        pair.client.resume(StepNumber(1), {{3, 1}, 100});
        pair.stream();
        pair.agentEnd.sendOutput(1, pair.frame(agent::StreamId::Stdout, "ab"));
        pair.agentEnd.sendOutput(1, pair.frame(agent::StreamId::Stderr, "xyz"));
        pair.agentEnd.sendOutput(1, pair.frame(agent::StreamId::Stdout, "cde"));
        pair.agentEnd.send(agent::Exited{agent::sealExitRecord(pair.record(), pair.stepKey)});
        const auto events = pair.toClient();
        QCOMPARE(events.size(), 3);
        const auto error = std::get<StepOutput>(events[0]);
        QCOMPARE(error.bytes, QByteArray("yz"));
        QCOMPARE(error.offset, 1U);
        QCOMPARE(error.stream, OutputStream::Stderr);
        const auto output = std::get<StepOutput>(events[1]);
        QCOMPARE(output.bytes, QByteArray("de"));
        QCOMPARE(output.offset, 3U);
        QCOMPARE(std::get<StepExited>(events[2]).record.code, 0);
    }

    // Frames that were freed at the agent are passed over; what is left of one stream comes on a branch of the chain.
    void followsJumpsThatLeaveNothingOut()
    {
        Pair pair;
        QVERIFY(pair.connect());
        pair.client.resume(StepNumber(1), {{6, 1}, 100});
        pair.stream();
        pair.frame(agent::StreamId::Stderr, "xyz"); // freed, but for "yz"
        pair.frame(agent::StreamId::Stdout, "abc"); // freed
        const agent::ChainPosition kept = pair.position;
        pair.position.offsets[1] = 1;
        pair.agentEnd.send(agent::Jump{1, pair.position});
        pair.agentEnd.sendOutput(1, pair.frame(agent::StreamId::Stderr, "yz"));
        pair.position = kept;
        pair.agentEnd.send(agent::Jump{1, pair.position});
        pair.agentEnd.sendOutput(1, pair.frame(agent::StreamId::Stdout, "defg"));
        pair.agentEnd.send(agent::Exited{agent::sealExitRecord(pair.record(), pair.stepKey)});
        const auto events = pair.toClient();
        QCOMPARE(events.size(), 3);
        QCOMPARE(std::get<StepOutput>(events[0]).bytes, QByteArray("yz"));
        QCOMPARE(std::get<StepOutput>(events[0]).offset, 1U);
        QCOMPARE(std::get<StepOutput>(events[1]).bytes, QByteArray("g"));
        QCOMPARE(std::get<StepOutput>(events[1]).offset, 6U);
        QCOMPARE(std::get<StepExited>(events[2]).record.code, 0);
    }
    void refusesJumpsThatLeaveSomethingOut_data()
    {
        QTest::addColumn<int>("stream");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("stdout") << 0 << ErrorCode::DataLoss;
        QTest::newRow("stderr") << 1 << ErrorCode::DataLoss;
        QTest::newRow("no stream at all") << -1 << ErrorCode::Protocol;
    }
    void refusesJumpsThatLeaveSomethingOut()
    {
        QFETCH(int, stream);
        QFETCH(ErrorCode, code);
        Pair pair;
        QVERIFY(pair.connect());
        pair.client.resume(StepNumber(1), {{3, 3}, 100});
        if (stream >= 0) {
            pair.stream();
            pair.position.offsets = {3, 3};
            pair.position.offsets[static_cast<size_t>(stream)] = 4;
        }
        pair.agentEnd.send(agent::Jump{1, pair.position});
        const auto events = pair.toClient();
        QVERIFY(only<LinkBroken>(events));
        QCOMPARE(only<LinkBroken>(events)->error.code, code);
    }
    void aDamagedSpoolAnswersARequest()
    {
        Pair pair;
        QVERIFY(pair.connect());
        pair.client.resume(StepNumber(1), {{9, 9}, 100});
        pair.agentEnd.send(agent::Failed{1, FailureCode::SpoolDamaged, "damaged"});
        QVERIFY(only<StepFailed>(pair.toClient()));
        pair.client.resume(StepNumber(1), {{0, 0}, 100});
        pair.stream();
        pair.agentEnd.sendOutput(1, pair.frame(agent::StreamId::Stdout, "one"));
        const auto events = pair.toClient();
        QVERIFY(only<StepOutput>(events));
        QCOMPARE(only<StepOutput>(events)->bytes, QByteArray("one"));
    }

    void refusesOutputThatDoesNotHold_data()
    {
        QTest::addColumn<int>("what");
        QTest::newRow("changed data") << 0;
        QTest::newRow("left out") << 1;
        QTest::newRow("twice") << 2;
        QTest::newRow("not asked for") << 3;
        QTest::newRow("starts too late") << 4;
        QTest::newRow("key of another step") << 5;
    }
    void refusesOutputThatDoesNotHold()
    {
        QFETCH(int, what);
        Pair pair;
        QVERIFY(pair.connect());
        if (what != 3)
            pair.client.resume(StepNumber(1), {{0, 0}, 100});
        if (what == 5)
            pair.stepKey = agent::stepKey(hmacOf('k'), 2);
        pair.stream();
        agent::Bytes first = pair.frame(agent::StreamId::Stdout, "one");
        const agent::Bytes second = pair.frame(agent::StreamId::Stdout, "two");
        if (what == 0)
            first.back() ^= 1;
        if (what == 4) {
            pair.fromAgent();
            Pair late;
            QVERIFY(late.connect());
            late.client.resume(StepNumber(1), {{0, 0}, 100});
            late.agentEnd.send(agent::Stream{1, pair.position});
            QCOMPARE(only<LinkBroken>(late.toClient())->error.code, ErrorCode::DataLoss);
            return;
        }
        if (what != 1)
            pair.agentEnd.sendOutput(1, first);
        if (what == 2)
            pair.agentEnd.sendOutput(1, first);
        pair.agentEnd.sendOutput(1, second);
        const auto events = pair.toClient();
        QVERIFY(std::holds_alternative<LinkBroken>(events.last()));
        for (const auto &event : events) {
            const auto *output = std::get_if<StepOutput>(&event);
            QVERIFY(!output || (what == 2 && output->bytes == "one"));
        }
        QVERIFY(pair.client.isBroken());
        QVERIFY(pair.client.feed("anything").isEmpty());
    }

    void refusesARecordThatDoesNotMatch_data()
    {
        QTest::addColumn<int>("what");
        QTest::newRow("other key") << 0;
        QTest::newRow("fewer bytes") << 1;
        QTest::newRow("other chain") << 2;
        QTest::newRow("other frame count") << 3;
        QTest::newRow("before the last output") << 4;
        QTest::newRow("truncated") << 5;
    }
    void refusesARecordThatDoesNotMatch()
    {
        QFETCH(int, what);
        Pair pair;
        QVERIFY(pair.connect());
        pair.client.resume(StepNumber(1), {{0, 0}, 100});
        pair.stream();
        const agent::Bytes frame = pair.frame(agent::StreamId::Stdout, "one");
        if (what != 4)
            pair.agentEnd.sendOutput(1, frame);
        agent::ExitRecord record = pair.record();
        if (what == 1)
            record.bytes[0] = 2;
        if (what == 2)
            record.chain[0] ^= 1;
        if (what == 3)
            record.frames = 2;
        agent::Bytes bytes = agent::sealExitRecord(record, what == 0 ? agent::stepKey(hmacOf('x'), 1) : pair.stepKey);
        if (what == 5)
            bytes.pop_back();
        pair.agentEnd.send(agent::Exited{bytes});
        const auto events = pair.toClient();
        QCOMPARE(std::get<LinkBroken>(events.last()).error.code, ErrorCode::DataLoss);
        QVERIFY(
            !std::ranges::any_of(events, [](const auto &event) { return std::holds_alternative<StepExited>(event); }));
    }

    void refusesHostileBytesBeforeTheHandshake_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("text") << QByteArray("sh: danube-agent: not found\n");
        QTest::newRow("empty frame") << QByteArray(4, '\0');
        QTest::newRow("giant frame") << QByteArray("\xff\xff\xff\x7f\x01");
        QTest::newRow("other version") << QByteArray("\x24\0\0\0\x01\x02\0", 7) + QByteArray(33, '\0');
        QTest::newRow("short hello") << QByteArray("\x03\0\0\0\x01\x01\0", 7);
        QTest::newRow("wrong type") << QByteArray("\x01\0\0\0\x03", 5);
    }
    void refusesHostileBytesBeforeTheHandshake()
    {
        QFETCH(QByteArray, bytes);
        LinkClient client(keyOf('k'), KeyHandover::Allowed);
        const auto events = client.feed(bytes);
        QVERIFY(only<LinkBroken>(events));
        QCOMPARE(only<LinkBroken>(events)->error.code, ErrorCode::Protocol);
        QVERIFY(client.takeOutput().isEmpty());
    }

    void readsARecordFileOnlyWithItsKey()
    {
        agent::ExitRecord record;
        record.step = 4;
        record.kind = agent::ExitKind::Signalled;
        record.signal = 11;
        record.durationMs = 1234;
        const QByteArray bytes = toQt(agent::sealExitRecord(record, agent::stepKey(hmacOf('k'), 4)));
        QCOMPARE(readExitRecordFile(bytes, keyOf('k'), StepNumber(4)).value(), record);
        QCOMPARE(readExitRecordFile(bytes, keyOf('x'), StepNumber(4)).error().code, ErrorCode::DataLoss);
        QVERIFY(!readExitRecordFile(bytes, keyOf('k'), StepNumber(5)));
        QVERIFY(!readExitRecordFile(bytes.chopped(1), keyOf('k'), StepNumber(4)));
        QVERIFY(!readExitRecordFile(bytes + '\0', keyOf('k'), StepNumber(4)));
        QVERIFY(!readExitRecordFile({}, keyOf('k'), StepNumber(4)));
        const StepOutcome outcome = toOutcome(record);
        QCOMPARE(outcome.kind, OutcomeKind::Signalled);
        QCOMPARE(outcome.exitCode, 139);
        QCOMPARE(outcome.duration, milliseconds(1234));
    }

    void onlyAnExitOfZeroIsASuccess_data()
    {
        QTest::addColumn<int>("kind");
        for (int kind = 1; kind <= 5; ++kind)
            QTest::addRow("kind %d", kind) << kind;
    }
    void onlyAnExitOfZeroIsASuccess()
    {
        QFETCH(int, kind);
        agent::ExitRecord record;
        record.kind = static_cast<agent::ExitKind>(kind);
        record.code = kind == 2 ? -1 : 0;
        record.signal = kind == 2 ? 9 : 0;
        QCOMPARE(toOutcome(record).isSuccess(), kind == 1);
        QVERIFY(kind == 1 || toOutcome(record).exitCode != 0);
    }
};

QTEST_APPLESS_MAIN(TestLinkClient)
#include "tst_linkclient.moc"
