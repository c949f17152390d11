// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace danube {

/// From now on an allocation that failed, and whose std::bad_alloc nobody caught, is told on standard error before the
/// program aborts, so that it does not look like a defect. `sentence` ends with a line feed and lives as long as the
/// program; it is written without taking memory. Once, at the start.
void tellOutOfMemory(const char *sentence);

} // namespace danube
