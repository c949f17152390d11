// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/options.h"
#include "console/cli/output.h"
#include "shared/api/session.h"

namespace danube::cli {

/// What a command works with. Everything outlives the command.
struct Context
{
    const Options &options;
    Output &output;
    api::Session &session;
    const Clock &clock;

    bool wantsJson() const { return options.has(QStringLiteral("json")); }
    api::ApiClient &client() const { return session.client(); }
};

/// The master and the token that options and environment name. InvalidArgument (exit 2) for a bad URL, an unreadable or
/// empty token file. `environment` gives DANUBE_URL, DANUBE_TOKEN, DANUBE_TOKEN_FILE.
Result<api::Endpoint> endpointOf(const Options &options, const std::function<QByteArray(const char *)> &environment);

} // namespace danube::cli
