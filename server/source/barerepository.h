// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

namespace danube::source {

/// Makes `directory` an empty bare repository if it is none. No git program needed, so it cannot be half done: the file
/// `config`, written last, makes it one.
Result<void> makeBareRepository(const QString &directory);

/// Removes what a git that was killed leaves there: locks, with which every later git refuses to work, and the pieces
/// of packs. Only while no git writes to it.
void removeLeftovers(const QString &directory);

/// A mirror can be had again: what matters is that objects which git believes to have are whole after a power cut.
/// (References are not synced, a first fetch may bring thousands: one that is broken is found by the next fetch.)
QList<std::pair<QString, QString>> durability();

} // namespace danube::source
