// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/dnsmessage.h"
#include "server/guard/eventloop.h"
#include "server/guard/resolver.h"

#include <memory>
#include <unordered_map>

namespace danube::guard {

/// Asks one DNS server over UDP, with a socket (so a port) and an id of their own for each name. An answer that does
/// not fit a datagram counts with the addresses that it has.
class DnsResolver final : public Resolver
{
public:
    static constexpr size_t maxWaiting = 256;
    static constexpr int tries = 3;
    static constexpr milliseconds patience{1'500}; ///< for each try

    DnsResolver(EventLoop &loop, const Endpoint &server);
    ~DnsResolver() override;
    void lookUp(const std::string &name, Done done) override;

private:
    class Question;
    void finish(uint64_t number, Lookup lookup);

    EventLoop &m_loop;
    Endpoint m_server;
    uint64_t m_last = 0;
    std::unordered_map<uint64_t, std::unique_ptr<Question>> m_questions;
};

} // namespace danube::guard
