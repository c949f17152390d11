// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/gitcredentials.h"

#include "server/blueprint/apptokens.h"
#include "server/blueprint/memoryfile.h"
#include "shared/core/reply.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

using Answer = Reply<Result<git::Access>>;

AppInstallation installationOf(const GitAuthentication &entry)
{
    return {entry.host, entry.appId, entry.installationId};
}

Result<git::Access> byKey(const GitAuthentication &entry, const Secret &key)
{
    // ssh wants the final newline that editors and environment variables lose.
    const auto file = MemoryFile::make(key.reveal().trimmed() + '\n');
    const auto hosts = MemoryFile::make(entry.knownHosts.join(u'\n').toUtf8() + '\n');
    if (!file || !hosts)
        return std::unexpected(file ? hosts.error() : file.error());
    git::Access access;
    access.sshKeyPath = (*file)->path();
    access.knownHostsPath = (*hosts)->path();
    access.held = std::make_shared<std::pair<std::shared_ptr<const MemoryFile>, std::shared_ptr<const MemoryFile>>>(
        *file, *hosts);
    return access;
}

} // namespace

void GitCredentials::set(QList<GitAuthentication> entries)
{
    m_entries = std::move(entries);
    if (!m_settings.appTokens)
        return;
    std::set<AppInstallation> installations;
    for (const GitAuthentication &entry : m_entries) {
        if (entry.type == GitAuthentication::Type::GitHubApp)
            installations.insert(installationOf(entry));
    }
    m_settings.appTokens->keepOnly(installations);
}

const GitAuthentication *GitCredentials::entryFor(const source::Repository &repository) const
{
    const auto host = hostOf(repository);
    const bool isSsh = repository.protocol == "ssh"_L1;
    if (host.isEmpty() || !repository.config.isEmpty() || !(isSsh || repository.protocol == "https"_L1))
        return nullptr;
    const auto entry = std::ranges::find_if(m_entries, [&](const GitAuthentication &candidate) {
        return candidate.host == host && (candidate.type == GitAuthentication::Type::SshKey) == isSsh;
    });
    return entry == m_entries.end() ? nullptr : &*entry;
}

git::Access GitCredentials::anonymous(const source::Repository &repository) const
{
    git::Access access;
    if (repository.protocol == "https"_L1 && !m_settings.caFile.isEmpty())
        access.config = {{u"http.sslCAInfo"_s, QFileInfo(m_settings.caFile).absoluteFilePath()}};
    return access;
}

git::Access GitCredentials::byToken(const source::Repository &repository, const GitAuthentication &entry,
                                    const Secret &token) const
{
    const auto user = entry.username.isEmpty() ? u"x-access-token"_s : entry.username;
    const QByteArray pair = user.toUtf8() + ':' + token.reveal().trimmed();
    auto access = anonymous(repository);
    access.config.append({u"http.https://%1/.extraHeader"_s.arg(entry.host),
                          u"Authorization: Basic "_s + QString::fromLatin1(pair.toBase64())});
    // After a redirect git would send the header along to wherever it led.
    access.config.append({u"http.followRedirects"_s, u"false"_s});
    return access;
}

void GitCredentials::byApp(const source::Repository &repository, const GitAuthentication &entry, const Secret &key,
                           QObject *context, Done done) const
{
    if (!m_settings.appTokens)
        return Answer(context, std::move(done))(
            fail(ErrorCode::Unavailable, u"sign in at %1: GitHub Apps are switched off here"_s.arg(entry.host)));
    m_settings.appTokens->token(
        installationOf(entry), key, context,
        [this, repository, entry, done = std::move(done)](const Result<Secret> &token) mutable {
            done(token.transform([&](const Secret &value) { return byToken(repository, entry, value); }));
        });
}

void GitCredentials::accessTo(const source::Repository &repository, QObject *context, Done done) const
{
    const auto *entry = entryFor(repository);
    if (!entry)
        return Answer(context, std::move(done))(anonymous(repository));
    const auto secret = m_secretOf(entry->secret);
    if (!secret)
        return Answer(context, std::move(done))(
            std::unexpected(secret.error().in(u"sign in at %1 with secret \"%2\""_s.arg(entry->host, entry->secret))));
    switch (entry->type) {
    case GitAuthentication::Type::SshKey:
        return Answer(context, std::move(done))(byKey(*entry, *secret));
    case GitAuthentication::Type::HttpsToken:
        return Answer(context, std::move(done))(byToken(repository, *entry, *secret));
    case GitAuthentication::Type::GitHubApp:
        return byApp(repository, *entry, *secret, context, std::move(done));
    }
}

} // namespace danube::blueprint
