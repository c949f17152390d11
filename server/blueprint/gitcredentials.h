// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/source/repository.h"
#include "shared/blueprint/documents.h"
#include "shared/core/secret.h"
#include "shared/git/gitrunner.h"

namespace danube::blueprint {

/// The master's keys to git hosts: git_authentication of the active configuration, each entry for its own host only,
/// for the Blueprint and for job sources alike. Nothing of it ever leaves the master. Control thread.
class GitCredentials
{
public:
    /// A secret of the master by its key.
    using SecretOf = std::function<Result<Secret>(const QString &key)>;

    explicit GitCredentials(SecretOf secretOf) : m_secretOf(std::move(secretOf)) {}
    void set(QList<GitAuthentication> entries) { m_entries = std::move(entries); }

    /// Nothing for a host without an entry, and for a URL that brings its own credentials. NotFound when the entry's
    /// secret is missing; the message names entry and key, never a value.
    Result<git::Access> accessTo(const source::Repository &repository) const;

private:
    SecretOf m_secretOf;
    QList<GitAuthentication> m_entries;
};

/// "example.org", "example.org:8443": as git_authentication names it; empty for file.
QString hostOf(const source::Repository &repository);

} // namespace danube::blueprint
