// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/artifacts/artifactstore.h"
#include "server/auth/keyring.h"
#include "server/rpc/rpcserver.h"
#include "tests/support/artifacttablefake.h"
#include "tests/support/h2client.h"
#include "tests/support/scriptedbackend.h"

#include <QTemporaryDir>

namespace danube::tests {

/// A real RpcServer on a free port with a scripted backend, artifacts in a temporary directory.
class RpcFixture
{
public:
    /// `fake` = the server's clock, when it is not to be the system's.
    explicit RpcFixture(rpc::RpcSettings settings = {}, artifacts::ArtifactSettings artifactSettings = {},
                        const Clock *fake = nullptr)
    {
        const Clock &time = fake ? *fake : clock;
        artifactSettings.directory = directory.filePath(QStringLiteral("artifacts"));
        artifacts = std::move(*artifacts::ArtifactStore::open(artifactSettings, table, time));
        settings.port = 0;
        server = std::make_unique<rpc::RpcServer>(rpc::RpcServices{backend, *artifacts, keyring, time}, settings);
        port = server->start().value();
    }

    QByteArray token(const JobId &job) const { return keyring.jobToken(job).reveal(); }
    QByteArray token() const { return token(backend.running); }
    H2Request post(const QByteArray &target, const QByteArray &body) const
    {
        return {.target = target, .token = token(), .body = body};
    }
    H2Request runStep() const
    {
        return post("/rpc/run-step", R"({"job_id":"running-job","step_name":"build","command":"make"})");
    }

    QTemporaryDir directory;
    SystemClock clock;
    auth::Keyring keyring = auth::Keyring::fromKey(Secret(QByteArray(32, 'k')));
    ArtifactTableFake table;
    ScriptedBackend backend;
    std::unique_ptr<artifacts::ArtifactStore> artifacts;
    std::unique_ptr<rpc::RpcServer> server;
    quint16 port = 0;
};

} // namespace danube::tests
