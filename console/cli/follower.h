// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/context.h"
#include "console/cli/transcript.h"
#include "shared/core/sha256.h"

#include <QTimer>

namespace danube::cli {

/// Prints a job's log as it grows (or as it was), through cuts and restarts of the master, and checks at the end that
/// what came is what the master's digest says.
class Follower : public QObject
{
    Q_OBJECT
public:
    enum class Form {
        Transcript, ///< for people: headers, prefixes
        Raw,        ///< the log's bytes and nothing else; of a step or stream exactly what it printed
        Json,       ///< the events' data, one a line
    };
    enum class Until {
        End,  ///< the job's end
        Head, ///< what there is now
    };
    struct Settings
    {
        Form form = Form::Transcript;
        Until until = Until::End;
        Transcript::Settings transcript = {};
    };
    Follower(Context context, JobId job, Settings settings, QObject *parent);
    void start();

signals:
    /// Once. The job as it ended (or is, for Until::Head), or why that is not known.
    void finished(const danube::Result<danube::protocol::JobDetail> &detail);

private:
    void takeEvents(const QList<protocol::SseEvent> &events);
    void takeEvent(const protocol::SseEvent &event);
    void takeLine(const protocol::LogLine &line);
    void takeEnd(const protocol::SseEvent &event);
    void printHeld();
    void printRaw(const protocol::LogLine &line);
    void checkLog(const protocol::LogEnd &end);
    void takeDetail(const Result<protocol::JobDetail> &detail);
    void fetchDetail();
    void takeState(api::EventStream::State state);
    void settle();
    void flush();
    void finish(Result<protocol::JobDetail> detail);

    Context m_context;
    JobId m_job;
    Settings m_settings;
    Transcript m_transcript;
    api::EventStream *m_log;
    QTimer m_settleTimer;
    QTimer m_retryTimer;
    QList<protocol::LogLine> m_held; ///< lines of a step whose name is being asked for; the stream is paused
    std::optional<protocol::LogEnd> m_end;
    std::optional<protocol::JobDetail> m_detail;
    Sha256 m_hash;
    QByteArray m_out;
    qint64 m_expectedOffset = 0; ///< -1 after a gap: nothing to check any more
    bool m_isFetching = false;
    bool m_isAtHead = false;
    bool m_isLost = false; ///< the connection, and that was said
    bool m_isDone = false;
};

} // namespace danube::cli
