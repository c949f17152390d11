// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>

namespace danube::console {

struct Preferences;

/// The font that logs are shown in before they are zoomed: as chosen, else the desktop's fixed one. At least 6 points.
QFont logFont(const Preferences &preferences);

} // namespace danube::console
