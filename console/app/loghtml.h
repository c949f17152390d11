// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/logview.h"

namespace danube::console {

/// The lines [begin, end) as HTML with the colours they have on the screen: for pasting into a mail or a document.
/// Characters of the log that mean something to HTML are escaped.
QString logToHtml(const LogDocument &document, LogPlace begin, LogPlace end, const ThemeColors &colors);

} // namespace danube::console
