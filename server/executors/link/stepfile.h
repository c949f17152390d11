// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace danube::link {

enum class FilePart { Beginning, End };

/// At most `most` bytes of a file in an agent's folder; empty when there is none. The folder is the steps', too, and so
/// is this thread's time: nothing but a plain file of one name is read, and no link, pipe or device is opened.
QByteArray readStepFile(const QString &folder, const char *name, qsizetype most, FilePart part);

} // namespace danube::link
