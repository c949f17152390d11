// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/signatures.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace danube::blueprint {

Result<Signature> parseSignature(const QByteArray &output)
{
    const auto lines = QString::fromUtf8(output).split(u'\n');
    if (lines.size() < 3 || lines[0].size() != 1)
        return fail(ErrorCode::Protocol, u"git told nothing of the commit's signature"_s);
    return Signature{lines[0][0], lines[1].left(100), lines[2].left(100)};
}

QStringList signatureArguments(const QString &commit)
{
    return {u"log"_s,
            u"-1"_s,
            u"--no-show-signature"_s,
            u"--format=%G?%n%GK%n%GS"_s,
            u"--no-mailmap"_s,
            u"--end-of-options"_s,
            commit};
}

QList<std::pair<QString, QString>> checkConfig(const SigningPolicy &policy)
{
    return {{u"gpg.ssh.allowedSignersFile"_s, QFileInfo(policy.allowedSigners).absoluteFilePath()},
            {u"gpg.openpgp.program"_s, u"false"_s},
            {u"gpg.x509.program"_s, u"false"_s}};
}

QList<std::pair<QString, QString>> signConfig(const SigningPolicy &policy)
{
    return {{u"gpg.format"_s, u"ssh"_s}, {u"user.signingKey"_s, QFileInfo(policy.signingKey).absoluteFilePath()}};
}

std::optional<QString> whyNotTrusted(const QString &commit, const Signature &signature)
{
    const auto refused = [&commit](const QString &reason) { return u"commit %1 %2"_s.arg(commit, reason); };
    switch (signature.verdict.unicode()) {
    case u'G':
        return std::nullopt;
    case u'N':
        return refused(u"is not signed"_s);
    case u'U':
        return refused(u"is signed with key %1, which config_repo.allowed_signers does not name"_s.arg(
            signature.key.isEmpty() ? u"unknown"_s : signature.key));
    case u'B':
        return refused(u"has a signature that does not fit it: it was changed after signing, or its key is not in "
                       "config_repo.allowed_signers for that time"_s);
    case u'X':
    case u'Y':
        return refused(u"is signed with an expired key or signature"_s);
    case u'R':
        return refused(u"is signed with a revoked key"_s);
    default:
        return refused(u"has a signature that cannot be checked: only ssh signatures can"_s);
    }
}

} // namespace danube::blueprint
