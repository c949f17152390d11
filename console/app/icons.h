// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>

namespace danube::console {

/// Makes the icons of resources/icons known, also as the fallback icon theme of Qt's own dialogs. Call once, after
/// the application object exists.
void installIcons();

/// The drawing `name` of resources/icons, in the text colour of the present palette (so it follows light and dark), or
/// in `color` when that is valid. Never empty: an unknown name stops a debug build and shows a question mark.
QIcon icon(const QString &name, const QColor &color = {});

} // namespace danube::console
