// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/coordinator/environment.h"

#include <QProcess>
#include <QTimer>

namespace danube::coordinator {

/// python3 with danubefile.py: isolated (-I), working directory = the private copy, its own standard output and error.
/// It dies with the coordinator.
class ScriptProcess : public QObject
{
    Q_OBJECT
public:
    explicit ScriptProcess(const Environment &environment);
    ~ScriptProcess() override;

    /// Starts it from `directory` and gives the coordinator's end of the socket pair; `finished` follows in any case.
    Result<int> start(const QString &directory);
    /// TERM, and KILL when it still runs after the grace.
    void stop(milliseconds grace);

signals:
    void finished(int exitCode); ///< 128 + signal when a signal ended it
    void failed(QString reason); ///< it did not start

private:
    const Environment &m_environment;
    QProcess m_process;
    QTimer m_kill;
};

} // namespace danube::coordinator
