// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/connection.h"
#include "shared/model/lifecycle.h"
#include "shared/model/step.h"

#include <QColor>

namespace danube::console {

struct ThemeColors;

QColor stateColor(const ThemeColors &colors, JobState state);
QColor stateColor(const ThemeColors &colors, const Step &step);
QColor stateColor(const ThemeColors &colors, ConnectionState state);
QString stateIcon(JobState state); ///< name for icon()
QString stateIcon(const Step &step);

} // namespace danube::console
