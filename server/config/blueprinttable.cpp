// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/setting.h"

#include <array>

using namespace Qt::StringLiterals;

namespace danube::config {
namespace {

template <auto member> bool differs(const Config &a, const Config &b)
{
    return a.blueprint.*member != b.blueprint.*member;
}

template <auto member> constexpr Setting text(const char *key)
{
    return {key, [](Config &c, const Value &v) { return setText(c.blueprint.*member, v); }, differs<member>};
}

Expected setFolder(Config &config, const Value &value)
{
    QString path;
    if (const auto expected = setText(path, value))
        return expected;
    const auto parts = path.split(u'/');
    const bool isClean = std::ranges::none_of(
        parts, [](const QString &part) { return part.isEmpty() || part == "."_L1 || part == ".."_L1; });
    const bool isPrintable = std::ranges::all_of(path, [](QChar c) { return c.unicode() >= 0x20; });
    if (!path.isEmpty() && !(isClean && isPrintable))
        return u"a folder of the repository such as \"clusters/staging\""_s;
    config.blueprint.path = path;
    return {};
}

using B = BlueprintConfig;

constexpr std::array table{
    text<&B::url>("config_repo.url"),
    text<&B::branch>("config_repo.branch"),
    Setting{"config_repo.path", setFolder, differs<&B::path>},
    Setting{"config_repo.sync_interval",
            [](Config &c, const Value &v) { return setDuration(c.blueprint.syncInterval, v); },
            differs<&B::syncInterval>},
    text<&B::sshKeyPath>("config_repo.ssh_key_path"),
    text<&B::knownHostsPath>("config_repo.known_hosts_path"),
    Setting{"config_repo.push", [](Config &c, const Value &v) { return setBoolean(c.blueprint.push, v); },
            differs<&B::push>},
    Setting{"config_repo.require_signed",
            [](Config &c, const Value &v) { return setBoolean(c.blueprint.requireSigned, v); },
            differs<&B::requireSigned>},
    text<&B::allowedSigners>("config_repo.allowed_signers"),
    text<&B::signingKeyPath>("config_repo.signing_key_path"),
};

} // namespace

std::span<const Setting> blueprintSettings()
{
    return table;
}

} // namespace danube::config
