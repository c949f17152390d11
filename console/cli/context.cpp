// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/context.h"

#include <QFile>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

constexpr qint64 maxTokenBytes = 16 << 10;

Result<Secret> tokenFromFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::InvalidArgument, u"read token file '%1': %2"_s.arg(path, file.errorString()));
    QByteArray content = file.read(maxTokenBytes + 1);
    Secret token(content.trimmed());
    content.fill('\0');
    if (token.isEmpty() || token.reveal().size() > maxTokenBytes || token.reveal().contains('\n'))
        return fail(ErrorCode::InvalidArgument, u"token file '%1' does not hold a token in one line"_s.arg(path));
    return token;
}

} // namespace

Result<api::Endpoint> endpointOf(const Options &options, const std::function<QByteArray(const char *)> &environment)
{
    const QString fallback = QString::fromUtf8(environment("DANUBE_URL"));
    const QString url = options.value(u"url"_s, fallback.isEmpty() ? u"http://127.0.0.1:8080"_s : fallback);
    QString path = options.value(u"token-file"_s);
    const QByteArray given = environment("DANUBE_TOKEN");
    if (path.isEmpty() && !given.isEmpty())
        return api::endpointFromText(url, Secret(given));
    if (path.isEmpty())
        path = QString::fromUtf8(environment("DANUBE_TOKEN_FILE"));
    if (path.isEmpty())
        return api::endpointFromText(url);
    auto token = tokenFromFile(path);
    if (!token)
        return std::unexpected(token.error());
    return api::endpointFromText(url, std::move(*token));
}

} // namespace danube::cli
