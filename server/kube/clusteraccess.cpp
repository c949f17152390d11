// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/clusteraccess.h"

#include "server/kube/kubeconfig.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::kube {
namespace {

constexpr qint64 largestFile = 1 << 20;
constexpr auto certificateMark = "-----BEGIN CERTIFICATE-----";

std::unexpected<Error> refuse(const QString &message)
{
    return fail(ErrorCode::InvalidArgument, message);
}

Result<QByteArray> readFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return refuse(u"%1: %2"_s.arg(path, file.errorString()));
    QByteArray content = file.read(largestFile + 1);
    if (content.size() > largestFile)
        return refuse(u"%1: larger than 1 MiB"_s.arg(path));
    return content;
}

Result<QByteArray> fromBase64(const QByteArray &text)
{
    // YAML may have folded it over several lines.
    QByteArray packed = text.simplified();
    packed.removeIf([](char c) { return c == ' '; });
    auto decoded = QByteArray::fromBase64Encoding(packed, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return refuse(u"the data is not base64"_s);
    return *std::move(decoded);
}

/// Paths inside a kubeconfig are relative to the file itself.
QString resolved(const QString &fileName, const QString &path)
{
    return path.isEmpty() ? path : QDir::cleanPath(QFileInfo(fileName).absoluteDir().absoluteFilePath(path));
}

struct PemField
{
    QString field;
    const QByteArray &data; ///< base64; wins over the path, as for kubectl
    QString path;
    const char *mark;
};

/// Empty when neither data nor path is given.
Result<QByteArray> readPem(const PemField &pem)
{
    if (pem.data.isEmpty() && pem.path.isEmpty())
        return QByteArray();
    auto content = pem.data.isEmpty() ? readFile(pem.path) : fromBase64(pem.data);
    if (!content)
        return std::unexpected(content.error().in(pem.field));
    if (!content->contains(pem.mark))
        return refuse(u"%1: no PEM \"%2\" inside"_s.arg(pem.field, QLatin1StringView(pem.mark)));
    return content;
}

/// It becomes part of a header line.
bool isToken(const QByteArray &token)
{
    return std::ranges::all_of(token, [](char c) { return c > ' ' && c < 0x7f; });
}

Result<QUrl> readServer(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    if (text.isEmpty() || !url.isValid() || url.host().isEmpty())
        return refuse(u"server is not an address like https://host:port"_s);
    if (url.scheme() != "https"_L1)
        return refuse(u"server must begin with https:// (credentials never travel in clear)"_s);
    if (!url.userInfo().isEmpty() || url.hasQuery() || url.hasFragment())
        return refuse(u"server may have neither user, query nor fragment"_s);
    return url;
}

Result<QUrl> readProxy(const QString &text)
{
    if (text.isEmpty())
        return QUrl();
    const QUrl url(text, QUrl::StrictMode);
    const bool isKnown = url.scheme() == "http"_L1 || url.scheme() == "socks5"_L1;
    if (!url.isValid() || url.host().isEmpty() || !isKnown)
        return refuse(u"proxy-url is not an address like http://host:port or socks5://host:port"_s);
    return url;
}

Result<void> takeCluster(const KubeconfigEntry &entry, const QString &fileName, InsecureTls insecure,
                         ClusterAccess &access)
{
    auto server = readServer(entry.server);
    if (!server)
        return std::unexpected(server.error());
    auto proxy = readProxy(entry.proxyUrl);
    if (!proxy)
        return std::unexpected(proxy.error());
    auto authority =
        readPem({u"certificate-authority"_s, entry.caData, resolved(fileName, entry.caFile), certificateMark});
    if (!authority)
        return std::unexpected(authority.error());
    if (entry.isInsecure && insecure == InsecureTls::Refused)
        return refuse(u"insecure-skip-tls-verify is refused (give its certificate-authority instead)"_s);
    if (entry.isInsecure && !authority->isEmpty())
        return refuse(u"insecure-skip-tls-verify and certificate-authority exclude each other"_s);
    access.server = *std::move(server);
    access.proxy = *std::move(proxy);
    access.caPem = *std::move(authority);
    access.tlsServerName = entry.tlsServerName;
    access.verifyPeer = !entry.isInsecure;
    return {};
}

Result<void> takeUser(KubeconfigEntry &entry, const QString &fileName, ClusterAccess &access)
{
    auto certificate = readPem(
        {u"client-certificate"_s, entry.certificateData, resolved(fileName, entry.certificateFile), certificateMark});
    if (!certificate)
        return std::unexpected(certificate.error());
    auto key =
        readPem({u"client-key"_s, entry.keyData.reveal(), resolved(fileName, entry.keyFile), "PRIVATE KEY-----"});
    if (!key)
        return std::unexpected(key.error());
    if (certificate->isEmpty() != key->isEmpty())
        return refuse(u"client-certificate and client-key belong together, one is missing"_s);
    if (!isToken(entry.token.reveal()))
        return refuse(u"token holds characters that no token has"_s);
    if (certificate->isEmpty() && entry.token.isEmpty() && entry.tokenFile.isEmpty())
        return refuse(u"there is no credential (token, tokenFile or client-certificate)"_s);
    access.clientCertificate = *std::move(certificate);
    access.clientKey = Secret(*std::move(key));
    access.token = std::move(entry.token);
    access.tokenFile = resolved(fileName, entry.tokenFile);
    return {};
}

} // namespace

Result<ClusterAccess> readKubeconfig(const KubeconfigSource &source, InsecureTls insecure)
{
    const QString file = u"kubeconfig "_s + source.fileName;
    auto entry = readKubeconfigEntry(source.yaml, source.context);
    if (!entry)
        return std::unexpected(entry.error().in(file));
    ClusterAccess access;
    if (const auto taken = takeCluster(*entry, source.fileName, insecure, access); !taken)
        return std::unexpected(taken.error().in(u"%1: cluster \"%2\""_s.arg(file, entry->clusterName)));
    if (const auto taken = takeUser(*entry, source.fileName, access); !taken)
        return std::unexpected(taken.error().in(u"%1: user \"%2\""_s.arg(file, entry->userName)));
    access.defaultNamespace = entry->defaultNamespace;
    return access;
}

Result<ClusterAccess> inClusterAccess(const QMap<QString, QString> &environment, const QString &directory)
{
    const QString host = environment.value(u"KUBERNETES_SERVICE_HOST"_s);
    const QString portText = environment.value(u"KUBERNETES_SERVICE_PORT"_s);
    if (host.isEmpty() || portText.isEmpty())
        return fail(ErrorCode::NotFound, u"this is not a pod: KUBERNETES_SERVICE_HOST and _PORT are not set"_s);
    ClusterAccess access;
    const ushort port = portText.toUShort();
    access.server.setScheme(u"https"_s);
    access.server.setHost(host); // adds the brackets of an IPv6 address
    access.server.setPort(port);
    if (port == 0 || !access.server.isValid() || access.server.host().isEmpty())
        return refuse(u"KUBERNETES_SERVICE_HOST \"%1\" and _PORT \"%2\" are no address"_s.arg(host, portText));

    const QDir mounted(directory);
    auto authority = readPem({u"service account"_s, {}, mounted.filePath(u"ca.crt"_s), certificateMark});
    if (!authority)
        return std::unexpected(authority.error());
    access.caPem = *std::move(authority);
    access.tokenFile = mounted.absoluteFilePath(u"token"_s);
    if (const auto token = readFile(access.tokenFile); !token)
        return std::unexpected(token.error().in(u"service account"_s));
    if (const auto name = readFile(mounted.filePath(u"namespace"_s)))
        access.defaultNamespace = QString::fromUtf8(*name).trimmed();
    return access;
}

} // namespace danube::kube
