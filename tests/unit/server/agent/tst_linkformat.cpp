// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/linkmessages.h"

#include <QTest>

using namespace danube::agent;

namespace {

template <class Message> Bytes payloadOf(const Message &message)
{
    Bytes payload;
    ByteWriter out(payload);
    encode(out, message);
    return payload;
}

template <class Message> bool survives(const Message &message)
{
    const Bytes payload = payloadOf(message);
    const auto accepts = [](ByteView bytes) {
        if constexpr (std::is_constructible_v<Command, Message>) {
            const auto decoded = decodeCommand(Message::type, bytes);
            return decoded ? std::get_if<Message>(&*decoded) != nullptr : false;
        } else {
            const auto decoded = decodeNotice(Message::type, bytes);
            return decoded ? std::get_if<Message>(&*decoded) != nullptr : false;
        }
    };
    // Exactly the whole payload is a message. Only a record's content is opaque to the frame.
    Bytes longer = payload;
    longer.push_back(0);
    const bool isOpaque = Message::type == FrameType::Exited;
    return accepts(payload) &&
           (isOpaque || (!accepts(longer) && !accepts(ByteView(payload).first(payload.size() - 1))));
}

template <class Message> Message back(const Message &message)
{
    const Bytes payload = payloadOf(message);
    if constexpr (std::is_constructible_v<Command, Message>)
        return std::get<Message>(decodeCommand(Message::type, payload).value());
    else
        return std::get<Message>(decodeNotice(Message::type, payload).value());
}

Start richStart()
{
    Start start;
    start.step = 7;
    start.from = {{1, 2}, 3};
    start.spec.argv = {"sh", "-c", std::string("a\0b", 3)};
    start.spec.environment = {"A=1", "B="};
    start.spec.workingDirectory = "/w";
    start.spec.inheritEnvironment = false;
    start.spec.timeoutMs = 4;
    start.spec.graceMs = 5;
    start.spec.spoolBytes = 6;
    start.spec.limits = {{LimitKind::Core, 0, UINT64_MAX}};
    return start;
}

} // namespace

class TestLinkFormat : public QObject
{
    Q_OBJECT
private slots:
    void messagesComeBackAsTheyWere()
    {
        Start start = back(richStart());
        QVERIFY(start.specDigest != Digest{});
        start.specDigest = {};
        QCOMPARE(start, richStart());
        QCOMPARE(back(Resume{1, {{2, 3}, 4}}), (Resume{1, {{2, 3}, 4}}));
        QCOMPARE(back(Ack{1, {2, UINT64_MAX}}), (Ack{1, {2, UINT64_MAX}}));
        QCOMPARE(back(Credit{1, 2}), (Credit{1, 2}));
        QCOMPARE(back(Kill{1, KillCause::Timeout, 3}), (Kill{1, KillCause::Timeout, 3}));
        QCOMPARE(back(Forget{9}), Forget{9});
        QCOMPARE(back(Ping{9}), Ping{9});
        QCOMPARE(back(Shutdown{9}), Shutdown{9});
        const Ready ready{{{1, KnownState::Running, {2, 3}, {1, 0}}, {2, KnownState::Exited, {4, 5}, {4, 5}}}};
        QCOMPARE(back(ready), ready);
        QCOMPARE(back(Started{1, 2, -3}), (Started{1, 2, -3}));
        const danube::agent::Stream stream{1, {2, {3, 4}, {5}}};
        QCOMPARE(back(stream), stream);
        const Jump jump{1, {2, {3, 4}, {5}}};
        QCOMPARE(back(jump), jump);
        QCOMPARE(back(Exited{{1, 2, 3}}), (Exited{{1, 2, 3}}));
        QCOMPARE(back(Failed{1, FailureCode::BytesGone, "gone"}), (Failed{1, FailureCode::BytesGone, "gone"}));
        QCOMPARE(back(Pong{9}), Pong{9});
    }
    void onlyWholePayloadsAreMessages()
    {
        QVERIFY(survives(richStart()));
        QVERIFY(survives(Resume{}) && survives(Ack{}) && survives(Credit{}) && survives(Kill{}) && survives(Forget{}));
        QVERIFY(survives(Ping{}) && survives(Shutdown{}) && survives(Ready{{{}}}) && survives(Started{}));
        QVERIFY(survives(danube::agent::Stream{}) && survives(Failed{1, FailureCode::Forgotten, "x"}) &&
                survives(Pong{}) && survives(Jump{}));
    }
    void valuesOutOfRangeAreRefused()
    {
        Kill kill{1, static_cast<KillCause>(3), 0};
        QVERIFY(!decodeCommand(FrameType::Kill, payloadOf(kill)));
        QVERIFY(!decodeNotice(FrameType::Failed, payloadOf(Failed{1, static_cast<FailureCode>(0), ""})));
        QVERIFY(!decodeNotice(FrameType::Failed, payloadOf(Failed{1, static_cast<FailureCode>(12), ""})));
        Start start = richStart();
        start.spec.limits[0].kind = static_cast<LimitKind>(7);
        QVERIFY(!decodeCommand(FrameType::Start, payloadOf(start)));
        Ready ready{{{}}};
        ready.steps[0].state = static_cast<KnownState>(3);
        QVERIFY(!decodeNotice(FrameType::Ready, payloadOf(ready)));
    }
    void directionsAreNotMixed()
    {
        QVERIFY(!decodeCommand(FrameType::Pong, payloadOf(Pong{})));
        QVERIFY(!decodeNotice(FrameType::Ping, payloadOf(Ping{})));
        QVERIFY(!decodeCommand(FrameType::Hello, payloadOf(Hello{})));
        QVERIFY(!decodeCommand(static_cast<FrameType>(0xff), {}));
    }
    void aGiantListCountIsNotBelieved()
    {
        Bytes payload = payloadOf(Ready{});
        payload = {0xff, 0xff, 0xff, 0xff};
        QVERIFY(!decodeNotice(FrameType::Ready, payload));
    }
    void equalSpecsHaveEqualDigestsWhereverTheyStream()
    {
        Start one = richStart();
        Start other = richStart();
        other.from = {{9, 9}, 9};
        QCOMPARE(back(one).specDigest, back(other).specDigest);
        other.spec.argv.back() += "x";
        QVERIFY(back(one).specDigest != back(other).specDigest);
    }

    void framesAreCutFromAnyPieces()
    {
        Bytes stream;
        appendFrame(stream, FrameType::Ping, Bytes(5, 1), Bytes(16, 2));
        appendFrame(stream, FrameType::Pong, {}, {});
        for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
            FrameReader reader;
            std::vector<std::pair<FrameType, std::size_t>> frames;
            for (std::size_t at = 0; at < stream.size(); at += piece) {
                reader.append(ByteView(stream).subspan(at, std::min(piece, stream.size() - at)));
                RawFrame frame;
                while (reader.next(frame) == FrameReader::Status::Frame)
                    frames.emplace_back(frame.type, frame.body.size());
            }
            QCOMPARE(frames,
                     (std::vector<std::pair<FrameType, std::size_t>>{{FrameType::Ping, 21}, {FrameType::Pong, 0}}));
        }
    }
    void framesBeyondTheLimitAreRefused()
    {
        Bytes exact;
        appendFrame(exact, FrameType::Auth, Bytes(maxHandshakeFrameSize - 1, 0), {});
        FrameReader reader;
        RawFrame frame;
        reader.append(exact);
        QCOMPARE(reader.next(frame), FrameReader::Status::Frame);
        Bytes larger;
        appendFrame(larger, FrameType::Auth, Bytes(maxHandshakeFrameSize, 0), {});
        reader.append(ByteView(larger).first(4));
        QCOMPARE(reader.next(frame), FrameReader::Status::Refused);
        FrameReader empty;
        empty.append(Bytes(4, 0));
        QCOMPARE(empty.next(frame), FrameReader::Status::Refused);
    }

    void proofsDependOnEverythingThatWasSaid()
    {
        const HmacKey key{viewOf("key")};
        const HmacKey otherKey{viewOf("other")};
        const Hello hello{linkVersion, {1}, {2}, true};
        Hello otherHello = hello;
        otherHello.fresh = false;
        const LinkTranscript transcript(hello, {3});
        QVERIFY(transcript.masterProof(key) != transcript.agentProof(key));
        QVERIFY(transcript.masterProof(key) != transcript.masterProof(otherKey));
        QVERIFY(transcript.masterProof(key) != LinkTranscript(otherHello, {3}).masterProof(key));
        QVERIFY(transcript.masterProof(key) != LinkTranscript(hello, {4}).masterProof(key));
    }
    void sealsDependOnCounterTypeAndContent()
    {
        FrameSeal seal(HmacKey{viewOf("key")});
        FrameSeal same(HmacKey{viewOf("key")});
        const Bytes payload(8, 1);
        const SessionMac first = seal.next(FrameType::Ping, payload);
        QCOMPARE(same.next(FrameType::Ping, payload), first);
        QVERIFY(seal.next(FrameType::Ping, payload) != first);
        FrameSeal otherType(HmacKey{viewOf("key")});
        QVERIFY(otherType.next(FrameType::Pong, payload) != first);
    }
};

QTEST_APPLESS_MAIN(TestLinkFormat)
#include "tst_linkformat.moc"
