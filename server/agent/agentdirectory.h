// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/descriptor.h"
#include "server/agent/systemerror.h"

#include <sys/stat.h>

#include <cstdint>
#include <set>
#include <string>

namespace danube::agent {

/// The agent's directory: DIR/agent.sock, DIR/steps/<n>/exit. Locked (flock) for the daemon's life, so that one
/// directory has one agent. Steps of the same user id can remove and forge anything in it; therefore nothing in it is
/// ever read back by this daemon, and what disappears is made again.
class AgentDirectory
{
public:
    /// Makes DIR (0700) where it is missing, locks it, remembers the claims of earlier agents.
    static SystemResult<AgentDirectory> open(const std::string &path);

    /// The listening socket, non-blocking; an older DIR/agent.sock is replaced.
    SystemResult<Descriptor> listen();
    /// False when DIR or DIR/agent.sock is not ours any more; then repair() and listen().
    bool isIntact() const;
    SystemResult<void> repair();

    enum class Claim { Claimed, ClaimedEarlier };
    /// Makes DIR/steps/<step> and opens it.
    SystemResult<Claim> claim(std::uint32_t step, Descriptor &directory);
    /// Takes back a claim whose step was not started.
    void unclaim(std::uint32_t step);
    void removeRecord(std::uint32_t step);
    /// An anonymous file for the spool; in memory when DIR was removed under us.
    SystemResult<Descriptor> makeSegment() const;

private:
    SystemResult<void> adopt();
    void rememberClaims();

    std::string m_path;
    Descriptor m_directory;
    struct stat m_identity{};
    struct stat m_socketIdentity{};
    std::set<std::uint32_t> m_earlierClaims;
};

/// Connects to DIR/agent.sock; blocking, however long DIR's path is.
SystemResult<Descriptor> connectToAgent(const std::string &path);

} // namespace danube::agent
