// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/activity.h"

#include <QCoreApplication>

namespace danube::console {

QString activityWord(ActivityKind kind)
{
    static constexpr const char *words[] = {
        QT_TRANSLATE_NOOP("Activity", "Connection"), QT_TRANSLATE_NOOP("Activity", "Request"),
        QT_TRANSLATE_NOOP("Activity", "Sign-in"),    QT_TRANSLATE_NOOP("Activity", "Commit"),
        QT_TRANSLATE_NOOP("Activity", "Download"),   QT_TRANSLATE_NOOP("Activity", "Job"),
        QT_TRANSLATE_NOOP("Activity", "Console"),
    };
    return QCoreApplication::translate("Activity", words[size_t(kind)]);
}

QString activityWord(ActivityLevel level)
{
    static constexpr const char *words[] = {
        QT_TRANSLATE_NOOP("Activity", "Note"),
        QT_TRANSLATE_NOOP("Activity", "Warning"),
        QT_TRANSLATE_NOOP("Activity", "Problem"),
    };
    return QCoreApplication::translate("Activity", words[size_t(level)]);
}

} // namespace danube::console
