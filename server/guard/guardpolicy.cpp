// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/guardpolicy.h"

#include "server/guard/hostname.h"

using namespace Qt::StringLiterals;

namespace danube::guard {
namespace {

egress::LintOptions optionsOf(const GuardConfig &config)
{
    egress::LintOptions options;
    options.cilium = config.cilium;
    return options;
}

template <class Ask> bool remember(std::unordered_map<std::string, bool> &answers, const std::string &key, Ask ask)
{
    if (const auto found = answers.find(key); found != answers.end())
        return found->second;
    if (answers.size() >= GuardPolicy::maxRemembered)
        answers.clear();
    return answers[key] = ask();
}

} // namespace

GuardPolicy::GuardPolicy(const GuardConfig &config)
    : m_mode(config.mode), m_explainer({{}, config.entries}, optionsOf(config)), m_mayBePrivate(config.mayBePrivate)
{}

bool GuardPolicy::isReachable(const std::string &name)
{
    return remember(m_remembered, name, [&] { return m_explainer.isReachable(toQString(name)); });
}

bool GuardPolicy::isAllowed(const std::string &name, uint16_t port)
{
    return remember(m_remembered, name + ':' + std::to_string(port),
                    [&] { return m_explainer.explain({toQString(name), port}).isAllowed; });
}

bool GuardPolicy::isMaster(const std::string &name) const
{
    return m_explainer.isMaster(toQString(name));
}

bool GuardPolicy::isSearchName(const std::string &name) const
{
    constexpr std::string_view domain = ".cluster.local";
    if (!name.ends_with(domain))
        return false;
    const auto labels = std::ranges::count(std::string_view(name).substr(0, name.size() - domain.size()), '.') + 1;
    return labels >= 1 && labels <= 8;
}

bool GuardPolicy::mayBePrivate(const std::string &name) const
{
    const auto entry = egress::Entry::parse(toQString(name));
    return m_mayBePrivate.contains(name) || (entry && entry->isInCluster());
}

QString GuardPolicy::whyNot(const std::string &name, uint16_t port) const
{
    const auto verdict = m_explainer.explain({toQString(name), port});
    const QString proposal =
        verdict.proposal.isEmpty() ? QString() : u"; '%1' would allow it"_s.arg(verdict.proposal.constFirst());
    return verdict.isAllowed ? QString() : verdict.reason + proposal;
}

} // namespace danube::guard
