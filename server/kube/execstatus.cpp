// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/execstatus.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::kube {
namespace {

constexpr qsizetype longestMessage = 2048;

ExecStatus malformed(const QString &why)
{
    return {ExecStatus::Kind::Malformed, -1, why.left(longestMessage)};
}

/// "1" to "255" as Go writes them, else nothing. 0 would be a failure that succeeded.
std::optional<int> exitCodeOf(const QString &text)
{
    bool ok = false;
    const int code = text.toInt(&ok);
    if (!ok || code < 1 || code > 255 || QString::number(code) != text)
        return {};
    return code;
}

/// A Success with anything beside it that speaks of a failure is none.
bool isPlainSuccess(const QJsonObject &status)
{
    for (const auto key : {"reason"_L1, "message"_L1, "code"_L1, "details"_L1}) {
        if (status.contains(key))
            return false;
    }
    return true;
}

std::optional<int> exitCodeIn(const QJsonObject &status)
{
    const QJsonArray causes = status["details"_L1].toObject()["causes"_L1].toArray();
    if (causes.size() != 1 || causes[0].toObject()["reason"_L1].toString() != "ExitCode"_L1)
        return {};
    return exitCodeOf(causes[0].toObject()["message"_L1].toString());
}

} // namespace

ExecStatus readExecStatus(const QByteArray &json)
{
    if (json.size() > largestExecStatus)
        return malformed(u"a status of more than %1 KiB"_s.arg(largestExecStatus >> 10));
    const auto parsed = QJsonDocument::fromJson(json);
    if (!parsed.isObject())
        return malformed(u"not a JSON object: "_s + QString::fromUtf8(json.left(longestMessage)));
    const QJsonObject status = parsed.object();
    const QString message = status["message"_L1].toString().left(longestMessage);
    const QString verdict = status["status"_L1].toString();
    if (verdict == "Success"_L1)
        return isPlainSuccess(status) ? ExecStatus{ExecStatus::Kind::Success, -1, {}}
                                      : malformed(u"a Success with the marks of a failure: "_s + message);
    if (verdict != "Failure"_L1)
        return malformed(u"neither Success nor Failure: "_s + message);
    const QString reason = status["reason"_L1].toString();
    if (reason == "NonZeroExitCode"_L1) {
        if (const auto code = exitCodeIn(status))
            return {ExecStatus::Kind::ExitCode, *code, message};
        return malformed(u"an exit code that is none: "_s + message);
    }
    if (reason == "InternalError"_L1 && status["code"_L1].toInt() == 500)
        return {ExecStatus::Kind::NotStarted, -1, message};
    return malformed(u"a failure of an unknown form: "_s + message);
}

} // namespace danube::kube
