// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/guardconfig.h"
#include "shared/egress/explain.h"

#include <string>
#include <unordered_map>

namespace danube::guard {

/// The job's allowlist as the guard asks it. Every answer is shared/egress's Explainer's, so that explain, compiler and
/// guard say the same; here they are only remembered. Names in canonical form. Not for two threads at once.
class GuardPolicy
{
public:
    static constexpr size_t maxRemembered = 4096;

    explicit GuardPolicy(const GuardConfig &config);

    egress::Mode mode() const { return m_mode; }
    /// May a job look the name up in mode enforce?
    bool isReachable(const std::string &name);
    /// May it connect to the name's port in mode enforce?
    bool isAllowed(const std::string &name, uint16_t port);
    bool isMaster(const std::string &name) const;
    /// Names that a search domain makes of others (shared/egress compiles a DNS rule for them): 1 to 8 labels below
    /// the cluster's domain. They are answered, with NXDOMAIN, because musl gives up at the first REFUSED.
    bool isSearchName(const std::string &name) const;
    /// The name's addresses may be private ones: the operator said so, or it is a Service of the cluster.
    bool mayBePrivate(const std::string &name) const;
    /// Why not, and which entry would allow it: one sentence for a person.
    QString whyNot(const std::string &name, uint16_t port) const;

private:
    egress::Mode m_mode;
    egress::Explainer m_explainer;
    std::set<std::string> m_mayBePrivate;
    std::unordered_map<std::string, bool> m_remembered; // by "name" and "name:port"
};

} // namespace danube::guard
