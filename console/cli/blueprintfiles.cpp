// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/blueprintfiles.h"

namespace danube::cli {

QJsonObject changesTo(const blueprint::Files &present, const blueprint::Files &wanted)
{
    QJsonObject changes;
    for (const auto &[path, text] : wanted.asKeyValueRange()) {
        if (!present.contains(path) || present[path] != text)
            changes.insert(path, QString::fromUtf8(text));
    }
    for (const QString &path : present.keys()) {
        if (!wanted.contains(path))
            changes.insert(path, QJsonValue());
    }
    return changes;
}

} // namespace danube::cli
