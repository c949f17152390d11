// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/logpattern.h"

namespace danube::console {

enum class LogLevel { None, Warning, Error };

/// What makes a line an error, for the gutter and for "next error". "0 errors" and file names such as error.h are none.
const LogPattern &errorPattern();
const LogPattern &warningPattern();
LogLevel levelOf(QByteArrayView line);

} // namespace danube::console
