// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/scriptcalls.h"

#include "server/coordinator/artifactupload.h"
#include "shared/core/jsonreader.h"

#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::coordinator {

Q_LOGGING_CATEGORY(lcScript, "danube.coordinator.script")

ScriptCalls::ScriptCalls(const Environment &environment, RpcClient &client, int descriptor)
    : m_environment(environment), m_client(client)
{
    m_socket.setSocketDescriptor(descriptor);
    connect(&m_socket, &QLocalSocket::readyRead, this, &ScriptCalls::read);
}

void ScriptCalls::read()
{
    const auto calls = m_codec.feed(m_socket.readAll());
    if (!calls) {
        qCCritical(lcScript).noquote() << u"script-channel-broken reason=\"%1\""_s.arg(calls.error().message);
        m_socket.abort();
        return;
    }
    for (const ScriptCall &call : *calls)
        serve(call);
}

void ScriptCalls::serve(const ScriptCall &call)
{
    if (m_open >= maxCalls)
        return answer(call.id, fail(ErrorCode::ResourceExhausted, u"%1 calls are open already"_s.arg(maxCalls)));
    ++m_open;
    auto done = [this, id = call.id](const Result<QJsonObject> &result) {
        --m_open;
        answer(id, result);
    };
    auto body = call.arguments;
    body.insert(u"job_id"_s, m_environment.job.value());
    if (call.name == "run_step"_L1)
        return runStep(std::move(body), done);
    if (call.name == "get_secret"_L1)
        return m_client.post("/rpc/get-secret", body, this, done);
    if (call.name == "report_status"_L1)
        return m_client.post("/rpc/report-status", body, this, done);
    if (call.name == "upload_artifact"_L1)
        return upload(call.arguments, done);
    done(fail(ErrorCode::InvalidArgument, u"call '%1': unknown"_s.arg(call.name.left(80))));
}

void ScriptCalls::answer(qint64 id, const Result<QJsonObject> &result)
{
    m_socket.write(answerFrame(id, result));
}

void ScriptCalls::runStep(QJsonObject body, Done done)
{
    body.insert(u"request_id"_s, randomHex(16));
    m_client.post("/rpc/run-step", body, this, std::move(done));
}

void ScriptCalls::upload(const QJsonObject &arguments, Done done)
{
    JsonReader reader(arguments);
    const auto path = reader.requiredString("path"_L1);
    const auto name = reader.string("name"_L1).value_or(QString());
    if (auto read = reader.finish(UnknownFields::Refuse); !read)
        return done(std::unexpected(read.error()));
    auto file = openArtifact(m_environment.workspace, path, name);
    if (!file)
        return done(std::unexpected(file.error()));
    auto *upload = new ArtifactUpload(m_client, m_environment.job, std::move(*file), this);
    upload->start(std::move(done));
}

} // namespace danube::coordinator
