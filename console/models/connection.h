// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"

#include <QMetaType>
#include <QString>

namespace danube::console {

/// How far what is shown can be trusted to be the present. Always shown as a word beside the colour.
enum class ConnectionState {
    Connecting,
    Live,
    CatchingUp,   ///< connected again, reading what was missed
    Stale,        ///< connected, but nothing heard for too long
    Offline,      ///< not reachable; tries again by itself
    SignInNeeded, ///< the master does not accept the token; tries no more
};

struct Connection
{
    ConnectionState state = ConnectionState::Connecting;
    WallTime lastHeard{}; ///< zero = never
    QString detail;       ///< why, for the tooltip: one sentence
    bool operator==(const Connection &) const = default;
};

/// "Live", "Catching up", "Stale since 14:02", "Offline since 14:02", "Sign-in needed".
QString describe(const Connection &connection);

} // namespace danube::console

Q_DECLARE_METATYPE(danube::console::Connection)
