// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/ipaddress.h"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace danube::guard {

/// What a look-up of a name brought.
struct Lookup
{
    enum class Outcome {
        Found,
        NoSuchName, ///< or a name without addresses
        Failed,     ///< the resolver did not answer, or answered that it could not
        Forbidden,  ///< only addresses that the guard does not connect to
    };
    Outcome outcome = Outcome::Failed;
    std::vector<Endpoint> endpoints{}; ///< Found; port 0 = the one asked for
    std::chrono::seconds ttl{0};
    std::string forbidden; ///< Forbidden: one of the addresses, and its kind
};

/// Asks for a name's IPv4 and IPv6 addresses. `done` is called once, on the loop's thread, later or at once; unless the
/// resolver is destroyed before. Bounded: Failed when too many wait already.
class Resolver
{
public:
    using Done = std::move_only_function<void(Lookup)>;
    virtual ~Resolver() = default;
    virtual void lookUp(const std::string &name, Done done) = 0;
};

} // namespace danube::guard
