// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/logfont.h"

#include "console/controllers/preferences.h"

#include <QFontDatabase>

namespace danube::console {

QFont logFont(const Preferences &preferences)
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    // A family that is no longer here, or that never was fixed, would make columns that do not align.
    if (QFontDatabase::isFixedPitch(preferences.logFont))
        font.setFamilies({preferences.logFont});
    if (preferences.logFontSize > 0)
        font.setPointSize(std::clamp(preferences.logFontSize, 6, 48));
    return font;
}

} // namespace danube::console
