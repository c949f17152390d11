// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/linkformat.h"

#include "server/agent/linkmessages.h"

namespace danube::agent {

void encode(ByteWriter &out, const Hello &message)
{
    out.u16(message.version);
    out.raw(message.bootId);
    out.raw(message.nonce);
    out.u8(message.fresh ? 1 : 0);
}

void encode(ByteWriter &out, const Key &message)
{
    out.raw(message.key);
}

void encode(ByteWriter &out, const Auth &message)
{
    out.raw(message.nonce);
    out.raw(message.proof);
}

void encode(ByteWriter &out, const Welcome &message)
{
    out.raw(message.proof);
}

std::optional<Hello> decodeHello(ByteView payload)
{
    ByteReader in(payload);
    Hello hello;
    hello.version = in.u16();
    hello.bootId = in.array<16>();
    hello.nonce = in.array<16>();
    const std::uint8_t fresh = in.u8();
    hello.fresh = fresh == 1;
    if (!in.isFinished() || fresh > 1)
        return std::nullopt;
    return hello;
}

std::optional<Key> decodeKey(ByteView payload)
{
    ByteReader in(payload);
    const Key key{in.array<containerKeySize>()};
    return in.isFinished() ? std::optional(key) : std::nullopt;
}

std::optional<Auth> decodeAuth(ByteView payload)
{
    ByteReader in(payload);
    Auth auth;
    auth.nonce = in.array<16>();
    auth.proof = in.array<32>();
    return in.isFinished() ? std::optional(auth) : std::nullopt;
}

std::optional<Welcome> decodeWelcome(ByteView payload)
{
    ByteReader in(payload);
    const Welcome welcome{in.array<32>()};
    return in.isFinished() ? std::optional(welcome) : std::nullopt;
}

LinkTranscript::LinkTranscript(const Hello &hello, const Nonce &masterNonce)
{
    ByteWriter out(m_bytes);
    encode(out, hello);
    out.raw(masterNonce);
}

Digest LinkTranscript::derive(const HmacKey &containerKey, std::string_view purpose) const
{
    // The NUL ends the purpose, so that none is a prefix of another.
    return containerKey.mac({viewOf(purpose), viewOf({"\0", 1}), m_bytes});
}

Digest LinkTranscript::masterProof(const HmacKey &containerKey) const
{
    return derive(containerKey, "danube link 1 master proof");
}

Digest LinkTranscript::agentProof(const HmacKey &containerKey) const
{
    return derive(containerKey, "danube link 1 agent proof");
}

HmacKey LinkTranscript::masterFramesKey(const HmacKey &containerKey) const
{
    return HmacKey(derive(containerKey, "danube link 1 master frames"));
}

HmacKey LinkTranscript::agentFramesKey(const HmacKey &containerKey) const
{
    return HmacKey(derive(containerKey, "danube link 1 agent frames"));
}

SessionMac FrameSeal::next(FrameType type, ByteView covered)
{
    Bytes head;
    ByteWriter out(head);
    out.u64(m_counter++);
    out.u8(static_cast<std::uint8_t>(type));
    const Digest digest = m_key.mac({head, covered});
    SessionMac mac;
    std::memcpy(mac.data(), digest.data(), mac.size());
    return mac;
}

ByteView coveredPart(FrameType type, ByteView payload)
{
    if (type == FrameType::Output)
        return payload.first(std::min(payload.size(), outputCoveredSize));
    return payload;
}

void FrameReader::append(ByteView bytes)
{
    if (m_head > 0 && m_head >= m_buffer.size() / 2) {
        m_buffer.erase(m_buffer.begin(), m_buffer.begin() + static_cast<std::ptrdiff_t>(m_head));
        m_head = 0;
    }
    m_buffer.insert(m_buffer.end(), bytes.begin(), bytes.end());
}

FrameReader::Status FrameReader::next(RawFrame &frame)
{
    ByteReader in(ByteView(m_buffer).subspan(m_head));
    const std::uint32_t length = in.u32();
    if (!in.isGood())
        return Status::NeedMore;
    if (length == 0 || length > m_limit)
        return Status::Refused;
    frame.type = static_cast<FrameType>(in.u8());
    frame.body = in.raw(length - 1);
    if (!in.isGood())
        return Status::NeedMore;
    m_head += 4 + length;
    return Status::Frame;
}

void FrameReader::wipeConsumed()
{
    explicit_bzero(m_buffer.data(), m_head);
}

void appendFrame(Bytes &out, FrameType type, ByteView payload, ByteView mac)
{
    ByteWriter writer(out);
    writer.u32(static_cast<std::uint32_t>(1 + payload.size() + mac.size()));
    writer.u8(static_cast<std::uint8_t>(type));
    writer.raw(payload);
    writer.raw(mac);
}

} // namespace danube::agent
