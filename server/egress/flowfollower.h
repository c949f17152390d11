// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/egress/flowlines.h"
#include "server/egress/flowrecord.h"

#include <QMetaType>
#include <QObject>
#include <QTimer>

namespace danube::egress {

/// What one reading brought.
struct FlowBatch
{
    QList<FlowRecord> records; ///< of lines that name the jobs' namespace
    quint64 lines = 0;
    quint64 unreadable = 0; ///< no records, or too long
    quint64 lost = 0;       ///< events that Hubble says are missing
};

/// Follows a file of flow records, through rotation (another file under the name) and truncation, or a FIFO that
/// something like `hubble observe -o jsonpb --follow` writes to. Begins at the file's start, but at most `backlog`
/// before its end. Reads a piece, gives a batch, and reads on only after goOn(): so a slow receiver stops the reading.
/// A file that is missing is waited for.
///
/// Threads: made anywhere, then moved to one that may wait for the disk; start() and goOn() by queued calls.
class FlowFollower : public QObject
{
    Q_OBJECT
public:
    struct Settings
    {
        QString path;
        QString jobsNamespace;
        milliseconds poll{500};
        qint64 piece = 256 << 10;
        qint64 backlog = qint64(256) << 20;
    };
    explicit FlowFollower(Settings settings);
    ~FlowFollower() override;

public slots: // NOLINT(readability-redundant-access-specifiers): invoked across threads
    void start();
    void goOn();
    /// Reads on at once; reached(token) comes when the end of the file was seen after this call, behind its batches.
    void mark(quint64 token);

signals:
    void read(const danube::egress::FlowBatch &batch);
    /// For the log and for health; empty = it is being read again. Told once per change.
    void troubled(const QString &sentence);
    void reached(quint64 token);

private:
    void turn();
    bool openFile();
    qint64 readPiece();
    bool isReplaced();
    void closeFile();
    void take(const QByteArray &line, FlowBatch &batch);
    void trouble(const QString &sentence);
    void reachMarks();

    Settings m_settings;
    QByteArray m_needle; ///< lines without it are of no job
    int m_file = -1;
    bool m_isPipe = false;
    qint64 m_position = 0;
    QByteArray m_buffer;
    FlowLines m_lines{FlowReader::maxLine};
    FlowReader m_reader;
    quint64 m_countedTooLong = 0;
    QString m_trouble;
    bool m_isWaiting = false; ///< for goOn()
    QList<quint64> m_marks;
    QTimer m_poll{this};
};

} // namespace danube::egress

Q_DECLARE_METATYPE(danube::egress::FlowBatch)
