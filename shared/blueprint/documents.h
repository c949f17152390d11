// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/model/pipeline.h"

#include <QMap>

#include <optional>

namespace danube::blueprint {

inline constexpr QLatin1StringView apiVersion("danube.dev/v1");

/// The documents of a Blueprint repository, typed (contract: "Blueprint repository"). The schemas in resources/schema
/// describe their JSON.
enum class DocumentKind { Config, User, Team, Pipeline };
QString toText(DocumentKind kind); ///< as in the envelope: "Config"

enum class EgressMode { Enforce, Audit };
enum class OnViolation { Log, Warn, Fail };
QString toText(EgressMode mode);
QString toText(OnViolation policy);

struct Retention
{
    std::optional<std::chrono::days> logs; ///< absent or zero = for ever
    std::optional<std::chrono::days> artifacts;
    std::optional<std::chrono::days> registryImages;
    bool operator==(const Retention &) const = default;
};

/// How the master signs in to one git host.
struct GitAuthentication
{
    enum class Type { SshKey, HttpsToken, GitHubApp };
    QString host; ///< lower case, ":port" where it is not the usual one
    Type type = Type::HttpsToken;
    QString secret;              ///< key of the master's secret that holds the private key or token
    QString username = {};       ///< HttpsToken; empty = "x-access-token"
    QStringList knownHosts = {}; ///< SshKey: lines of known_hosts
    qint64 appId = 0;            ///< GitHubApp
    qint64 installationId = 0;   ///< GitHubApp
    bool operator==(const GitAuthentication &) const = default;
};

struct ConfigDocument
{
    QStringList egressAllowlist;
    EgressMode egressMode = EgressMode::Enforce;
    OnViolation onViolation = OnViolation::Log;
    Retention retention;
    QString coordinatorImage; ///< empty = the master's default
    QJsonObject observability;
    QList<GitAuthentication> gitAuthentication;
    bool operator==(const ConfigDocument &) const = default;
};

struct UserDocument
{
    QString name;
    QString email;
    QString passwordHash; ///< bcrypt; empty = signs in elsewhere
    bool operator==(const UserDocument &) const = default;
};

struct TeamDocument
{
    QString name;
    QStringList members; ///< names of users
    bool globalAdmin = false;
    bool operator==(const TeamDocument &) const = default;
};

/// What becomes of a cron trigger's due times that passed while the master was away (or its clock jumped over them).
enum class CatchUp {
    None, ///< they are given up
    Last, ///< the latest one is run, once
    All,  ///< each is run, oldest first, at most the latest 24
};
QString toText(CatchUp policy);

struct Trigger
{
    enum class On { Push, PullRequest, Cron };
    On on = On::Push;
    QStringList branches;             ///< patterns (branchpattern.h); empty = all, for cron the default branch
    QString schedule;                 ///< Cron: five fields (cron.h)
    std::optional<CatchUp> catchUp{}; ///< Cron; absent = Last: a nightly job is wanted once, never twenty times
    bool operator==(const Trigger &) const = default;
};

enum class PermissionLevel { Read, Run, Write, Admin }; ///< each holds the ones before it
struct Permission
{
    QString team;
    PermissionLevel level = PermissionLevel::Read;
    bool operator==(const Permission &) const = default;
};

struct PipelineDocument
{
    Pipeline pipeline; ///< what the engine needs
    QList<Trigger> triggers;
    QJsonObject resources;       ///< worker.resources: Kubernetes quantities
    QJsonObject security;        ///< worker.security
    QStringList egressAllowlist; ///< besides the global one
    std::optional<EgressMode> egressMode;
    std::optional<OnViolation> onViolation;
    QList<Permission> permissions;
    bool operator==(const PipelineDocument &) const = default;
};

/// A whole Blueprint, by name.
struct Snapshot
{
    ConfigDocument config;
    QMap<QString, UserDocument> users;
    QMap<QString, TeamDocument> teams;
    QMap<QString, PipelineDocument> pipelines;
    bool operator==(const Snapshot &) const = default;
};

// The object must have passed its schema; what it does not say keeps its default.
ConfigDocument configFromDocument(const QJsonObject &document);
UserDocument userFromDocument(const QJsonObject &document);
TeamDocument teamFromDocument(const QJsonObject &document);
Result<PipelineDocument> pipelineDocumentFrom(const QJsonObject &document);

std::optional<PermissionLevel> permissionLevelFromText(QStringView text);
QString toText(PermissionLevel level);
QString toText(Trigger::On on);

} // namespace danube::blueprint
