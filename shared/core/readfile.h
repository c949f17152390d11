// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/bytecount.h"

#include <QByteArray>

namespace danube {

/// All of a file, a pipe too, in about as much memory as there is of it. Io: it cannot be opened or
/// read to its end; ResourceExhausted: there is more than `most`. Then nothing is given: half a document is another
/// one.
Result<QByteArray> readFile(const QString &path, ByteCount most);

} // namespace danube
