// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/coordinator/environment.h"
#include "server/coordinator/rpcclient.h"
#include "server/coordinator/scriptcodec.h"

#include <QLocalSocket>

namespace danube::coordinator {

/// Answers what danubefile.py asks over its end of a socket pair, many calls at once. The job id and, for steps, a
/// request id that all retries share are added here: the script knows neither token nor master.
class ScriptCalls : public QObject
{
    Q_OBJECT
public:
    static constexpr qsizetype maxCalls = 1024; ///< open at once; more are refused (ResourceExhausted)

    /// Takes the descriptor.
    ScriptCalls(const Environment &environment, RpcClient &client, int descriptor);

private:
    using Done = RpcClient::Done;
    void read();
    void serve(const ScriptCall &call);
    void answer(qint64 id, const Result<QJsonObject> &result);
    void runStep(QJsonObject body, Done done);
    void upload(const QJsonObject &arguments, Done done);

    const Environment &m_environment;
    RpcClient &m_client;
    QLocalSocket m_socket;
    ScriptCodec m_codec;
    qsizetype m_open = 0;
};

} // namespace danube::coordinator
