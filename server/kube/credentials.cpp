// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/credentials.h"

#include <QFile>
#include <QHostAddress>
#include <QLoggingCategory>
#include <QNetworkProxy>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>

using namespace Qt::StringLiterals;

namespace danube::kube {
namespace {

Q_LOGGING_CATEGORY(kubeLog, "danube.kube")

constexpr seconds tokenAge{1};
constexpr qint64 maxToken = 64 << 10;

const Clock *systemClock()
{
    static const SystemClock clock;
    return &clock;
}

QSslKey privateKey(const QByteArray &pem)
{
    for (const auto algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa}) {
        if (QSslKey key(pem, algorithm, QSsl::Pem); !key.isNull())
            return key;
    }
    return {};
}

bool isThisMachine(const QString &host)
{
    return host == "localhost"_L1 || QHostAddress(host).isLoopback();
}

/// A header must not be breakable by what a file holds.
bool isHeaderSafe(const QByteArray &token)
{
    return std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7f'; });
}

Result<QByteArray> tokenIn(const QString &fileName)
{
    QFile file(fileName);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Unauthenticated, u"read token file %1: %2"_s.arg(fileName, file.errorString()));
    const QByteArray token = file.read(maxToken).trimmed();
    if (token.isEmpty() || !isHeaderSafe(token))
        return fail(ErrorCode::Unauthenticated, u"token file %1 holds no token"_s.arg(fileName));
    return token;
}

} // namespace

Credentials::Credentials(ClusterAccess access, const Clock *clock)
    : m_access(std::move(access)), m_clock(clock ? clock : systemClock())
{}

Result<QByteArray> Credentials::authorization()
{
    if (m_access.tokenFile.isEmpty())
        return m_access.token.isEmpty() ? QByteArray() : "Bearer " + m_access.token.reveal();
    const std::lock_guard lock(m_mutex);
    const SteadyTime now = m_clock->steady();
    if (!m_readAt || now - *m_readAt >= tokenAge) {
        if (auto read = readToken(now); !read)
            return std::unexpected(read.error());
    }
    return "Bearer " + m_token;
}

Result<void> Credentials::readToken(SteadyTime now)
{
    auto token = tokenIn(m_access.tokenFile);
    if (!token && m_token.isEmpty())
        return std::unexpected(token.error());
    m_readAt = now;
    if (token)
        m_token = *token;
    else
        qCWarning(kubeLog).noquote() << u"token not read error=\"%1\""_s.arg(token.error().message);
    return {};
}

void Credentials::forget()
{
    const std::lock_guard lock(m_mutex);
    m_readAt.reset();
}

Result<QSslConfiguration> Credentials::tls() const
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    tls.setAllowedNextProtocols({QSslConfiguration::NextProtocolHttp1_1});
    tls.setPeerVerifyMode(m_access.verifyPeer ? QSslSocket::VerifyPeer : QSslSocket::VerifyNone);
    if (!m_access.caPem.isEmpty()) {
        const auto authorities = QSslCertificate::fromData(m_access.caPem, QSsl::Pem);
        if (authorities.isEmpty())
            return fail(ErrorCode::InvalidArgument, u"the cluster's certificate authority holds no PEM certificate"_s);
        tls.setCaCertificates(authorities);
    }
    if (m_access.clientCertificate.isEmpty())
        return tls;
    const auto chain = QSslCertificate::fromData(m_access.clientCertificate, QSsl::Pem);
    const QSslKey key = privateKey(m_access.clientKey.reveal());
    if (chain.isEmpty() || key.isNull())
        return fail(ErrorCode::InvalidArgument,
                    u"the client certificate or its key cannot be read (PEM is expected)"_s);
    tls.setLocalCertificateChain(chain);
    tls.setPrivateKey(key);
    return tls;
}

Result<TlsContext> Credentials::tlsContext()
{
    const std::lock_guard lock(m_mutex);
    if (m_tlsContext)
        return m_tlsContext;
    auto made = makeTlsContext(m_access);
    if (made)
        m_tlsContext = *made;
    return made;
}

QNetworkProxy Credentials::proxy() const
{
    if (m_access.proxy.isEmpty())
        return QNetworkProxy(QNetworkProxy::NoProxy);
    const bool isSocks = m_access.proxy.scheme().startsWith("socks5"_L1);
    const int defaultPort = isSocks ? 1080 : 8080;
    return {isSocks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy, m_access.proxy.host(),
            static_cast<quint16>(m_access.proxy.port(defaultPort)), m_access.proxy.userName(QUrl::FullyDecoded),
            m_access.proxy.password(QUrl::FullyDecoded)};
}

Result<QUrl> Credentials::url(const Request &request) const
{
    QUrl url = m_access.server;
    const bool isPlain = url.scheme() == "http"_L1;
    if (url.host().isEmpty() || (url.scheme() != "https"_L1 && !(isPlain && isThisMachine(url.host()))))
        return fail(ErrorCode::InvalidArgument, u"API server %1: only https, or http to this very machine"_s.arg(
                                                    url.toDisplayString(QUrl::RemoveUserInfo)));
    url = urlOf(url, request);
    url.setUserInfo({});
    return url;
}

} // namespace danube::kube
