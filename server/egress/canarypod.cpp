// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/canarypod.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

constexpr int noError = 0; // DNS response codes: RFC 1035, 4.1.1
constexpr int nameError = 3;
constexpr int refused = 5;

QString script()
{
    QFile file(u":/danube/canary/egresscanary.py"_s);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QString textOf(const HostPort &place)
{
    return (place.host.contains(u':') ? u"[%1]:%2"_s : u"%1:%2"_s).arg(place.host).arg(place.port);
}

QJsonArray arrayOf(const HostPort &place)
{
    return {place.host, place.port};
}

QJsonObject containerOf(const CanaryPod &pod)
{
    const QJsonObject asked{{u"allowed"_s, arrayOf(pod.targets.allowed)},
                            {u"forbidden_name"_s, pod.targets.forbiddenName},
                            {u"api_server"_s, arrayOf(pod.targets.apiServer)}};
    const QString argument = QString::fromUtf8(QJsonDocument(asked).toJson(QJsonDocument::Compact));
    const QJsonObject resources{{u"cpu"_s, u"50m"_s}, {u"memory"_s, u"64Mi"_s}};
    return {{u"name"_s, u"canary"_s},
            {u"image"_s, pod.image},
            {u"command"_s, QJsonArray{u"python3"_s, u"-I"_s, u"-c"_s, script(), argument}},
            {u"resources"_s, QJsonObject{{u"requests"_s, resources}, {u"limits"_s, resources}}},
            {u"securityContext"_s, QJsonObject{{u"allowPrivilegeEscalation"_s, false},
                                               {u"readOnlyRootFilesystem"_s, true},
                                               {u"capabilities"_s, QJsonObject{{u"drop"_s, QJsonArray{u"ALL"_s}}}}}}};
}

CanaryFinding found(CanaryFinding::Kind kind, const QString &sentence)
{
    return {.kind = kind, .sentence = sentence, .digest = {}, .at = {}};
}

CanaryFinding judgeQuery(const QJsonValue &code, const CanaryTargets &targets)
{
    const QString &name = targets.forbiddenName;
    if (code.isNull() || code.toInt(-1) == refused)
        return found(CanaryFinding::Kind::Proven, u"%1 was reached, the API server was not, and %2 was refused"_s.arg(
                                                      textOf(targets.allowed), name));
    if (code.toInt(-1) == nameError)
        return found(CanaryFinding::Kind::Inconclusive,
                     u"the resolver says that %1 does not exist, so its refusal proves nothing"_s.arg(name));
    return found(CanaryFinding::Kind::Breached,
                 code.toInt(-1) == noError
                     ? u"the canary was told the address of %1"_s.arg(name)
                     : u"the canary's question for %1 reached a resolver (code %2)"_s.arg(name).arg(code.toInt(-1)));
}

} // namespace

QString canarySelector(const QString &instance)
{
    return u"%1=egress,danube.dev/instance=%2"_s.arg(canaryLabel, instance);
}

QJsonObject canaryManifest(const CanaryPod &pod, seconds limit)
{
    const QJsonObject labels{{canaryLabel, u"egress"_s},
                             {u"danube.dev/instance"_s, pod.instance},
                             {u"danube.dev/managed-by"_s, u"danube-master"_s}};
    const QJsonObject security{{u"runAsNonRoot"_s, true},
                               {u"runAsUser"_s, pod.runAsUser},
                               {u"seccompProfile"_s, QJsonObject{{u"type"_s, u"RuntimeDefault"_s}}}};
    const QJsonObject dns{{u"options"_s, QJsonArray{QJsonObject{{u"name"_s, u"ndots"_s}, {u"value"_s, u"1"_s}}}}};
    return {{u"metadata"_s, QJsonObject{{u"name"_s, pod.name}, {u"namespace"_s, pod.nameSpace}, {u"labels"_s, labels}}},
            {u"spec"_s, QJsonObject{{u"restartPolicy"_s, u"Never"_s},
                                    {u"activeDeadlineSeconds"_s, static_cast<qint64>(limit.count())},
                                    {u"terminationGracePeriodSeconds"_s, 1},
                                    {u"automountServiceAccountToken"_s, false},
                                    {u"enableServiceLinks"_s, false},
                                    {u"dnsConfig"_s, dns},
                                    {u"securityContext"_s, security},
                                    {u"containers"_s, QJsonArray{containerOf(pod)}}}}};
}

std::optional<CanaryEnd> canaryEndOf(const QJsonObject &pod)
{
    const QJsonValue status = pod.value("status"_L1);
    const QJsonValue ended = status["containerStatuses"_L1][0]["state"_L1]["terminated"_L1];
    if (ended.isObject())
        return CanaryEnd{ended["exitCode"_L1].toInt(-1), ended["message"_L1].toString()};
    const QString phase = status["phase"_L1].toString();
    if (phase == "Failed"_L1 || phase == "Succeeded"_L1)
        return CanaryEnd{-1, status["message"_L1].toString(), status["reason"_L1] == "DeadlineExceeded"_L1};
    return std::nullopt;
}

CanaryFinding judgeCanary(const CanaryEnd &end, const CanaryTargets &targets)
{
    using Kind = CanaryFinding::Kind;
    const QJsonObject said = QJsonDocument::fromJson(end.message.toUtf8()).object();
    const bool isAnswer = said.value("allowed"_L1).isBool() && said.value("api_server"_L1).isBool() &&
                          said.value("site"_L1).isBool() &&
                          (said.value("code"_L1).isDouble() || said.value("code"_L1).isNull());
    if (end.isLate)
        return found(Kind::Inconclusive, u"the canary did not end in time"_s);
    if (end.exitCode != 0 || !isAnswer)
        return found(Kind::Inconclusive, u"the canary ended with code %1 and said \"%2\""_s.arg(end.exitCode)
                                             .arg(end.message.simplified().left(200)));
    if (said.value("api_server"_L1).toBool())
        return found(Kind::Breached, u"the canary reached the API server"_s);
    if (said.value("site"_L1).toBool())
        return found(Kind::Breached, u"the canary reached %1"_s.arg(targets.forbiddenName));
    if (!said.value("allowed"_L1).toBool())
        return found(Kind::Inconclusive,
                     u"the canary did not reach %1, which is allowed: its failures prove nothing"_s.arg(
                         textOf(targets.allowed)));
    return judgeQuery(said.value("code"_L1), targets);
}

} // namespace danube::egress
