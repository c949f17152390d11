// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QNetworkAccessManager>
#include <QUrl>

#include <map>
#include <set>

class QNetworkReply;

namespace danube::blueprint {

/// A GitHub App as it is installed at one owner's repositories.
struct AppInstallation
{
    QString host; ///< of the repositories, as git_authentication names it
    qint64 appId = 0;
    qint64 installationId = 0;
    auto operator<=>(const AppInstallation &) const = default;
};

/// Where that host's REST interface is: api.github.com for github.com, api.<host> for *.ghe.com, <host>/api/v3 for a
/// GitHub Enterprise Server.
QUrl gitHubApiOf(const QString &host);

struct AppToken
{
    Secret token;
    WallTime expiresAt{};
};
/// From the answer {"token", "expires_at"} of POST /app/installations/{id}/access_tokens. Protocol for anything else.
/// Pure.
Result<AppToken> readAppToken(const QByteArray &body);

/// Installation tokens of GitHub Apps: one request per installation at a time, whoever asks meanwhile shares its
/// answer; a token is handed out until five minutes before it expires. Keys and tokens stand in no message or log, a
/// redirect is not followed, plain http is for loopback only. Control thread.
class AppTokens : public QObject
{
    Q_OBJECT
public:
    using Done = std::move_only_function<void(Result<Secret>)>;
    struct Settings
    {
        QString caFile{};             ///< PEM; the authorities to believe instead of the system's. Empty = the system's
        milliseconds timeout{30'000}; ///< of one request, all of it
        std::function<QUrl(const QString &host)> apiOf = gitHubApiOf;
    };
    AppTokens(Settings settings, const Clock &clock);

    /// Unauthenticated (the app's key is not accepted), PermissionDenied, NotFound (no such installation), Timeout,
    /// Unavailable, Protocol; InvalidArgument for a key that is none. `done` never comes from inside the call.
    void token(const AppInstallation &installation, const Secret &privateKey, QObject *context, Done done);
    /// Forgets the tokens of all other installations.
    void keepOnly(const std::set<AppInstallation> &installations);

private:
    Result<QNetworkReply *> post(const AppInstallation &installation, const Secret &privateKey);
    void answered(const AppInstallation &installation, QNetworkReply &reply, bool isLate);
    Result<AppToken> judge(const AppInstallation &installation, QNetworkReply &reply, bool isLate) const;
    Error refusal(const AppInstallation &installation, const QNetworkReply &reply, int status) const;

    static constexpr size_t maxWaiting = 256;

    Settings m_settings;
    const Clock &m_clock;
    QNetworkAccessManager m_network{this};
    std::map<AppInstallation, AppToken> m_tokens;
    std::map<AppInstallation, std::vector<Done>> m_waiting; ///< for the request under way
};

} // namespace danube::blueprint
