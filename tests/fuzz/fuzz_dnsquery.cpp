// SPDX-License-Identifier: GPL-3.0-or-later
// What a job may send to the guard's resolver: every query has one answer that a client can read and that is no longer
// than it must be; only listed names get addresses; streams cut anywhere give the same messages.
#include "server/guard/dnsframing.h"
#include "server/guard/dnsresponder.h"
#include "tests/fuzz/require.h"

using namespace danube;
using namespace danube::guard;

namespace {

GuardConfig config()
{
    GuardConfig config;
    config.entries = {QStringLiteral("a.org"), QStringLiteral("*.b.org:8443"), QStringLiteral("x*.c.org")};
    return config;
}

void checkAnswer(GuardPolicy &policy, std::string_view message)
{
    NameTable table(4);
    DnsResponder responder(policy, table);
    const auto step = responder.take(message);
    const auto query = dns::readQuery(message);
    if (step.kind == DnsResponder::Step::Kind::Ignore)
        return require(!query && !query.error().code);
    const bool isLookedUp = step.kind == DnsResponder::Step::Kind::Look;
    const std::string answer =
        isLookedUp ? responder.finish(step.query, {Lookup::Outcome::Found, {}, {}, {}}) : step.reply;
    require(answer.size() <= message.size() + 64);
    if (!query)
        return require(answer.size() == 12);
    const auto reply = dns::readReply(answer);
    require(reply && reply->id == query->id && reply->name == query->name && reply->type == query->type);
    require(reply->addresses.size() <= 1);
    require(!isLookedUp || policy.isReachable(query->name));
    for (const IpAddress &address : reply->addresses)
        require(!isLookedUp || *table.nameOf(address) == query->name);
}

void checkStream(std::string_view bytes, size_t piece)
{
    dns::StreamReader whole;
    dns::StreamReader cut;
    const auto expected = whole.feed(bytes);
    std::vector<std::string> found;
    for (size_t at = 0; at < bytes.size(); at += piece) {
        for (auto &message : cut.feed(bytes.substr(at, piece)))
            found.push_back(std::move(message));
    }
    require(found == expected && whole.isBroken() == cut.isBroken());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static GuardPolicy policy(config());
    if (size == 0)
        return 0;
    const std::string_view bytes(reinterpret_cast<const char *>(data + 1), size - 1);
    checkAnswer(policy, bytes);
    checkStream(bytes, data[0] % 9 + 1);
    return 0;
}
