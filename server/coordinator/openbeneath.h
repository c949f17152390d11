// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/filedescriptor.h"
#include "shared/core/result.h"

#include <QByteArray>

namespace danube::coordinator {

/// openat2 that stays beneath `directory` and follows no symbolic link on the whole way, last part included. `path` is
/// relative. The error's message is errno's text in plain words ("is or passes through a symbolic link").
Result<FileDescriptor> openBeneath(int directory, const QByteArray &path, int flags, int mode = 0);
/// Opens a directory the caller trusts by its full path.
Result<FileDescriptor> openDirectory(const QString &path);

} // namespace danube::coordinator
