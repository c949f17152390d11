// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"

#include <QString>

namespace danube::config {

/// [config_repo]: the repository the configuration comes from. All of it needs a restart to change, but `directory`,
/// which is Config::blueprintDirectory.
struct BlueprintConfig
{
    QString url; ///< https, ssh, or file where source.protocols has it; empty = no repository
    QString branch = QStringLiteral("main");
    QString path;                      ///< folder of the repository that is the Blueprint; empty = its root
    milliseconds syncInterval{60'000}; ///< 0 = only when asked
    QString sshKeyPath;                ///< private key, mode 0600
    QString knownHostsPath;            ///< with sshKeyPath: the only hosts that are believed
    bool push = true;                  ///< may the API commit
    bool requireSigned = false;        ///< only commits signed by somebody of allowedSigners
    QString allowedSigners;            ///< path of an allowed_signers file of OpenSSH
    QString signingKeyPath;            ///< private key, mode 0600: signs what the API commits
    bool operator==(const BlueprintConfig &) const = default;
};

} // namespace danube::config
