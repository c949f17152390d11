// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/sha256.h"

#include <optional>

/// Framing, handshake and per-frame MACs of the link between master and agent: docs/formats/link.md. Pure.
namespace danube::agent {

inline constexpr std::uint16_t linkVersion = 1;
inline constexpr std::size_t maxFrameSize = (1U << 20) + 4096; ///< type, payload and MAC; START is the largest
inline constexpr std::size_t maxHandshakeFrameSize = 128;      ///< before the peer has proved itself
inline constexpr std::size_t sessionMacSize = 16;
inline constexpr std::size_t containerKeySize = 32;
inline constexpr int pingIntervalSeconds = 10;  ///< the master sends PING at least this often
inline constexpr int silenceLimitSeconds = 30;  ///< a link silent for this long is dropped, by the agent and by `link`
inline constexpr int handshakeLimitSeconds = 5; ///< from accept to a good AUTH

using BootId = std::array<std::uint8_t, 16>;
using Nonce = std::array<std::uint8_t, 16>;
using SessionMac = std::array<std::uint8_t, sessionMacSize>;

enum class FrameType : std::uint8_t {
    // agent to master
    Hello = 0x01,
    Welcome = 0x02,
    Ready = 0x03,
    Started = 0x04,
    Stream = 0x05,
    Output = 0x06,
    Exited = 0x07,
    Failed = 0x08,
    Pong = 0x09,
    Jump = 0x0a,
    // master to agent
    Key = 0x41,
    Auth = 0x42,
    Start = 0x43,
    Resume = 0x44,
    Ack = 0x45,
    Credit = 0x46,
    Kill = 0x47,
    Forget = 0x48,
    Ping = 0x49,
    Shutdown = 0x4a,
};

/// HELLO, HELLO's payload is part of every proof and key of the link. Clear text.
struct Hello
{
    static constexpr FrameType type = FrameType::Hello;
    std::uint16_t version = linkVersion;
    BootId bootId{};    ///< random, one per daemon
    Nonce nonce{};      ///< random, one per connection
    bool fresh = false; ///< the agent has no container key yet
    bool operator==(const Hello &) const = default;
};

/// KEY: the container key in clear, on the very first link only. Taken over when the AUTH after it is right.
struct Key
{
    static constexpr FrameType type = FrameType::Key;
    std::array<std::uint8_t, containerKeySize> key{};
    bool operator==(const Key &) const = default;
};

/// AUTH: the master's proof. Clear text.
struct Auth
{
    static constexpr FrameType type = FrameType::Auth;
    Nonce nonce{};
    Digest proof{};
    bool operator==(const Auth &) const = default;
};

/// WELCOME: the agent's proof, the last frame without a session MAC.
struct Welcome
{
    static constexpr FrameType type = FrameType::Welcome;
    Digest proof{};
    bool operator==(const Welcome &) const = default;
};

void encode(ByteWriter &out, const Hello &message);
void encode(ByteWriter &out, const Key &message);
void encode(ByteWriter &out, const Auth &message);
void encode(ByteWriter &out, const Welcome &message);
std::optional<Hello> decodeHello(ByteView payload);
std::optional<Key> decodeKey(ByteView payload);
std::optional<Auth> decodeAuth(ByteView payload);
std::optional<Welcome> decodeWelcome(ByteView payload);

/// What both sides know after HELLO and AUTH's nonce; source of the proofs and of the two session keys.
class LinkTranscript
{
public:
    LinkTranscript(const Hello &hello, const Nonce &masterNonce);
    Digest masterProof(const HmacKey &containerKey) const;
    Digest agentProof(const HmacKey &containerKey) const;
    HmacKey masterFramesKey(const HmacKey &containerKey) const; ///< seals frames master → agent
    HmacKey agentFramesKey(const HmacKey &containerKey) const;  ///< seals frames agent → master

private:
    Digest derive(const HmacKey &containerKey, std::string_view purpose) const;
    Bytes m_bytes;
};

/// Seals one direction of a link: MAC over (counter, type, covered bytes), the counter rising by one per frame. Sender
/// and receiver hold one each. Covered is the payload, but of OUTPUT only its fixed header (see outputCoveredSize).
class FrameSeal
{
public:
    FrameSeal() = default;
    explicit FrameSeal(const HmacKey &key) : m_key(key) {}
    SessionMac next(FrameType type, ByteView covered);

private:
    HmacKey m_key;
    std::uint64_t m_counter = 0;
};

/// The part of a payload that the session MAC covers.
ByteView coveredPart(FrameType type, ByteView payload);

/// One frame as cut out of the byte stream. `body` is payload and, after the handshake, the session MAC.
struct RawFrame
{
    FrameType type{};
    ByteView body;
};

/// Cuts frames out of a byte stream. Holds at most one frame and what one append() brought.
class FrameReader
{
public:
    enum class Status { NeedMore, Frame, Refused };

    /// Frames longer than `limit` are refused from now on.
    void setLimit(std::size_t limit) { m_limit = limit; }
    void append(ByteView bytes);
    /// Frame: `frame` is valid until the next append(). Refused: the length is 0 or beyond the limit; the stream is
    /// lost.
    Status next(RawFrame &frame);
    /// Overwrites what is buffered, for streams that carried a key.
    void wipeConsumed();

private:
    Bytes m_buffer;
    std::size_t m_head = 0;
    std::size_t m_limit = maxHandshakeFrameSize;
};

/// Appends `u32 length | type | payload | mac`. `mac` may be empty.
void appendFrame(Bytes &out, FrameType type, ByteView payload, ByteView mac);

/// Appends a clear frame of the handshake.
template <class Message> void appendClear(Bytes &out, const Message &message)
{
    Bytes payload;
    ByteWriter writer(payload);
    encode(writer, message);
    appendFrame(out, Message::type, payload, {});
}

/// Appends a sealed frame.
template <class Message> void appendSealed(Bytes &out, FrameSeal &seal, const Message &message)
{
    Bytes payload;
    ByteWriter writer(payload);
    encode(writer, message);
    appendFrame(out, Message::type, payload, seal.next(Message::type, coveredPart(Message::type, payload)));
}

} // namespace danube::agent
