// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/setting.h"

#include <QRegularExpression>

#include <array>

using namespace Qt::StringLiterals;

namespace danube::config {
namespace {

/// Below 1 KiB a second a stream would look stuck.
Expected setRateLimit(Config &config, const Value &value)
{
    const auto *text = std::get_if<QString>(&value);
    if (text && text->isEmpty()) {
        config.sseRateLimit = {};
        return {};
    }
    ByteCount rate{};
    if (setByteCount(rate, value) || rate < 1_KiB)
        return u"a byte count a second of at least \"1 KiB\", or \"\" for none"_s;
    config.sseRateLimit = rate;
    return {};
}

Expected setReserve(Config &config, const Value &value)
{
    static const QRegularExpression form(QRegularExpression::anchoredPattern(u"(\\d{1,2}) ?%"_s));
    const auto *text = std::get_if<QString>(&value);
    const auto match = text ? form.match(*text) : QRegularExpressionMatch();
    ByteCount bytes{};
    if (match.hasMatch() && match.capturedView(1).toInt() <= 50)
        config.freeReserve = {match.capturedView(1).toInt(), {}};
    else if (!match.hasMatch() && !setByteCount(bytes, value))
        config.freeReserve = {0, bytes};
    else
        return u"a share of at most 50 %, such as \"5 %\", or a byte count such as \"10 GiB\""_s;
    return {};
}

constexpr std::array table{
    Setting{"server.bind_address", [](Config &c, const Value &v) { return setAddress(c.httpAddress, v); },
            [](const Config &a, const Config &b) { return a.httpAddress != b.httpAddress; }},
    Setting{"server.websocket_address", [](Config &c, const Value &v) { return setAddress(c.webSocketAddress, v); },
            [](const Config &a, const Config &b) { return a.webSocketAddress != b.webSocketAddress; }},
    Setting{"server.rpc_address", [](Config &c, const Value &v) { return setAddress(c.rpcAddress, v); },
            [](const Config &a, const Config &b) { return a.rpcAddress != b.rpcAddress; }},
    Setting{"server.data_dir", [](Config &c, const Value &v) { return setText(c.dataDirectory, v); },
            [](const Config &a, const Config &b) { return a.dataDirectory != b.dataDirectory; }},
    Setting{"server.request_rate", [](Config &c, const Value &v) { return setInteger(c.requestRate, v, 0, 1'000'000); },
            [](const Config &a, const Config &b) { return a.requestRate != b.requestRate; }},
    Setting{"server.request_burst",
            [](Config &c, const Value &v) { return setInteger(c.requestBurst, v, 1, 1'000'000); },
            [](const Config &a, const Config &b) { return a.requestBurst != b.requestBurst; }},
    Setting{"server.refusal_rate", [](Config &c, const Value &v) { return setInteger(c.refusalRate, v, 0, 1'000'000); },
            [](const Config &a, const Config &b) { return a.refusalRate != b.refusalRate; }},
    Setting{"server.refusal_burst",
            [](Config &c, const Value &v) { return setInteger(c.refusalBurst, v, 1, 1'000'000); },
            [](const Config &a, const Config &b) { return a.refusalBurst != b.refusalBurst; }},
    Setting{"config_repo.directory", [](Config &c, const Value &v) { return setText(c.blueprintDirectory, v); },
            nullptr},
    Setting{"executor.kind",
            [](Config &c, const Value &v) { return setText(c.executorKind, v, {u"local"_s, u"kubernetes"_s}); },
            [](const Config &a, const Config &b) { return a.executorKind != b.executorKind; }},
    Setting{"auth.mode", [](Config &c, const Value &v) { return setText(c.authMode, v, {u"dev"_s, u"token"_s}); },
            [](const Config &a, const Config &b) { return a.authMode != b.authMode; }},
    Setting{"auth.token_file", [](Config &c, const Value &v) { return setText(c.authTokenFile, v); },
            [](const Config &a, const Config &b) { return a.authTokenFile != b.authTokenFile; }},
    Setting{"jobs.max_concurrent",
            [](Config &c, const Value &v) { return setInteger(c.maxConcurrentJobs, v, 0, 100'000); },
            [](const Config &a, const Config &b) { return a.maxConcurrentJobs != b.maxConcurrentJobs; }},
    Setting{"secrets.file", [](Config &c, const Value &v) { return setText(c.secretsFile, v); },
            [](const Config &a, const Config &b) { return a.secretsFile != b.secretsFile; }},
    Setting{"source.protocols",
            [](Config &c, const Value &v) { return setList(c.sourceProtocols, v, {u"https"_s, u"ssh"_s, u"file"_s}); },
            [](const Config &a, const Config &b) { return a.sourceProtocols != b.sourceProtocols; }},
    Setting{"source.ca_file", [](Config &c, const Value &v) { return setText(c.sourceCaFile, v); },
            [](const Config &a, const Config &b) { return a.sourceCaFile != b.sourceCaFile; }},
    Setting{"source.depth", [](Config &c, const Value &v) { return setInteger(c.sourceDepth, v, 1, 1'000'000); },
            [](const Config &a, const Config &b) { return a.sourceDepth != b.sourceDepth; }},
    Setting{"quota.artifact_bytes", [](Config &c, const Value &v) { return setByteCount(c.artifactBytes, v); },
            [](const Config &a, const Config &b) { return a.artifactBytes != b.artifactBytes; }},
    Setting{"quota.workspace_files",
            [](Config &c, const Value &v) { return setInteger(c.workspaceFiles, v, 1'000, 1'000'000'000); },
            [](const Config &a, const Config &b) { return a.workspaceFiles != b.workspaceFiles; }},
    Setting{"quota.log_bytes", [](Config &c, const Value &v) { return setByteCount(c.logBytes, v); },
            [](const Config &a, const Config &b) { return a.logBytes != b.logBytes; }},
    Setting{"quota.free_reserve", setReserve,
            [](const Config &a, const Config &b) { return a.freeReserve != b.freeReserve; }},
    Setting{"quota.workspace_bytes", [](Config &c, const Value &v) { return setByteCount(c.workspaceBytes, v); },
            [](const Config &a, const Config &b) { return a.workspaceBytes != b.workspaceBytes; }},
    Setting{"logs.compress_after", [](Config &c, const Value &v) { return setDuration(c.logCompressAfter, v); },
            [](const Config &a, const Config &b) { return a.logCompressAfter != b.logCompressAfter; }},
    Setting{"logs.sse_rate_limit", setRateLimit,
            [](const Config &a, const Config &b) { return a.sseRateLimit != b.sseRateLimit; }},
    Setting{"metrics.open", [](Config &c, const Value &v) { return setBoolean(c.metricsOpen, v); },
            [](const Config &a, const Config &b) { return a.metricsOpen != b.metricsOpen; }},
    Setting{"logging.level",
            [](Config &c, const Value &v) {
                return setText(c.logLevel, v, {u"debug"_s, u"info"_s, u"warning"_s, u"error"_s});
            },
            nullptr},
    Setting{"logging.format", [](Config &c, const Value &v) { return setText(c.logFormat, v, {u"json"_s, u"text"_s}); },
            nullptr},
};

} // namespace

std::span<const Setting> generalSettings()
{
    return table;
}

} // namespace danube::config
