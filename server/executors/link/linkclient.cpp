// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/link/linkclient.h"

#include <QRandomGenerator>

using namespace Qt::StringLiterals;

namespace danube::link {
namespace {

agent::ByteView viewOf(QByteArrayView bytes)
{
    return {reinterpret_cast<const std::uint8_t *>(bytes.data()), static_cast<std::size_t>(bytes.size())};
}

QByteArray toByteArray(agent::ByteView bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

QString fromText(const std::string &text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

StreamOffsets toOffsets(const agent::PerStream &values)
{
    return {values[0], values[1]};
}

agent::StreamPoint toAgent(const StreamPoint &point)
{
    return {{point.offsets.standardOutput, point.offsets.standardError}, point.creditLimit};
}

std::uint32_t clampedMs(milliseconds time)
{
    return static_cast<std::uint32_t>(std::clamp<qint64>(time.count(), 0, UINT32_MAX));
}

agent::StepSpec toAgent(const StepSpec &spec)
{
    agent::StepSpec out;
    for (const auto &argument : spec.argv)
        out.argv.push_back(argument.toStdString());
    for (const auto &[name, value] : spec.environment)
        out.environment.push_back((name + u'=' + value).toStdString());
    out.workingDirectory = spec.workingDirectory.toStdString();
    out.inheritEnvironment = spec.inheritEnvironment;
    out.timeoutMs = static_cast<std::uint64_t>(std::max<qint64>(spec.timeout.count(), 0));
    out.graceMs = clampedMs(spec.grace);
    out.spoolBytes = static_cast<std::uint64_t>(std::max<int64_t>(toInt(spec.spool), 0));
    out.limits.assign(spec.limits.begin(), spec.limits.end());
    return out;
}

agent::Nonce toNonce(const QByteArray &given)
{
    agent::Nonce nonce{};
    if (given.size() == static_cast<qsizetype>(nonce.size())) {
        std::memcpy(nonce.data(), given.data(), nonce.size());
        return nonce;
    }
    QRandomGenerator::system()->generate(nonce.begin(), nonce.end());
    return nonce;
}

QString stepText(quint32 step)
{
    return u"step "_s + QString::number(step);
}

} // namespace

LinkClient::LinkClient(const Secret &key, KeyHandover handover, const QByteArray &nonce)
    : m_key(viewOf(key.reveal())), m_nonce(toNonce(nonce))
{
    Q_ASSERT(key.reveal().size() == static_cast<qsizetype>(agent::containerKeySize));
    if (handover == KeyHandover::Allowed)
        m_keyToHandOver = key.clone();
}

QList<LinkEvent> LinkClient::feed(QByteArrayView bytes)
{
    QList<LinkEvent> events;
    if (m_state == State::Broken)
        return events;
    m_reader.append(viewOf(bytes));
    agent::RawFrame frame;
    for (;;) {
        const auto status = m_reader.next(frame);
        if (status == agent::FrameReader::Status::NeedMore)
            return events;
        const Outcome outcome = status == agent::FrameReader::Status::Frame
                                    ? onFrame(frame, events)
                                    : fail(ErrorCode::Protocol, u"link: frame of an impossible length"_s);
        if (!outcome) {
            m_state = State::Broken;
            events.append(LinkBroken{outcome.error()});
            return events;
        }
    }
}

QByteArray LinkClient::takeOutput()
{
    const QByteArray bytes = toByteArray(m_output);
    m_output.clear();
    return bytes;
}

LinkClient::Outcome LinkClient::onFrame(const agent::RawFrame &frame, QList<LinkEvent> &events)
{
    switch (m_state) {
    case State::AwaitHello:
        return onHello(frame);
    case State::AwaitWelcome:
        return onWelcome(frame);
    default:
        return onSealed(frame, events);
    }
}

LinkClient::Outcome LinkClient::onHello(const agent::RawFrame &frame)
{
    const auto hello = frame.type == agent::FrameType::Hello ? agent::decodeHello(frame.body) : std::nullopt;
    if (!hello)
        return fail(ErrorCode::Protocol, u"link: the peer is no danube-agent"_s);
    if (hello->version != agent::linkVersion)
        return fail(ErrorCode::Protocol,
                    u"link: agent speaks version %1, expected %2"_s.arg(hello->version).arg(agent::linkVersion));
    m_hello = *hello;
    if (hello->fresh && m_keyToHandOver.isEmpty())
        return fail(ErrorCode::Unauthenticated,
                    u"link: an agent without our key answers, though steps were started before"_s);
    if (hello->fresh) {
        agent::Key key;
        std::memcpy(key.key.data(), m_keyToHandOver.reveal().constData(), key.key.size());
        agent::appendClear(m_output, key);
        explicit_bzero(key.key.data(), key.key.size());
    }
    m_keyToHandOver = Secret();
    const agent::LinkTranscript transcript(*hello, m_nonce);
    agent::appendClear(m_output, agent::Auth{m_nonce, transcript.masterProof(m_key)});
    m_expectedProof = transcript.agentProof(m_key);
    m_incoming = agent::FrameSeal(transcript.agentFramesKey(m_key));
    m_outgoing = agent::FrameSeal(transcript.masterFramesKey(m_key));
    m_state = State::AwaitWelcome;
    return {};
}

LinkClient::Outcome LinkClient::onWelcome(const agent::RawFrame &frame)
{
    const auto welcome = frame.type == agent::FrameType::Welcome ? agent::decodeWelcome(frame.body) : std::nullopt;
    if (!welcome)
        return fail(ErrorCode::Protocol, u"link: agent did not answer the handshake"_s);
    if (!agent::equalConstantTime(welcome->proof, m_expectedProof))
        return fail(ErrorCode::Unauthenticated, u"link: the agent does not have this container's key"_s);
    m_reader.setLimit(agent::maxFrameSize);
    m_state = State::AwaitReady;
    return {};
}

LinkClient::Outcome LinkClient::onSealed(const agent::RawFrame &frame, QList<LinkEvent> &events)
{
    if (frame.body.size() < agent::sessionMacSize)
        return fail(ErrorCode::Protocol, u"link: frame without a MAC"_s);
    const auto payload = frame.body.first(frame.body.size() - agent::sessionMacSize);
    const auto expected = m_incoming.next(frame.type, agent::coveredPart(frame.type, payload));
    if (!agent::equalConstantTime(expected, frame.body.last(agent::sessionMacSize)))
        return fail(ErrorCode::DataLoss, u"link: frame with a wrong MAC"_s);
    const auto notice = agent::decodeNotice(frame.type, payload);
    if (!notice)
        return fail(ErrorCode::Protocol, u"link: malformed frame of type %1"_s.arg(static_cast<int>(frame.type)));
    if (m_state == State::AwaitReady && frame.type != agent::FrameType::Ready)
        return fail(ErrorCode::Protocol, u"link: frame of type %1 before READY"_s.arg(static_cast<int>(frame.type)));
    return std::visit([&](const auto &message) { return onNotice(message, events); }, *notice);
}

LinkClient::Outcome LinkClient::onNotice(const agent::Ready &ready, QList<LinkEvent> &events)
{
    if (m_state != State::AwaitReady)
        return fail(ErrorCode::Protocol, u"link: READY twice"_s);
    m_state = State::Up;
    Ready event{toByteArray(m_hello.bootId), {}};
    for (const auto &step : ready.steps)
        event.steps.append({StepNumber(step.step), step.state, toOffsets(step.produced), toOffsets(step.acknowledged)});
    events.append(event);
    return {};
}

LinkClient::Outcome LinkClient::onNotice(const agent::Started &started, QList<LinkEvent> &events)
{
    events.append(StepStarted{StepNumber(started.step), started.pid, WallTime(milliseconds(started.wallMs))});
    return {};
}

LinkClient::Outcome LinkClient::onNotice(const agent::Stream &message, QList<LinkEvent> &)
{
    StepStream &stream = streamOf(message.step);
    if (stream.asked.empty())
        return fail(ErrorCode::Protocol, u"link: STREAM of %1 without a request"_s.arg(stepText(message.step)));
    stream.next = stream.asked.front();
    stream.asked.pop_front();
    stream.isOpen = true;
    return setPosition(stream, message.step, message.position);
}

LinkClient::Outcome LinkClient::onNotice(const agent::Jump &message, QList<LinkEvent> &)
{
    StepStream &stream = streamOf(message.step);
    if (!stream.isOpen)
        return fail(ErrorCode::Protocol, u"link: JUMP of %1 without a request"_s.arg(stepText(message.step)));
    return setPosition(stream, message.step, message.position);
}

// Nothing may be left out: the frames that follow begin at or before the next byte of each stream.
LinkClient::Outcome LinkClient::setPosition(StepStream &stream, quint32 step, const agent::ChainPosition &position)
{
    if (position.offsets[0] > stream.next[0] || position.offsets[1] > stream.next[1])
        return fail(ErrorCode::DataLoss,
                    u"link: output of %1 starts behind the offset asked for"_s.arg(stepText(step)));
    stream.position = position;
    return {};
}

LinkClient::Outcome LinkClient::onNotice(const agent::Output &output, QList<LinkEvent> &events)
{
    StepStream &stream = streamOf(output.step);
    if (!stream.isOpen)
        return fail(ErrorCode::Protocol, u"link: output of %1 without a request"_s.arg(stepText(output.step)));
    const agent::SpoolFrame &frame = output.frame;
    if (const char *wrong = agent::advance(stream.position, stream.key, frame))
        return fail(ErrorCode::DataLoss,
                    u"link: output of %1: %2"_s.arg(stepText(output.step), QString::fromLatin1(wrong)));
    // A stream starts at a frame's border, so its first frames may hold bytes from before the offset asked for.
    std::uint64_t &next = stream.next[agent::indexOf(frame.stream)];
    const std::uint64_t end = frame.offset + frame.data.size();
    if (end <= next)
        return {};
    const std::uint64_t known = next > frame.offset ? next - frame.offset : 0;
    next = end;
    events.append(StepOutput{StepNumber(output.step), frame.stream, frame.offset + known,
                             WallTime(milliseconds(static_cast<qint64>(frame.wallMs))),
                             toByteArray(frame.data.subspan(known))});
    return {};
}

LinkClient::Outcome LinkClient::onNotice(const agent::Exited &exited, QList<LinkEvent> &events)
{
    agent::ByteReader peek(exited.record);
    peek.u32();
    const quint32 step = peek.u32();
    StepStream &stream = streamOf(step);
    const auto record = agent::openExitRecord(exited.record, stream.key, step);
    if (!record)
        return fail(ErrorCode::DataLoss, u"link: exit record of %1 does not verify"_s.arg(stepText(step)));
    if (Outcome end = checkEnd(stream, *record); !end)
        return end;
    stream.isOpen = false;
    events.append(StepExited{StepNumber(step), *record});
    return {};
}

LinkClient::Outcome LinkClient::checkEnd(const StepStream &stream, const agent::ExitRecord &record) const
{
    const QString name = stepText(record.step);
    if (!stream.isOpen)
        return fail(ErrorCode::Protocol, u"link: exit record of %1 without a request"_s.arg(name));
    if (stream.position.offsets != record.bytes || stream.position.sequence != record.frames)
        return fail(ErrorCode::DataLoss, u"link: exit record of %1 counts other output than arrived"_s.arg(name));
    if (!agent::equalConstantTime(stream.position.chain, record.chain))
        return fail(ErrorCode::DataLoss, u"link: exit record of %1 closes another chain"_s.arg(name));
    if (stream.next != record.bytes)
        return fail(ErrorCode::DataLoss, u"link: output of %1 ends before the offset asked for"_s.arg(name));
    return {};
}

LinkClient::Outcome LinkClient::onNotice(const agent::Failed &failed, QList<LinkEvent> &events)
{
    StepStream &stream = streamOf(failed.step);
    const bool isStreamsEnd = failed.code == FailureCode::SpoolDamaged && stream.isOpen;
    const bool isAnswer = failed.code != FailureCode::SpoolBlocked && !isStreamsEnd;
    if (isStreamsEnd)
        stream.isOpen = false;
    if (isAnswer && !stream.asked.empty())
        stream.asked.pop_front();
    events.append(StepFailed{StepNumber(failed.step), failed.code, fromText(failed.text)});
    return {};
}

LinkClient::Outcome LinkClient::onNotice(const agent::Pong &pong, QList<LinkEvent> &events)
{
    events.append(Pong{pong.token});
    return {};
}

LinkClient::StepStream &LinkClient::streamOf(quint32 step)
{
    auto found = m_streams.find(step);
    if (found == m_streams.end())
        found = m_streams.insert(step, StepStream{agent::stepKey(m_key, step), {}, {}, {}, false});
    return *found;
}

template <class Message> void LinkClient::send(const Message &message)
{
    if (isUp())
        agent::appendSealed(m_output, m_outgoing, message);
}

Result<void> LinkClient::start(StepNumber step, const StepSpec &spec, const StreamPoint &from)
{
    agent::Start message;
    message.step = toInt(step);
    message.from = toAgent(from);
    message.spec = toAgent(spec);
    agent::Bytes payload;
    agent::ByteWriter writer(payload);
    encode(writer, message);
    if (payload.size() + 1 + agent::sessionMacSize > agent::maxFrameSize)
        return fail(ErrorCode::InvalidArgument,
                    u"start %1: command and environment take %2 bytes, at most 1 MiB fits"_s.arg(stepText(toInt(step)))
                        .arg(payload.size()));
    if (!isUp())
        return {};
    streamOf(message.step).asked.push_back(message.from.offsets);
    send(message);
    return {};
}

void LinkClient::resume(StepNumber step, const StreamPoint &from)
{
    if (!isUp())
        return;
    const agent::Resume message{toInt(step), toAgent(from)};
    streamOf(message.step).asked.push_back(message.from.offsets);
    send(message);
}

void LinkClient::acknowledge(StepNumber step, const StreamOffsets &durable)
{
    send(agent::Ack{toInt(step), {durable.standardOutput, durable.standardError}});
}

void LinkClient::credit(StepNumber step, quint64 limit)
{
    send(agent::Credit{toInt(step), limit});
}

void LinkClient::kill(StepNumber step, KillCause cause, milliseconds grace)
{
    send(agent::Kill{toInt(step), cause, clampedMs(grace)});
}

void LinkClient::forget(StepNumber step)
{
    send(agent::Forget{toInt(step)});
}

void LinkClient::ping(quint64 token)
{
    send(agent::Ping{token});
}

void LinkClient::shutdown(milliseconds grace)
{
    send(agent::Shutdown{clampedMs(grace)});
}

} // namespace danube::link
