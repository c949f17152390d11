// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/websocketcodec.h"

#include <QRandomGenerator>
#include <QtEndian>

#include <cstring>

using namespace Qt::StringLiterals;

namespace danube::kube {
namespace {

constexpr quint8 finalBit = 0x80;
constexpr quint8 reservedBits = 0x70;
constexpr quint8 opcodeBits = 0x0f;
constexpr quint8 controlBit = 0x08;
constexpr quint8 maskBit = 0x80;
constexpr quint8 lengthBits = 0x7f;
constexpr quint8 length16 = 126;
constexpr quint8 length64 = 127;
constexpr qsizetype maxControl = 125;
constexpr qsizetype maskSize = 4;
constexpr quint16 noCloseCode = 1005;

quint8 byteOf(QByteArrayView bytes, qsizetype index)
{
    return static_cast<quint8>(bytes[index]);
}

/// Of a frame whose second byte is known; ours to read are unmasked.
qsizetype headSize(quint8 secondByte)
{
    switch (secondByte & lengthBits) {
    case length16:
        return 4;
    case length64:
        return 10;
    default:
        return 2;
    }
}

quint64 payloadSize(QByteArrayView head)
{
    switch (const quint8 length = byteOf(head, 1) & lengthBits) {
    case length16:
        return qFromBigEndian<quint16>(head.data() + 2);
    case length64:
        return qFromBigEndian<quint64>(head.data() + 2);
    default:
        return length;
    }
}

qsizetype writeHead(char *to, Opcode opcode, qsizetype size)
{
    to[0] = static_cast<char>(finalBit | static_cast<quint8>(opcode));
    if (size < length16) {
        to[1] = static_cast<char>(maskBit | static_cast<quint8>(size));
        return 2;
    }
    if (size <= 0xffff) {
        to[1] = static_cast<char>(maskBit | length16);
        qToBigEndian(static_cast<quint16>(size), to + 2);
        return 4;
    }
    to[1] = static_cast<char>(maskBit | length64);
    qToBigEndian(static_cast<quint64>(size), to + 2);
    return 10;
}

/// Eight bytes at a time; the compiler makes vectors of it.
void applyMask(char *data, qsizetype size, const char *mask)
{
    quint64 word = 0;
    std::memcpy(&word, mask, maskSize);
    std::memcpy(reinterpret_cast<char *>(&word) + maskSize, mask, maskSize);
    qsizetype at = 0;
    for (; at + qsizetype(sizeof word) <= size; at += sizeof word) {
        quint64 part = 0;
        std::memcpy(&part, data + at, sizeof part);
        part ^= word;
        std::memcpy(data + at, &part, sizeof part);
    }
    for (; at < size; ++at)
        data[at] = static_cast<char>(data[at] ^ mask[at % maskSize]);
}

QByteArray makeMaskedFrame(Opcode opcode, QByteArrayView prefix, QByteArrayView payload, QByteArrayView mask)
{
    const qsizetype size = prefix.size() + payload.size();
    QByteArray frame(10 + maskSize + size, Qt::Uninitialized);
    char *to = frame.data();
    to += writeHead(to, opcode, size);
    const quint32 random = mask.isEmpty() ? QRandomGenerator::system()->generate() : 0;
    std::memcpy(to, mask.isEmpty() ? reinterpret_cast<const char *>(&random) : mask.data(), maskSize);
    const char *key = to;
    to += maskSize;
    std::copy_n(prefix.data(), prefix.size(), to);
    std::copy_n(payload.data(), payload.size(), to + prefix.size());
    applyMask(to, size, key);
    frame.truncate(to + size - frame.data());
    return frame;
}

} // namespace

Result<void> FrameReader::feed(QByteArrayView bytes)
{
    while (!m_isClosed) {
        if (!m_inFrame) {
            const auto used = takeHead(bytes);
            if (!used)
                return std::unexpected(used.error());
            if (!m_inFrame)
                return {}; // the head goes on in the next bytes
            bytes = bytes.sliced(*used);
        }
        const auto size = static_cast<qsizetype>(std::min(m_left, static_cast<quint64>(bytes.size())));
        if (size == 0 && m_left > 0)
            return {};
        if (auto taken = takePayload(bytes.first(size)); !taken)
            return taken;
        bytes = bytes.sliced(size);
    }
    return {};
}

/// How many bytes belong to the head; begins the frame when that is whole.
Result<qsizetype> FrameReader::takeHead(QByteArrayView bytes)
{
    if (m_head.isEmpty() && bytes.size() >= 2 && bytes.size() >= headSize(byteOf(bytes, 1))) {
        const qsizetype size = headSize(byteOf(bytes, 1));
        return beginFrame(bytes.first(size)).transform([size] { return size; });
    }
    qsizetype used = 0;
    while (used < bytes.size()) {
        m_head.append(bytes[used++]);
        if (m_head.size() >= 2 && m_head.size() == headSize(byteOf(m_head, 1)))
            return beginFrame(std::exchange(m_head, {})).transform([used] { return used; });
    }
    return used;
}

Result<void> FrameReader::beginFrame(QByteArrayView head)
{
    const quint8 first = byteOf(head, 0);
    m_opcode = first & opcodeBits;
    m_isFinal = (first & finalBit) != 0;
    m_left = payloadSize(head);
    const bool isControl = (m_opcode & controlBit) != 0;
    const bool isContinuation = m_opcode == static_cast<quint8>(Opcode::Continuation);
    const auto refuse = [](const QString &why) { return fail(ErrorCode::Protocol, u"WebSocket frame: "_s + why); };
    if ((first & reservedBits) != 0)
        return refuse(u"reserved bits are set"_s);
    if ((byteOf(head, 1) & maskBit) != 0)
        return refuse(u"the server masked it"_s);
    if ((m_opcode & ~controlBit) > 2)
        return refuse(u"unknown opcode %1"_s.arg(m_opcode));
    if (isControl && (!m_isFinal || m_left > maxControl))
        return refuse(u"a control frame is fragmented or too long"_s);
    if (m_left >> 63 != 0)
        return refuse(u"impossible length"_s);
    if (!isControl && isContinuation != m_inMessage)
        return refuse(isContinuation ? u"stray continuation"_s : u"a message within a message"_s);
    if (!isControl) {
        m_isFirst = !isContinuation;
        m_inMessage = true;
    }
    m_inFrame = true;
    return {};
}

Result<void> FrameReader::takePayload(QByteArrayView piece)
{
    m_left -= static_cast<quint64>(piece.size());
    m_inFrame = m_left > 0;
    if ((m_opcode & controlBit) != 0) {
        m_control.append(piece);
        return m_inFrame ? Result<void>() : endControl();
    }
    const bool isLast = m_isFinal && !m_inFrame;
    m_inMessage = !isLast;
    m_sink.message(piece, std::exchange(m_isFirst, false), isLast);
    return {};
}

Result<void> FrameReader::endControl()
{
    const QByteArray payload = std::exchange(m_control, {});
    if (m_opcode == static_cast<quint8>(Opcode::Ping)) {
        m_sink.ping(payload);
    } else if (m_opcode == static_cast<quint8>(Opcode::Pong)) {
        m_sink.pong(payload);
    } else {
        if (payload.size() == 1)
            return fail(ErrorCode::Protocol, u"WebSocket frame: a close code of one byte"_s);
        m_isClosed = true;
        m_sink.close(payload.isEmpty() ? noCloseCode : qFromBigEndian<quint16>(payload.constData()),
                     payload.sliced(std::min<qsizetype>(2, payload.size())));
    }
    return {};
}

QByteArray makeFrame(Opcode opcode, QByteArrayView payload, QByteArrayView mask)
{
    return makeMaskedFrame(opcode, {}, payload, mask);
}

QByteArray makeCloseFrame(quint16 code, QByteArrayView reason)
{
    std::array<char, 2> bytes{};
    qToBigEndian(code, bytes.data());
    return makeMaskedFrame(Opcode::Close, QByteArrayView(bytes), reason.first(std::min(reason.size(), maxControl - 2)),
                           {});
}

QByteArray makeChannelFrame(quint8 channel, QByteArrayView data, QByteArrayView mask)
{
    const auto byte = static_cast<char>(channel);
    return makeMaskedFrame(Opcode::Binary, QByteArrayView(&byte, 1), data, mask);
}

} // namespace danube::kube
