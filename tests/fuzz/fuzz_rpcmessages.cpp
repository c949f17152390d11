// SPDX-License-Identifier: GPL-3.0-or-later
// Bodies of RPC calls, from any job: what is taken is within its bounds, and means the same when it is written and read
// again, by its hash too. The quick readers make of bytes what the thorough ones do.
#include "shared/core/jsonreader.h"
#include "shared/protocol/rpcbodies.h"
#include "tests/fuzz/require.h"

using namespace danube;
using namespace danube::protocol;

namespace {

void checkRunStep(const RunStepRequest &request)
{
    require(!request.stepName.isEmpty() && request.env.size() <= 4096);
    require(!request.timeout || (request.timeout->count() >= 1 && *request.timeout <= std::chrono::days(7)));
    const QString &directory = request.workingDirectory;
    require(directory.isEmpty() || directory == u"/workspace" || directory.startsWith(u"/workspace/"));
    require(!directory.contains(u"/../") && !directory.endsWith(u"/.."));
    for (const auto &[name, value] : request.env)
        require(!name.isEmpty() && !name.contains(u'=') && !name.contains(QChar(0)) && !value.contains(QChar(0)));
    const auto again = runStepFromJson(toJson(request));
    require(again && again->command == request.command && again->env == request.env);
    require(again->request == request.request && bodyHash(*again) == bodyHash(request));
}

template <class T>
void checkQuick(const QByteArray &text, Result<T> (*quick)(const QByteArray &),
                Result<T> (*thorough)(const QJsonObject &))
{
    require(quick(text) == parseJsonObject(text).and_then(thorough));
}

template <class T> bool isTold(const Result<T> &result)
{
    return result || !result.error().message.isEmpty();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    checkQuick(text, getSecretFromBytes, getSecretFromJson);
    checkQuick(text, reportStatusFromBytes, reportStatusFromJson);
    const auto body = parseJsonObject(text);
    if (!body)
        return 0;
    const auto step = runStepFromJson(*body);
    require(isTold(step));
    if (step)
        checkRunStep(*step);
    require(isTold(getSecretFromJson(*body)));
    const auto status = reportStatusFromJson(*body);
    require(isTold(status));
    require(!status || !status->progress || (*status->progress >= 0 && *status->progress <= 1));
    return 0;
}
