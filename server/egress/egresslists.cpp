// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/egresslists.h"

namespace danube::egress {
namespace {

Mode modeFrom(blueprint::EgressMode mode)
{
    return mode == blueprint::EgressMode::Audit ? Mode::Audit : Mode::Enforce;
}

} // namespace

EgressLists::EgressLists(const blueprint::Snapshot &snapshot, QString commit) : m_commit(std::move(commit))
{
    const blueprint::ConfigDocument &config = snapshot.config;
    m_base = {config.egressAllowlist, modeFrom(config.egressMode), config.onViolation};
    m_request = {.allowlist = m_base.allowlist, .mode = m_base.mode};
    for (const auto &[name, document] : snapshot.pipelines.asKeyValueRange()) {
        const Rules rules{document.egressAllowlist, modeFrom(document.egressMode.value_or(config.egressMode)),
                          document.onViolation.value_or(config.onViolation)};
        m_request.pipelines.append({.pipeline = name, .allowlist = rules.allowlist, .mode = rules.mode});
        m_pipelines.insert(name, rules);
    }
}

Allowlists EgressLists::of(const QString &pipeline) const
{
    return {.base = m_base.allowlist, .pipeline = m_pipelines.value(pipeline).allowlist};
}

Mode EgressLists::modeOf(const QString &pipeline) const
{
    return m_pipelines.value(pipeline, m_base).mode;
}

blueprint::OnViolation EgressLists::onViolationOf(const QString &pipeline) const
{
    return m_pipelines.value(pipeline, m_base).onViolation;
}

} // namespace danube::egress
