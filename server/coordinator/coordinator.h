// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/coordinator/checkout.h"
#include "server/coordinator/scriptcalls.h"
#include "server/coordinator/scriptprocess.h"

namespace danube::coordinator {

/// One job: report that it runs → source → danubefile.py → its exit code.
class Coordinator : public QObject
{
    Q_OBJECT
public:
    /// Exit codes of the coordinator's own; everything else is the script's.
    static constexpr int setUpFailed = 125; ///< no source, no token, no python3; a line on standard error says which
    static constexpr int terminated = 143;

    Coordinator(Environment environment, Secret token);

    void start();
    /// The script gets TERM and five seconds.
    void stop();

signals:
    void finished(int exitCode);

private:
    void getSource();
    void runScript();
    void giveUp(const QString &sentence);
    void end(int exitCode);

    Environment m_environment;
    std::unique_ptr<RpcDialer> m_dialer; ///< none where the master's port can be reached
    RpcClient m_client;
    Checkout m_checkout;
    ScriptProcess m_script;
    std::unique_ptr<ScriptCalls> m_calls;
    bool m_stopping = false;
    bool m_running = false;
};

/// One line of the coordinator's own for the job log.
void say(FILE *stream, const QString &sentence);

} // namespace danube::coordinator
