// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/theme.h"

class QWidget;

namespace danube::console {

// The frame around windows that show something of a production master.
void setProductionFrame(QWidget &window, bool shown); ///< makes room for it
void paintProductionFrame(QWidget &window, const ThemeColors &colors);

} // namespace danube::console
