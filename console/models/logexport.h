// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/logpattern.h"
#include "console/models/logstore.h"

#include <QFutureWatcher>
#include <QObject>

namespace danube::console {

/// Writes a log, or a part of it, to a file, in a worker. The bytes are the log's own, escape sequences included. The
/// file appears when it is complete; cancelling or an error leaves what was there before. One use per object.
class LogExport : public QObject
{
    Q_OBJECT
public:
    explicit LogExport(const LogSnapshot &log, QObject *parent = nullptr) : QObject(parent), m_log(log) {}
    ~LogExport() override;

    void saveRange(const QString &path, int64_t begin, int64_t end); ///< bytes [begin, end)
    void saveAll(const QString &path) { saveRange(path, 0, m_log.size); }
    void saveMatches(const QString &path, const LogPattern &pattern); ///< the lines with a match
    void cancel();                                                    ///< finished() does not come any more

signals:
    void progressed(qint64 done, qint64 total);    ///< bytes looked at
    void finished(danube::Result<qint64> written); ///< bytes; once

private:
    struct Outcome
    {
        qint64 done = 0;
        qint64 written = -1; ///< -1 = not at the end yet
        QString error;
    };
    using Write = std::function<bool(QByteArrayView)>;
    using Body = std::function<void(QPromise<Outcome> &, const Write &)>;
    void start(const QString &path, qint64 total, Body body);

    LogSnapshot m_log;
    std::unique_ptr<QFutureWatcher<Outcome>> m_pass;
};

} // namespace danube::console
