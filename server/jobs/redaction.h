// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/secret.h"

#include <QString>

#include <map>

namespace danube::jobs {

/// The secrets a job was given, by key.
using GrantedSecrets = std::map<QString, Secret>;

/// Text that gets into rows and events (step names, commands, status messages) with every granted value replaced by
/// "***", and values that overlap, or of which one holds the other, by one "***". Values of fewer than 4 bytes stay:
/// they would turn any text into stars. Logs have their own masker.
QString redacted(const QString &text, const GrantedSecrets &secrets);

} // namespace danube::jobs
