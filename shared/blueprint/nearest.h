// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace danube::blueprint {

/// The known word that an unknown one was probably meant to be: at most two letters added, lost, changed or swapped.
/// Empty when none is near. Long words and long lists cost no more than a bound.
QString nearest(const QString &word, const QStringList &known);

} // namespace danube::blueprint
