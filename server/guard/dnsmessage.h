// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/ipaddress.h"

#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

/// DNS messages (RFC 1035, EDNS of RFC 6891), as far as a resolver of our own and its client need them. Pure: bytes in,
/// values out. Compression pointers only ever lead backwards, so no message costs more than its own length.
namespace danube::guard::dns {

enum class Code : uint8_t { NoError = 0, FormErr = 1, ServFail = 2, NxDomain = 3, NotImp = 4, Refused = 5 };

namespace type {
constexpr uint16_t a = 1;
constexpr uint16_t cname = 5;
constexpr uint16_t aaaa = 28;
constexpr uint16_t opt = 41;
constexpr uint16_t svcb = 64;
constexpr uint16_t https = 65;
} // namespace type

constexpr size_t maxQuery = 4096; ///< bytes of a message that is read as a query

struct Query
{
    uint16_t id = 0;
    uint16_t type = 0;
    uint16_t queryClass = 0;
    bool wantsRecursion = false;
    bool hasEdns = false;
    bool hasBadEdns = false; ///< a version of EDNS that is not 0
    /// Lower case, dots between the labels, none at the end; empty for the root. Bytes foreign to host names are
    /// written \ddd, so that a dot within a label is none between two.
    std::string name;
    std::string question; ///< the question's own bytes, sent back as they came (case included)
    bool operator==(const Query &) const = default;
};

/// Why bytes are no query that is answered in the ordinary way.
struct QueryDefect
{
    /// nullopt: no answer at all (an answer, or too short to have an id).
    std::optional<Code> code;
    uint16_t id = 0;
};
std::expected<Query, QueryDefect> readQuery(std::string_view message);

struct Answer
{
    Code code = Code::NoError;
    std::vector<IpAddress> addresses{};
    std::chrono::seconds ttl{60};
};
std::string writeAnswer(const Query &query, const Answer &answer);
std::string writeAnswer(const QueryDefect &defect); ///< header only; defect.code must be set

/// A query for a host name in canonical form.
std::string writeQuery(uint16_t id, std::string_view name, uint16_t type);

struct Reply
{
    uint16_t id = 0;
    Code code = Code::NoError;
    bool isTruncated = false;
    std::string name; ///< of the question, as in Query
    uint16_t type = 0;
    std::vector<IpAddress> addresses; ///< of the name, or of what its CNAMEs lead to
    std::chrono::seconds ttl{0};      ///< the smallest on the way
};
/// What a resolver answered; nullopt: not a well-formed answer with one question.
std::optional<Reply> readReply(std::string_view message);

} // namespace danube::guard::dns
