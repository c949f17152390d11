// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/documents.h"

#include <array>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

constexpr std::array documentKinds{"Config"_L1, "User"_L1, "Team"_L1, "Pipeline"_L1};
constexpr std::array egressModes{"enforce"_L1, "audit"_L1};
constexpr std::array violationPolicies{"log"_L1, "warn"_L1, "fail"_L1};
constexpr std::array triggerKinds{"push"_L1, "pull_request"_L1, "cron"_L1};
constexpr std::array catchUpPolicies{"none"_L1, "last"_L1, "all"_L1};
constexpr std::array permissionLevels{"read"_L1, "run"_L1, "write"_L1, "admin"_L1};
constexpr std::array authenticationTypes{"ssh_key"_L1, "https_token"_L1, "github_app"_L1};

template <class E, size_t N> std::optional<E> fromText(const std::array<QLatin1StringView, N> &names, QStringView text)
{
    const auto found = std::ranges::find_if(names, [text](QLatin1StringView name) { return text == name; });
    return found == names.end() ? std::nullopt : std::optional(static_cast<E>(found - names.begin()));
}

QStringList strings(const QJsonValue &value)
{
    return value.toVariant().toStringList();
}

std::optional<std::chrono::days> days(const QJsonValue &value)
{
    return value.isDouble() ? std::optional(std::chrono::days(value.toInt())) : std::nullopt;
}

GitAuthentication authenticationFrom(const QJsonObject &object)
{
    return {object.value("host"_L1).toString(),
            fromText<GitAuthentication::Type>(authenticationTypes, object.value("type"_L1).toString())
                .value_or(GitAuthentication::Type::HttpsToken),
            object.value("secret"_L1).toString(),
            object.value("username"_L1).toString(),
            strings(object.value("known_hosts"_L1)),
            object.value("app_id"_L1).toInteger(),
            object.value("installation_id"_L1).toInteger()};
}

Trigger triggerFrom(const QJsonObject &object)
{
    return {fromText<Trigger::On>(triggerKinds, object.value("on"_L1).toString()).value_or(Trigger::On::Push),
            strings(object.value("branches"_L1)), object.value("schedule"_L1).toString(),
            fromText<CatchUp>(catchUpPolicies, object.value("catch_up"_L1).toString())};
}

QJsonObject specOf(const QJsonObject &document)
{
    return document.value("spec"_L1).toObject();
}

QString nameOf(const QJsonObject &document)
{
    return document.value("metadata"_L1).toObject().value("name"_L1).toString();
}

} // namespace

QString toText(DocumentKind kind)
{
    return documentKinds[static_cast<size_t>(kind)];
}

QString toText(EgressMode mode)
{
    return egressModes[static_cast<size_t>(mode)];
}

QString toText(OnViolation policy)
{
    return violationPolicies[static_cast<size_t>(policy)];
}

QString toText(CatchUp policy)
{
    return catchUpPolicies[static_cast<size_t>(policy)];
}

QString toText(Trigger::On on)
{
    return triggerKinds[static_cast<size_t>(on)];
}

QString toText(PermissionLevel level)
{
    return permissionLevels[static_cast<size_t>(level)];
}

std::optional<PermissionLevel> permissionLevelFromText(QStringView text)
{
    return fromText<PermissionLevel>(permissionLevels, text);
}

ConfigDocument configFromDocument(const QJsonObject &document)
{
    const QJsonObject spec = specOf(document);
    const QJsonObject retention = spec.value("retention"_L1).toObject();
    ConfigDocument config;
    config.egressAllowlist = strings(spec.value("egress_allowlist"_L1));
    config.egressMode =
        fromText<EgressMode>(egressModes, spec.value("egress_mode"_L1).toString()).value_or(EgressMode::Enforce);
    config.onViolation =
        fromText<OnViolation>(violationPolicies, spec.value("on_violation"_L1).toString()).value_or(OnViolation::Log);
    config.retention = {days(retention.value("logs_days"_L1)), days(retention.value("artifacts_days"_L1)),
                        days(retention.value("registry_images_days"_L1))};
    config.coordinatorImage = spec.value("kubernetes"_L1).toObject().value("coordinator_image"_L1).toString();
    config.observability = spec.value("observability"_L1).toObject();
    for (const auto &entry : spec.value("git_authentication"_L1).toArray())
        config.gitAuthentication.append(authenticationFrom(entry.toObject()));
    return config;
}

UserDocument userFromDocument(const QJsonObject &document)
{
    const QJsonObject spec = specOf(document);
    return {nameOf(document), spec.value("email"_L1).toString(), spec.value("password_hash"_L1).toString()};
}

TeamDocument teamFromDocument(const QJsonObject &document)
{
    const QJsonObject spec = specOf(document);
    return {nameOf(document), strings(spec.value("members"_L1)), spec.value("global_admin"_L1).toBool()};
}

Result<PipelineDocument> pipelineDocumentFrom(const QJsonObject &document)
{
    auto pipeline = pipelineFromDocument(document);
    if (!pipeline)
        return std::unexpected(pipeline.error());
    const QJsonObject spec = specOf(document);
    const QJsonObject worker = spec.value("worker"_L1).toObject();
    PipelineDocument result;
    result.pipeline = std::move(*pipeline);
    for (const auto &entry : spec.value("triggers"_L1).toArray())
        result.triggers.append(triggerFrom(entry.toObject()));
    result.resources = worker.value("resources"_L1).toObject();
    result.security = worker.value("security"_L1).toObject();
    result.egressAllowlist = strings(spec.value("egress_allowlist"_L1));
    result.egressMode = fromText<EgressMode>(egressModes, spec.value("egress_mode"_L1).toString());
    result.onViolation = fromText<OnViolation>(violationPolicies, spec.value("on_violation"_L1).toString());
    for (const auto &entry : spec.value("permissions"_L1).toArray()) {
        const QJsonObject permission = entry.toObject();
        result.permissions.append(
            {permission.value("team"_L1).toString(),
             permissionLevelFromText(permission.value("level"_L1).toString()).value_or(PermissionLevel::Read)});
    }
    return result;
}

} // namespace danube::blueprint
