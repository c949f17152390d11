// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"

#include <QMetaType>
#include <QString>

namespace danube::console {

enum class ActivityKind { Connection, Request, SignIn, Commit, Download, Job, Console };
enum class ActivityLevel { Note, Warning, Problem };

/// One row of the console's own event list.
struct Activity
{
    ActivityKind kind = ActivityKind::Console;
    ActivityLevel level = ActivityLevel::Note;
    QString master = {}; ///< name of the profile; empty = the console itself
    QString text = {};   ///< one sentence
    QString detail =
        {}; ///< what else helps to find the reason: address, status, time; for the tooltip and the clipboard
    WallTime time{};
    int percent = -1; ///< of a long action that still runs; -1 = not one
    bool operator==(const Activity &) const = default;
};

QString activityWord(ActivityKind kind);
QString activityWord(ActivityLevel level);

} // namespace danube::console

Q_DECLARE_METATYPE(danube::console::Activity)
