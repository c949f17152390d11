// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/source/repository.h"
#include "shared/blueprint/documents.h"
#include "shared/core/secret.h"
#include "shared/git/gitrunner.h"

namespace danube::blueprint {

class AppTokens;

/// The master's keys to git hosts: git_authentication of the active configuration, each entry for its own host only,
/// for the Blueprint and for job sources alike. Nothing of it ever leaves the master. Control thread.
class GitCredentials
{
public:
    using Done = std::move_only_function<void(Result<git::Access>)>;
    struct Settings
    {
        QString caFile;                 ///< PEM; whom https believes instead of the system's authorities
        AppTokens *appTokens = nullptr; ///< outlives this; none: no GitHub App signs in
    };
    /// A secret of the master by its key.
    using SecretOf = std::function<Result<Secret>(const QString &key)>;

    explicit GitCredentials(SecretOf secretOf) : GitCredentials(std::move(secretOf), Settings()) {}
    GitCredentials(SecretOf secretOf, Settings settings)
        : m_secretOf(std::move(secretOf)), m_settings(std::move(settings))
    {}
    void set(QList<GitAuthentication> entries);

    /// No credential for a host without an entry, and for a URL that brings its own. NotFound when the entry's secret
    /// is missing; the message names entry and key, never a value. `done` as source::AccessTo has it.
    void accessTo(const source::Repository &repository, QObject *context, Done done) const;

private:
    const GitAuthentication *entryFor(const source::Repository &repository) const;
    /// What every https contact gets, with or without a credential.
    git::Access anonymous(const source::Repository &repository) const;
    git::Access byToken(const source::Repository &repository, const GitAuthentication &entry,
                        const Secret &token) const;
    void byApp(const source::Repository &repository, const GitAuthentication &entry, const Secret &key,
               QObject *context, Done done) const;

    SecretOf m_secretOf;
    Settings m_settings;
    QList<GitAuthentication> m_entries;
};

} // namespace danube::blueprint
