// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace danube::console {

/// Bytes of jobs and of whoever made an archive, to be shown in one line: line ends, controls and what turns the
/// direction of writing are replaced.
QString singleLine(QString text);

} // namespace danube::console
