// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/gitcredentials.h"

#include "server/blueprint/memoryfile.h"

#include <QUrl>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

Result<git::Access> byToken(const GitAuthentication &entry, const Secret &token)
{
    const auto user = entry.username.isEmpty() ? u"x-access-token"_s : entry.username;
    const QByteArray pair = user.toUtf8() + ':' + token.reveal().trimmed();
    git::Access access;
    access.config = {{u"http.https://%1/.extraHeader"_s.arg(entry.host),
                      u"Authorization: Basic "_s + QString::fromLatin1(pair.toBase64())}};
    return access;
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

QString hostOf(const source::Repository &repository)
{
    if (!repository.url.contains("://"_L1))
        return repository.url.section(u'@', 1).section(u':', 0, 0).toLower();
    const QUrl url(repository.url);
    const int usual = repository.protocol == "ssh"_L1 ? 22 : 443;
    const int port = url.port(usual);
    return port == usual ? url.host().toLower() : u"%1:%2"_s.arg(url.host().toLower()).arg(port);
}

Result<git::Access> GitCredentials::accessTo(const source::Repository &repository) const
{
    const auto host = hostOf(repository);
    const bool isSsh = repository.protocol == "ssh"_L1;
    if (host.isEmpty() || !repository.config.isEmpty() || !(isSsh || repository.protocol == "https"_L1))
        return git::Access();
    const auto entry = std::ranges::find_if(m_entries, [&](const GitAuthentication &candidate) {
        return candidate.host == host && (candidate.type == GitAuthentication::Type::SshKey) == isSsh;
    });
    if (entry == m_entries.end())
        return git::Access();
    const auto secret = m_secretOf(entry->secret);
    if (!secret)
        return std::unexpected(secret.error().in(u"sign in at %1 with secret \"%2\""_s.arg(host, entry->secret)));
    return isSsh ? byKey(*entry, *secret) : byToken(*entry, *secret);
}

} // namespace danube::blueprint
