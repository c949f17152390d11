// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace danube::cli {

/// A unified diff of one file that `git apply` takes: one hunk with three lines around what differs. Empty when the
/// texts are the same. `path` is relative to the repository, with '/'.
QByteArray unifiedDiff(const QString &path, const QByteArray &before, const QByteArray &after);

} // namespace danube::cli
