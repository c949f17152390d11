// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QList>

namespace danube::search {

/// Runs of characters (UTF-8) that every match of the regular expression `source` contains, each as it stands there.
/// Empty when there are none or there is any doubt. Doubt is whatever lets the text beyond a line decide about a match
/// on it (lookarounds, atomic and possessive parts, \A, \z, ...), and all that is not read here: options, verbs,
/// references, names. So a non-empty answer also says: each line can be searched by itself.
QList<QByteArray> requiredTexts(QByteArrayView source);

} // namespace danube::search
