// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/coordinator/rpcconnection.h"
#include "shared/core/id.h"
#include "shared/core/secret.h"

#include <QProcessEnvironment>

namespace danube::coordinator {

/// What the executor tells a coordinator, by DANUBE_* variables.
struct Environment
{
    JobId job;                ///< JOB_ID
    RpcEndpoint rpc;          ///< RPC_URL: http://host:port
    int rpcDialer = -1;       ///< RPC_DIALER_FD: a descriptor that gives connections to the RPC port (RpcDialer)
    Secret token;             ///< TOKEN: the job token, from executors that put no file anywhere
    QString tokenFile;        ///< TOKEN_FILE: a file with it, mounted for the coordinator alone; used without TOKEN
    QString workspace;        ///< WORKSPACE: shared with the workers
    QString privateDirectory; ///< PRIVATE_DIR: the coordinator's alone
    QString sdkDirectory;     ///< SDK_DIR: holds the Python package danube
    QString script;           ///< SCRIPT: path inside the repository
    QString repository;       ///< REPOSITORY: URL without credentials
    QString branch;           ///< BRANCH: may be empty
    QString commit;           ///< COMMIT_SHA: 40 hex digits
    QProcessEnvironment forScript; ///< what danubefile.py gets: nothing that leads to the token or the master
};

/// Pure. The error names the variable and what was expected.
Result<Environment> readEnvironment(const QProcessEnvironment &variables);
/// The file's text without the line end; it stays where it is, because a restarted container needs it again.
Result<Secret> readToken(const QString &path);

} // namespace danube::coordinator
