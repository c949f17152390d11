// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/kubernetes/podsecurity.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace danube::kubernetes {
namespace {

const QJsonObject runtimeDefault{{u"type"_s, u"RuntimeDefault"_s}};

std::unexpected<Error> refuse(const Pipeline &pipeline, const QString &wanted, const QString &fix,
                              const QString &operatorsKey)
{
    return fail(
        ErrorCode::PermissionDenied,
        u"pipeline %1 asks for %2, which this cluster's operator does not allow: %3, or ask the operator to set %4"_s
            .arg(pipeline.name, wanted, fix, operatorsKey));
}

} // namespace

Result<void> checkCeiling(const Pipeline &pipeline, const SecurityCeiling &ceiling)
{
    const WorkerSecurity &asked = pipeline.security;
    if (asked.runAsRoot && !ceiling.allowRoot)
        return refuse(pipeline, u"workers that run as root"_s, u"remove worker.security.run_as_root"_s,
                      u"kubernetes.allow_root"_s);
    if (asked.writableRoot && !ceiling.allowWritableRoot)
        return refuse(pipeline, u"a writable root file system"_s,
                      u"remove worker.security.writable_root and write below /workspace, /tmp or $HOME"_s,
                      u"kubernetes.allow_writable_root"_s);
    for (const QString &capability : asked.addCapabilities) {
        if (!ceiling.capabilities.contains(capability))
            return refuse(pipeline, u"the capability "_s + capability,
                          u"remove it from worker.security.add_capabilities"_s, u"kubernetes.capabilities"_s);
    }
    return {};
}

QJsonObject containerSecurity(const WorkerSecurity &asked, qint64 user)
{
    QJsonObject capabilities{{u"drop"_s, QJsonArray{u"ALL"_s}}};
    if (!asked.addCapabilities.isEmpty())
        capabilities.insert(u"add"_s, QJsonArray::fromStringList(asked.addCapabilities));
    return {{u"allowPrivilegeEscalation"_s, false},
            {u"capabilities"_s, capabilities},
            {u"readOnlyRootFilesystem"_s, !asked.writableRoot},
            {u"runAsNonRoot"_s, !asked.runAsRoot && user != 0},
            {u"runAsUser"_s, asked.runAsRoot ? 0 : user},
            {u"runAsGroup"_s, user}, // so that whatever root writes to /workspace stays the group's
            {u"seccompProfile"_s, runtimeDefault}};
}

QJsonObject podSecurity(qint64 user)
{
    return {{u"runAsNonRoot"_s, user != 0},
            {u"runAsUser"_s, user},
            {u"runAsGroup"_s, user},
            {u"fsGroup"_s, user},
            {u"fsGroupChangePolicy"_s, u"OnRootMismatch"_s},
            {u"seccompProfile"_s, runtimeDefault}};
}

} // namespace danube::kubernetes
