// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/imagename.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

constexpr qsizetype maxLength = 512;

bool matches(const QRegularExpression &expression, const QString &text)
{
    return expression.match(text).hasMatch();
}

std::unexpected<Error> refuse(const QString &text, const QString &why)
{
    return fail(ErrorCode::InvalidArgument, u"image \"%1\": %2"_s.arg(text.left(80), why));
}

Result<void> takeDigest(ImageName &name, QString &rest, const QString &text)
{
    const auto at = rest.indexOf(u'@');
    if (at < 0)
        return {};
    name.digest = rest.sliced(at + 1);
    rest.truncate(at);
    static const QRegularExpression digest(u"\\A[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-f]{32,128}\\z"_s);
    if (!matches(digest, name.digest) || (name.digest.startsWith("sha256:"_L1) && name.digest.size() != 7 + 64))
        return refuse(text, u"expected @sha256: and 64 hexadecimal digits"_s);
    return {};
}

Result<void> takeTag(ImageName &name, QString &rest, const QString &text)
{
    const auto colon = rest.lastIndexOf(u':');
    if (colon < 0 || rest.indexOf(u'/', colon) >= 0)
        return {};
    name.tag = rest.sliced(colon + 1);
    rest.truncate(colon);
    static const QRegularExpression tag(u"\\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\\z"_s);
    if (!matches(tag, name.tag))
        return refuse(text, u"expected a tag of up to 128 letters, digits, '_', '.' and - after ':'"_s);
    return {};
}

Result<void> takeHost(ImageName &name, QString &rest, const QString &text)
{
    const auto first = rest.section(u'/', 0, 0);
    const bool isHost =
        rest.contains(u'/') && (first.contains(u'.') || first.contains(u':') || first == "localhost"_L1);
    if (!isHost)
        return {};
    name.host = first;
    rest = rest.sliced(first.size() + 1);
    static const QRegularExpression host(
        u"\\A[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::[0-9]{1,5})?\\z"_s);
    return matches(host, name.host) ? Result<void>() : refuse(text, u"\"%1\" is no host name"_s.arg(first.left(60)));
}

} // namespace

Result<ImageName> parseImageName(const QString &text)
{
    if (text.isEmpty() || text.size() > maxLength)
        return refuse(text, u"expected 1 to %1 characters"_s.arg(maxLength));
    if (text.contains("://"_L1))
        return refuse(text, u"expected a name without scheme such as https://"_s);
    ImageName name;
    QString rest = text;
    const auto taken = takeDigest(name, rest, text).and_then([&] { return takeTag(name, rest, text); }).and_then([&] {
        return takeHost(name, rest, text);
    });
    if (!taken)
        return std::unexpected(taken.error());
    name.path = rest;
    static const QRegularExpression path(
        u"\\A[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*\\z"_s);
    if (matches(path, rest))
        return name;
    if (matches(path, rest.toLower()))
        return refuse(text, u"repository names are in lower case: \"%1\""_s.arg(rest.toLower().left(80)));
    return refuse(text, u"expected a repository name of a-z, 0-9, '.', '_' and - with '/' between its parts"_s);
}

} // namespace danube::blueprint
