// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/connectiontest.h"

#include "console/controllers/oidc.h"
#include "shared/api/apiclient.h"

#include <QHostInfo>
#include <QNetworkReply>
#include <QSslCertificate>
#include <QSslCipher>
#include <QSslSocket>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr milliseconds streamPatience{45'000}; // three of the master's heartbeats
constexpr qint64 longestDocument = 1024 * 1024;

} // namespace

ConnectionTest::ConnectionTest(const Profile &profile, Secret token, QObject *parent)
    : QAbstractListModel(parent), m_profile(profile), m_token(std::make_shared<const Secret>(std::move(token)))
{
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this] { fail(tr("No answer in time.")); });
}

ConnectionTest::~ConnectionTest() = default;

void ConnectionTest::start()
{
    auto endpoint = api::endpointFromText(m_profile.url);
    if (!endpoint) {
        set(Name, State::Running, {});
        return fail(endpoint.error().message);
    }
    endpoint->token = m_token;
    m_client = std::make_unique<api::ApiClient>(std::move(*endpoint));
    runStep();
}

void ConnectionTest::runStep()
{
    if (m_step == StepCount) {
        m_patience.stop();
        emit finished();
        return;
    }
    set(Step(m_step), State::Running, {});
    m_patience.start(m_step == Stream ? streamPatience : m_stepPatience);
    switch (Step(m_step)) {
    case Name:
        return lookUp();
    case Tls:
        return shakeHands();
    case Health:
        return m_client->health(this, [this](const Result<protocol::Health> &health) {
            if (health)
                pass(tr("The master says \"%1\", version %2.").arg(health->status, health->version));
            else
                fail(health.error().message);
        });
    case Issuer:
        return askIssuer();
    case Token:
        return askToken();
    case Version:
        return m_client->version(this, [this](const Result<QString> &version) {
            if (version)
                pass(tr("API of version %1.").arg(*version));
            else
                fail(version.error().message);
        });
    case Stream:
        return listen();
    case StepCount:
        break;
    }
}

void ConnectionTest::lookUp()
{
    const QString host = m_client->endpoint().baseUrl.host();
    QHostInfo::lookupHost(host, this, [this, host](const QHostInfo &info) {
        if (info.error() != QHostInfo::NoError || info.addresses().isEmpty())
            return fail(tr("%1 has no address: %2").arg(host, info.errorString()));
        QStringList addresses;
        for (const QHostAddress &address : info.addresses())
            addresses.append(address.toString());
        pass(tr("%1 is %2.").arg(host, addresses.join(u", "_s)));
    });
}

void ConnectionTest::shakeHands()
{
    const QUrl url = m_client->endpoint().baseUrl;
    if (url.scheme() != "https"_L1)
        return conclude(State::Skipped, tr("Not used: the address is http."));
    auto *socket = new QSslSocket(this);
    connect(socket, &QSslSocket::encrypted, this, [this, socket] {
        const QString text = tr("%1, certificate for %2.")
                                 .arg(socket->sessionCipher().protocolString(),
                                      socket->peerCertificate().subjectInfo(QSslCertificate::CommonName).join(u", "_s));
        socket->disconnect(this);
        socket->deleteLater();
        pass(text);
    });
    connect(socket, &QSslSocket::errorOccurred, this, [this, socket] {
        const QString text = socket->errorString();
        socket->disconnect(this);
        socket->deleteLater();
        fail(text);
    });
    socket->connectToHostEncrypted(url.host(), quint16(url.port(443)));
}

void ConnectionTest::askIssuer()
{
    if (m_profile.issuer.isEmpty())
        return conclude(State::Skipped, tr("Not used: this profile signs in with a token."));
    QNetworkRequest request(discoveryUrl(m_profile.issuer));
    request.setTransferTimeout(m_stepPatience);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy); // as SignIn
    QNetworkReply *reply = m_network.get(request);
    reply->setReadBufferSize(longestDocument);
    connect(reply, &QNetworkReply::finished, this, [this, reply] {
        reply->deleteLater();
        if (reply->error() != QNetworkReply::NoError)
            return fail(reply->errorString());
        const auto provider = providerFromJson(reply->read(longestDocument), m_profile.issuer);
        if (!provider)
            return fail(provider.error().message);
        pass(provider->device.isEmpty() ? tr("Sign-in by browser.") : tr("Sign-in by browser or code."));
    });
}

void ConnectionTest::askToken()
{
    if (m_token->isEmpty())
        return fail(tr("There is no token yet: sign in first."));
    protocol::JobQuery query;
    query.limit = 1;
    m_client->jobs(query, this, [this](const Result<protocol::JobPage> &page) {
        if (page)
            pass(tr("The master takes the token."));
        else
            fail(page.error().message);
    });
}

void ConnectionTest::listen()
{
    QNetworkRequest request = m_client->endpoint().request(m_client->endpoint().url(protocol::RouteId::EventStream));
    request.setRawHeader("Accept", "text/event-stream");
    QNetworkReply *reply = m_network.get(request);
    connect(&m_patience, &QTimer::timeout, reply, &QNetworkReply::abort);
    const auto end = [this, reply](const QString &trouble) {
        reply->disconnect(this);
        reply->abort();
        reply->deleteLater();
        if (trouble.isEmpty())
            pass(tr("The event stream is open and was heard."));
        else
            fail(trouble);
    };
    connect(reply, &QNetworkReply::readyRead, this, [reply, end] {
        if (reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() == 200)
            end({});
    });
    connect(reply, &QNetworkReply::finished, this, [this, reply, end] {
        end(reply->error() == QNetworkReply::NoError ? tr("The master closed the stream.") : reply->errorString());
    });
}

void ConnectionTest::set(Step step, State state, const QString &detail)
{
    m_rows[step] = {state, detail};
    emit dataChanged(index(step), index(step));
}

void ConnectionTest::conclude(State state, const QString &detail)
{
    if (m_step >= StepCount)
        return; // an answer that nobody waits for any more
    set(Step(m_step), state, detail);
    ++m_step;
    runStep();
}

void ConnectionTest::fail(const QString &detail)
{
    if (m_step >= StepCount)
        return;
    set(Step(m_step), State::Failed, detail);
    for (int rest = m_step + 1; rest < StepCount; ++rest)
        set(Step(rest), State::Skipped, tr("Not tried."));
    m_step = StepCount;
    m_patience.stop();
    emit finished();
}

QString ConnectionTest::toText() const
{
    QStringList lines{m_profile.url};
    for (int row = 0; row < StepCount; ++row)
        lines.append(index(row).data().toString());
    return lines.join(u'\n');
}

int ConnectionTest::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(StepCount);
}

QVariant ConnectionTest::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const QString names[] = {tr("Name"),  tr("TLS"),         tr("Health"),      tr("Issuer"),
                             tr("Token"), tr("API version"), tr("Event stream")};
    const Row &row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return row.detail.isEmpty() ? names[index.row()] : u"%1: %2"_s.arg(names[index.row()], row.detail);
    case NameRole:
        return names[index.row()];
    case DetailRole:
        return row.detail;
    case StateRole:
        return QVariant::fromValue(row.state);
    default:
        return {};
    }
}

} // namespace danube::console
