// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/logexport.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace danube::console {

/// Saves a log, or a part of it, and shows how far that is; hidden while there is nothing to do. One at a time.
class LogSaver : public QWidget
{
    Q_OBJECT
public:
    explicit LogSaver(QWidget *parent = nullptr);

    void saveRange(const LogSnapshot &log, const QString &path, int64_t begin, int64_t end);
    void saveMatches(const LogSnapshot &log, const QString &path, const LogPattern &pattern);
    bool isBusy() const { return m_export != nullptr; }
    void cancel();

signals:
    void told(const QString &text); ///< how it ended
    void busyChanged();

private:
    LogExport *begin(const LogSnapshot &log, const QString &path);
    void end(const QString &text);
    QLabel *m_text;
    QProgressBar *m_progress;
    QToolButton *m_cancel;
    std::unique_ptr<LogExport> m_export;
};

} // namespace danube::console
