// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/apistatus.h"
#include "shared/core/backoff.h"

#include <QHash>
#include <QJsonArray>

#include <variant>

namespace danube::kube {

/// Objects come without metadata.managedFields (half of their size, nobody's use), and those of a list without kind and
/// apiVersion, as the server sends them.
struct ObjectChanged
{
    QJsonObject object; ///< added or modified; the same resourceVersion is never told twice
};
struct ObjectRemoved
{
    QJsonObject object; ///< last state known; after a relist, what is missing was removed
};
struct Synced
{}; ///< the first list is complete, or a relist brought the view up to date

using WatchEvent = std::variant<ObjectChanged, ObjectRemoved, Synced>;

/// What the driver does next.
struct DoList
{};
struct DoWatch
{
    QString resourceVersion;
};
struct DoWait
{
    milliseconds delay; ///< then call next() again
};
using WatchStep = std::variant<DoList, DoWatch, DoWait>;

/// LIST, then WATCH from there, for ever: pure, tested in virtual time. The driver does what next() says, reports how
/// it went by one call of onListed(), onEnded() or onFailed(), and asks again.
///
/// 410 (as a status or as an ERROR event) leads to one relist; a clean end of the stream to a watch from the last event
/// or bookmark; failures to backoff with jitter; a 429 to its Retry-After. What comes at once again and again (an end,
/// a 410) backs off too. Five watches in a row without a single line lead to a relist: the version may be one that the
/// server has not reached since it was restored, and such a watch is silent for ever. What a relist does not show was
/// removed.
class WatchMachine
{
public:
    /// 0 = seeded by the system.
    explicit WatchMachine(quint32 jitterSeed = 0);

    WatchStep next();
    /// Removed first, then changed, then Synced. A list that is none (no resourceVersion, nameless items) tells
    /// nothing, counts as a failure and is asked for again.
    QList<WatchEvent> onListed(const QJsonArray &items, const QString &resourceVersion);
    /// One line of the stream. The error says that the stream must be dropped: what it carried (410 and others), or
    /// Protocol for a line that is no event. Report onEnded() or onFailed() then, the line's error counts either way.
    ApiResult<QList<WatchEvent>> onLine(const QByteArray &line);
    /// The watch's answer ended without an error, `lasted` after it was asked for.
    void onEnded(milliseconds lasted = {});
    /// List or watch could not be had, or broke off, `lasted` after it was asked for.
    void onFailed(const ApiError &error, milliseconds lasted = {});
    int failuresInARow() const { return m_failures; } ///< 0 again with the first sign that watching works

private:
    enum class State { MustList, MustWatch };
    enum class FirstTime { Waits, GoesAtOnce };
    void goOn(State state, FirstTime firstTime, std::optional<seconds> retryAfter = {});
    ApiResult<QList<WatchEvent>> readEvent(const QJsonObject &event);
    void noteLine(const QString &resourceVersion);

    State m_state = State::MustList;
    std::optional<milliseconds> m_delay;
    Backoff m_backoff;
    QString m_resourceVersion;
    QHash<QString, QJsonObject> m_objects; ///< by uid
    std::optional<ApiError> m_lineError;   ///< of the present stream
    bool m_hasLines = false;               ///< the present stream brought a line
    bool m_hasAdvanced = false;            ///< ... and with it a new resourceVersion
    int m_silentWatches = 0;               ///< in a row, without a single line
    int m_failures = 0;
};

} // namespace danube::kube
