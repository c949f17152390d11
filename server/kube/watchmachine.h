// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/apistatus.h"

#include <QHash>
#include <QJsonArray>

#include <variant>

namespace danube::kube {

struct ObjectChanged
{
    QJsonObject object; ///< added or modified; told again after a relist only when its resourceVersion differs
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

/// LIST, then WATCH from there, for ever: pure, tested in virtual time. 410 (as a status or as an ERROR event) leads to
/// one relist; a clean end of the stream to a watch from the last bookmark; failures to backoff with jitter; a 429 to
/// its Retry-After. What a relist does not show was removed.
class WatchMachine
{
public:
    explicit WatchMachine(quint32 jitterSeed = 0);

    WatchStep next();
    QList<WatchEvent> onListed(const QJsonArray &items, const QString &resourceVersion);
    /// One line of the stream. A line that is no event is a Protocol error, and the stream must be dropped: onEnded().
    ApiResult<QList<WatchEvent>> onLine(const QByteArray &line);
    void onEnded();                       ///< the watch's answer ended without an error
    void onFailed(const ApiError &error); ///< list or watch could not be had, or broke off
    int failuresInARow() const { return m_failures; }

private:
    enum class State { MustList, MustWatch, Waiting };
    State m_state = State::MustList;
    State m_afterWait = State::MustList;
    QString m_resourceVersion;
    QHash<QString, QJsonObject> m_objects; ///< by uid
    int m_failures = 0;
    std::optional<milliseconds> m_delay;
    quint32 m_seed;
};

} // namespace danube::kube
