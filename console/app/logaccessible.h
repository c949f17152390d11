// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace danube::console {

/// Gives every LogView a text interface of its visible lines for screen readers. Any number of calls.
void installLogAccessibility();
class LogView;
/// Tells screen readers that the view's current line is another one.
void tellCursorMoved(LogView &view);

} // namespace danube::console
