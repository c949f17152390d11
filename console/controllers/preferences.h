// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/notification.h"
#include "shared/core/bytecount.h"

class QSettings;

namespace danube::console {

/// What people choose for the whole console. A value: read, changed, stored as one.
struct Preferences
{
    enum class Proxy { System, None, Manual };

    bool reconnectAtStart = false;            ///< the masters that were connected last, by the keychain
    QString userName;                         ///< who I am where the token does not say it
    QString theme = QStringLiteral("system"); ///< system, light, dark, contrast
    QString logFont;                          ///< family; empty = the desktop's fixed font
    int logFontSize = 0;                      ///< points; 0 = the desktop's
    ByteCount cacheLimit = 4_GiB;             ///< of logs; from the next start on
    QString cacheFolder;                      ///< empty = the desktop's place for caches; from the next start on
    NotificationRules notifications;
    Proxy proxy = Proxy::System;
    QString proxyHost;
    int proxyPort = 3128;
    QString caFile; ///< PEM, beside the system's
    seconds requestTimeout{30};
    seconds heartbeat{15};
    QString language; ///< a locale's name; empty = the desktop's

    static Preferences load(const QSettings &settings);
    void store(QSettings &settings) const;
    bool operator==(const Preferences &) const = default;
};

/// Proxy and certificates of every connection made from now on. NotFound, InvalidArgument: the CA file is none.
Result<void> applyNetwork(const Preferences &preferences);

} // namespace danube::console
