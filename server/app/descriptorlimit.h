// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace danube::app {

/// Raises the soft limit of open files to the hard one: streams alone may need thousands. Gives the limit in force
/// (at most a million). Once.
int raiseDescriptorLimit();

} // namespace danube::app
