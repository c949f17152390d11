// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/dnsmessage.h"

#include <algorithm>
#include <array>
#include <limits>

namespace danube::guard::dns {
namespace {

constexpr uint16_t classIn = 1;
constexpr uint16_t flagAnswer = 0x8000;
constexpr uint16_t flagTruncated = 0x0200;
constexpr uint16_t flagRecursionDesired = 0x0100;
constexpr uint16_t flagRecursionAvailable = 0x0080;
constexpr size_t headerSize = 12;
constexpr size_t maxNameBytes = 255; // on the wire
constexpr size_t maxLabel = 63;
constexpr int maxRecords = 256; // of an answer: more than any honest one has
constexpr uint16_t ednsSize = 1232;

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool isHostByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

void appendLabel(std::string &name, std::string_view label)
{
    if (!name.empty())
        name += '.';
    for (const char byte : label) {
        const char c = lower(byte);
        if (isHostByte(c)) {
            name += c;
            continue;
        }
        const auto value = static_cast<uint8_t>(byte);
        name += '\\';
        for (const int power : {100, 10, 1})
            name += static_cast<char>('0' + value / power % 10);
    }
}

/// Reads from front to back; once something is missing, all later reads fail too.
class Cursor
{
public:
    explicit Cursor(std::string_view message) : m_message(message) {}

    bool isGood() const { return m_isGood; }
    bool isAtEnd() const { return m_at == m_message.size(); }
    size_t at() const { return m_at; }

    std::string_view bytes(size_t count)
    {
        if (!m_isGood || count > m_message.size() - m_at) {
            m_isGood = false;
            return {};
        }
        m_at += count;
        return m_message.substr(m_at - count, count);
    }
    uint16_t number()
    {
        const auto two = bytes(2);
        return two.empty() ? uint16_t(0)
                           : static_cast<uint16_t>(static_cast<uint8_t>(two[0]) << 8 | static_cast<uint8_t>(two[1]));
    }
    uint32_t longNumber()
    {
        const uint32_t high = number();
        return high << 16 | number();
    }
    /// `maySkip`: compression pointers are followed.
    std::string name(bool mayPoint)
    {
        std::string name;
        size_t wire = 1;
        size_t position = m_at;
        size_t lowest = m_at; // pointers must go below it, so that following them ends
        bool hasJumped = false;
        while (m_isGood) {
            if (position >= m_message.size())
                break;
            const auto length = static_cast<uint8_t>(m_message[position]);
            if (length == 0) {
                m_at = hasJumped ? m_at : position + 1;
                return name;
            }
            if (length >= 0xc0) {
                if (!mayPoint || position + 1 >= m_message.size())
                    break;
                const size_t target = (length & 0x3fU) << 8 | static_cast<uint8_t>(m_message[position + 1]);
                if (target >= lowest)
                    break;
                m_at = hasJumped ? m_at : position + 2;
                hasJumped = true;
                position = lowest = target;
                continue;
            }
            wire += length + 1U;
            if (length > maxLabel || wire > maxNameBytes || length >= m_message.size() - position)
                break;
            appendLabel(name, m_message.substr(position + 1, length));
            position += length + 1U;
        }
        m_isGood = false;
        return {};
    }

private:
    std::string_view m_message;
    size_t m_at = 0;
    bool m_isGood = true;
};

struct Header
{
    uint16_t id = 0;
    uint16_t flags = 0;
    std::array<uint16_t, 4> counts{}; // question, answer, authority, additional
};

Header readHeader(Cursor &cursor)
{
    Header header{cursor.number(), cursor.number(), {}};
    for (uint16_t &count : header.counts)
        count = cursor.number();
    return header;
}

struct Record
{
    std::string name;
    uint16_t type = 0;
    uint16_t recordClass = 0;
    uint32_t ttl = 0;
    size_t dataAt = 0;
    std::string_view data;
};

Record readRecord(Cursor &cursor)
{
    Record record;
    record.name = cursor.name(true);
    record.type = cursor.number();
    record.recordClass = cursor.number();
    record.ttl = cursor.longNumber();
    const uint16_t length = cursor.number();
    record.dataAt = cursor.at();
    record.data = cursor.bytes(length);
    return record;
}

void appendNumber(std::string &out, uint32_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; --i)
        out += static_cast<char>(value >> (8 * i));
}

void appendHeader(std::string &out, uint16_t id, uint16_t flags, std::array<uint16_t, 4> counts)
{
    appendNumber(out, id, 2);
    appendNumber(out, flags, 2);
    for (const uint16_t count : counts)
        appendNumber(out, count, 2);
}

void appendOpt(std::string &out, uint8_t extendedCode)
{
    out += '\0';
    appendNumber(out, type::opt, 2);
    appendNumber(out, ednsSize, 2);
    appendNumber(out, uint32_t(extendedCode) << 24, 4);
    appendNumber(out, 0, 2);
}

void appendAddress(std::string &out, const IpAddress &address, std::chrono::seconds ttl)
{
    appendNumber(out, 0xc000 | headerSize, 2); // the name of the question
    appendNumber(out, address.isV6 ? type::aaaa : type::a, 2);
    appendNumber(out, classIn, 2);
    appendNumber(out, static_cast<uint32_t>(ttl.count()), 4);
    const size_t size = address.isV6 ? 16 : 4;
    appendNumber(out, static_cast<uint32_t>(size), 2);
    out.append(reinterpret_cast<const char *>(address.bytes.data()), size);
}

/// OPT is the one additional record of a query that means something here; others (TSIG, padding of strangers) are read
/// past.
bool readAdditional(Cursor &cursor, int count, Query &query)
{
    for (int i = 0; i < count; ++i) {
        const Record record = readRecord(cursor);
        if (!cursor.isGood())
            return false;
        if (record.type != type::opt)
            continue;
        if (query.hasEdns || !record.name.empty()) // RFC 6891, 6.1.1: one, of the root
            return false;
        query.hasEdns = true;
        query.hasBadEdns = (record.ttl >> 16 & 0xff) != 0;
    }
    return true;
}

std::optional<IpAddress> addressOf(const Record &record, uint16_t wanted)
{
    if (record.recordClass != classIn || record.type != wanted)
        return std::nullopt;
    if (wanted == type::a && record.data.size() == 4) {
        IpAddress address;
        std::ranges::copy(record.data, address.bytes.begin());
        return address;
    }
    if (wanted == type::aaaa && record.data.size() == 16) {
        std::array<uint8_t, 16> bytes{};
        std::ranges::copy(record.data, bytes.begin());
        return IpAddress::v6(bytes);
    }
    return std::nullopt;
}

/// The name that a CNAME leads to; empty for what is none.
std::string targetOf(std::string_view message, const Record &record)
{
    Cursor cursor(message.substr(0, record.dataAt + record.data.size()));
    cursor.bytes(record.dataAt);
    std::string name = cursor.name(true);
    return cursor.isGood() ? name : std::string();
}

} // namespace

std::expected<Query, QueryDefect> readQuery(std::string_view message)
{
    Cursor cursor(message);
    const Header header = readHeader(cursor);
    if (!cursor.isGood() || header.flags & flagAnswer)
        return std::unexpected(QueryDefect{});
    const bool isStandard = (header.flags >> 11 & 0xf) == 0;
    if (!isStandard)
        return std::unexpected(QueryDefect{Code::NotImp, header.id});
    const QueryDefect malformed{Code::FormErr, header.id};
    const auto &[questions, answers, authorities, additional] = header.counts;
    if (message.size() > maxQuery || header.flags & flagTruncated || questions != 1 || answers != 0 ||
        authorities != 0 || additional > 4)
        return std::unexpected(malformed);
    Query query;
    query.id = header.id;
    query.wantsRecursion = (header.flags & flagRecursionDesired) != 0;
    query.name = cursor.name(false);
    query.type = cursor.number();
    query.queryClass = cursor.number();
    if (!cursor.isGood())
        return std::unexpected(malformed);
    query.question = message.substr(headerSize, cursor.at() - headerSize);
    if (!readAdditional(cursor, additional, query) || !cursor.isAtEnd())
        return std::unexpected(malformed);
    return query;
}

std::string writeAnswer(const Query &query, const Answer &answer)
{
    constexpr uint8_t badVersion = 1; // RFC 6891, 9: code 16, whose upper eight bits stand in OPT
    std::string out;
    const auto flags =
        static_cast<uint16_t>(flagAnswer | flagRecursionAvailable | (query.wantsRecursion ? flagRecursionDesired : 0) |
                              (query.hasBadEdns ? 0 : static_cast<int>(answer.code)));
    const bool isEmpty = query.hasBadEdns || answer.code != Code::NoError;
    const auto count = static_cast<uint16_t>(isEmpty ? 0 : answer.addresses.size());
    appendHeader(out, query.id, flags, {1, count, 0, uint16_t(query.hasEdns ? 1 : 0)});
    out += query.question;
    for (const IpAddress &address : answer.addresses) {
        if (!isEmpty)
            appendAddress(out, address, answer.ttl);
    }
    if (query.hasEdns)
        appendOpt(out, query.hasBadEdns ? badVersion : 0);
    return out;
}

std::string writeAnswer(const QueryDefect &defect)
{
    std::string out;
    const auto code = static_cast<uint16_t>(defect.code.value_or(Code::FormErr));
    appendHeader(out, defect.id, flagAnswer | flagRecursionAvailable | code, {});
    return out;
}

std::string writeQuery(uint16_t id, std::string_view name, uint16_t type)
{
    std::string out;
    appendHeader(out, id, flagRecursionDesired, {1, 0, 0, 1});
    while (!name.empty()) {
        const std::string_view label = name.substr(0, name.find('.'));
        out += static_cast<char>(label.size());
        out += label;
        name.remove_prefix(std::min(name.size(), label.size() + 1));
    }
    out += '\0';
    appendNumber(out, type, 2);
    appendNumber(out, classIn, 2);
    appendOpt(out, 0);
    return out;
}

std::optional<Reply> readReply(std::string_view message)
{
    Cursor cursor(message);
    const Header header = readHeader(cursor);
    if (!cursor.isGood() || !(header.flags & flagAnswer) || header.counts[0] != 1)
        return std::nullopt;
    Reply reply;
    reply.id = header.id;
    reply.code = static_cast<Code>(header.flags & 0xf);
    reply.isTruncated = (header.flags & flagTruncated) != 0;
    reply.name = cursor.name(false);
    reply.type = cursor.number();
    cursor.number();
    if (!cursor.isGood())
        return std::nullopt;
    std::string wanted = reply.name; // a chain of CNAMEs stands in its order (RFC 1034, 4.3.2)
    uint32_t ttl = std::numeric_limits<int32_t>::max();
    for (int i = 0; i < std::min<int>(header.counts[1], maxRecords); ++i) {
        const Record record = readRecord(cursor);
        if (!cursor.isGood())
            return reply.isTruncated ? std::optional(reply) : std::nullopt;
        if (record.name != wanted)
            continue;
        if (record.type == type::cname && reply.addresses.empty())
            wanted = targetOf(message, record);
        else if (const auto address = addressOf(record, reply.type))
            reply.addresses.push_back(*address);
        else
            continue;
        ttl = std::min(ttl, record.ttl);
    }
    reply.ttl = std::chrono::seconds(reply.addresses.empty() ? 0 : ttl);
    return reply;
}

} // namespace danube::guard::dns
