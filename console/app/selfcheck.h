// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace danube::console {

/// Says on stdout what the program has with it - its window, icons that really draw something, languages - and on
/// stderr what is missing of it. 0 = complete, 1 = not; a packager's check, `danube-console --self-check`.
int selfCheck(QWidget &window);

} // namespace danube::console
