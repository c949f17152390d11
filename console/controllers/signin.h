// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/controllers/loopbackredirect.h"
#include "console/controllers/oidc.h"

#include <QNetworkAccessManager>
#include <QTimer>

class QNetworkReply;

namespace danube::console {

enum class SignInWay { Browser, Code, Refresh };

/// One sign-in at an OpenID provider: by the browser of this machine (authorization code with PKCE), by a code typed on
/// another device (RFC 8628), or by a refresh token. Ends by finished() exactly once unless it is destroyed first;
/// destroying cancels. GUI thread.
class SignIn : public QObject
{
    Q_OBJECT
public:
    struct Settings
    {
        QString issuer;
        QString clientId;
        seconds browserPatience{180};
        milliseconds second{1000}; ///< how long a second is: the tests' clocks run faster
        milliseconds requestTimeout{20'000};
    };
    explicit SignIn(Settings settings, QObject *parent = nullptr);
    ~SignIn() override;

    void start(SignInWay way);
    void refresh(Secret token); ///< instead of start()

    const LoopbackRedirect &redirect() const { return m_redirect; }
    seconds interval() const { return m_code.interval; } ///< between two questions of the device flow

signals:
    void browserWanted(const QUrl &url); ///< open it
    void codeKnown(const danube::console::DeviceCode &code);
    void pending(); ///< the device flow asked and was told to wait
    void finished(std::shared_ptr<danube::Result<danube::console::TokenSet>> result);

private:
    void discover(SignInWay way);
    void openBrowser();
    void takeRedirect(const QUrlQuery &query);
    void askForCode();
    void poll();
    void askForToken(QUrlQuery form);
    void takeAnswer(const QByteArray &body, const QString &trouble);
    void finish(Result<TokenSet> result);
    using Taken = std::move_only_function<void(const QByteArray &body, const QString &trouble)>;
    void fetch(const QUrl &url, const QUrlQuery *form, Taken taken);

    Settings m_settings;
    QNetworkAccessManager m_network;
    LoopbackRedirect m_redirect;
    OidcProvider m_provider;
    Pkce m_pkce;
    QByteArray m_state;
    DeviceCode m_code;
    Secret m_refresh;
    QTimer m_patience;
    QTimer m_poll;
    SignInWay m_way = SignInWay::Browser;
    bool m_finished = false;
};

} // namespace danube::console
