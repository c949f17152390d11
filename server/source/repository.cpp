// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/source/repository.h"

#include "shared/git/gitrunner.h"

#include <QCryptographicHash>
#include <QRegularExpression>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace danube::source {
namespace {

bool hasUnprintable(const QString &text)
{
    return std::ranges::any_of(text, [](QChar c) { return c.unicode() <= 0x20 || c.unicode() == 0x7f; });
}

std::unexpected<Error> refuse(const QString &url, const QString &why)
{
    QString shown = git::withoutCredentials(url).left(200);
    shown.removeIf([](QChar c) { return c.unicode() < 0x20 || c.unicode() == 0x7f; });
    return fail(ErrorCode::InvalidArgument, u"repository '%1': %2"_s.arg(shown, why));
}

QString mirrorNameOf(const QString &url)
{
    return QString::fromLatin1(QCryptographicHash::hash(url.toUtf8(), QCryptographicHash::Sha256).toHex());
}

Result<Repository> parseScpForm(const QString &url, const QStringList &allowed)
{
    static const QRegularExpression form(u"\\A[A-Za-z0-9_][A-Za-z0-9_.-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[^-:][^:]*\\z"_s);
    if (!form.match(url).hasMatch())
        return refuse(url, u"expected scheme://host/path, for example https://example.org/project.git"_s);
    if (!allowed.contains("ssh"_L1))
        return refuse(url, u"protocol ssh is not allowed here (allowed: %1)"_s.arg(allowed.join(", "_L1)));
    return Repository{url, url, u"ssh"_s, mirrorNameOf(url), {}};
}

Repository withoutPassword(QUrl parsed, const QString &url)
{
    Repository repository{{}, {}, parsed.scheme(), mirrorNameOf(url), {}};
    if (parsed.scheme().startsWith("http"_L1) && !parsed.userInfo().isEmpty()) {
        const auto credentials =
            (parsed.userName(QUrl::FullyDecoded) + u':' + parsed.password(QUrl::FullyDecoded)).toUtf8();
        repository.config = {
            {u"http.%1.extraHeader"_s.arg(parsed.adjusted(QUrl::RemoveUserInfo).toString(QUrl::FullyEncoded)),
             u"Authorization: Basic "_s + QString::fromLatin1(credentials.toBase64())},
            // After a redirect git would send the header along to wherever it led.
            {u"http.followRedirects"_s, u"false"_s}};
    }
    if (parsed.scheme().startsWith("http"_L1))
        parsed.setUserInfo({}); // an empty one, "https://@host/", too
    parsed.setPassword({});
    repository.url = parsed.toString(QUrl::FullyEncoded);
    repository.shown = parsed.adjusted(QUrl::RemoveUserInfo).toString(QUrl::FullyEncoded);
    return repository;
}

} // namespace

Result<Repository> parseRepository(const QString &url, const QStringList &allowed)
{
    if (url.isEmpty() || url.size() > 2048 || hasUnprintable(url) || url.startsWith(u'-'))
        return refuse(url, u"expected a URL of 1 to 2048 characters without blanks and without a leading '-'"_s);
    if (!url.contains("://"_L1))
        return parseScpForm(url, allowed);
    const QUrl parsed(url, QUrl::StrictMode);
    const auto scheme = url.section(u"://"_s, 0, 0);
    static const QRegularExpression word(u"\\A[a-z][a-z0-9]*\\z"_s);
    if (!parsed.isValid() || !word.match(scheme).hasMatch())
        return refuse(url, u"expected scheme://host/path, for example https://example.org/project.git"_s);
    if (!allowed.contains(scheme))
        return refuse(url, u"protocol %1 is not allowed here (allowed: %2)"_s.arg(scheme, allowed.join(", "_L1)));
    if ((scheme == "file"_L1) != parsed.host().isEmpty() || parsed.host().startsWith(u'-') ||
        parsed.userName().startsWith(u'-'))
        return refuse(url, scheme == "file"_L1 ? u"expected file:///path"_s : u"expected a host name"_s);
    if (parsed.path().size() < 2 || parsed.hasFragment())
        return refuse(url, u"expected the path of a repository"_s);
    return withoutPassword(parsed, url);
}

QString hostOf(const Repository &repository)
{
    if (!repository.url.contains("://"_L1))
        return repository.url.section(u'@', 1).section(u':', 0, 0).toLower();
    const QUrl url(repository.url);
    const int usual = repository.protocol == "ssh"_L1 ? 22 : 443;
    const int port = url.port(usual);
    return port == usual ? url.host().toLower() : u"%1:%2"_s.arg(url.host().toLower()).arg(port);
}

bool isCommitId(const QString &text)
{
    return text.size() == 40 &&
           std::ranges::all_of(text, [](QChar c) { return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f'); });
}

bool looksLikeShortCommit(const QString &text)
{
    static const QRegularExpression form(u"\\A[0-9a-fA-F]{4,39}\\z"_s);
    return form.match(text).hasMatch();
}

Result<Reference> parseReference(const QString &text)
{
    if (text.isEmpty())
        return Reference{};
    if (isCommitId(text.toLower()))
        return Reference{Reference::Kind::Commit, text.toLower()};
    static const QRegularExpression forbidden(u"[\\x00-\\x20\\x7f~^:?*\\[\\\\]|\\.\\.|@\\{|//|/\\.|\\.lock(/|\\z)"_s);
    const bool badEdge = text.startsWith(u'-') || text.startsWith(u'/') || text.startsWith(u'.') ||
                         text.endsWith(u'/') || text.endsWith(u'.') || text == "@"_L1;
    const bool otherNamespace =
        text.startsWith("refs/"_L1) && !text.startsWith("refs/heads/"_L1) && !text.startsWith("refs/tags/"_L1);
    if (text.size() > 255 || badEdge || otherNamespace || forbidden.match(text).hasMatch()) {
        QString shown = text.left(80);
        shown.removeIf([](QChar c) { return c.unicode() < 0x20 || c.unicode() == 0x7f; });
        return fail(ErrorCode::InvalidArgument, u"ref '%1': expected a branch, a tag or a full commit id"_s.arg(shown));
    }
    return Reference{Reference::Kind::Name, text};
}

} // namespace danube::source
