// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/fakehttp.h"

namespace danube::tests {

/// An OpenID provider in the test's thread, with the habits of Dex: a device that is still waited for is told so with
/// 401, one that asks too fast with 400, public clients have no secret, refresh tokens are used once. Knows one person,
/// who agrees to everything.
class FakeDex : public QObject
{
    Q_OBJECT
public:
    explicit FakeDex(QObject *parent = nullptr);

    QString issuer() const { return m_server.url().toString(); }
    const QList<FakeRequest> &requests() const { return m_requests; }
    int count(const QString &path) const;

    /// What a browser does that follows `url` and signs in: the address it is sent back to.
    QUrl authorize(const QUrl &url);
    const QUrlQuery &authorization() const { return m_authorization; } ///< of the last authorize()

    int pendingAnswers = 1; ///< to a device, before the next kind
    int slowDowns = 0;      ///< to a device, after those
    int lifetime = 3600;    ///< of tokens, in seconds
    bool refusesRefresh = false;
    int badGateways = 0;                    ///< answers of the token endpoint that are somebody else's page
    QByteArray tokenPrefix = "token";       ///< tokens are "<prefix>-1", "<prefix>-2", …
    int tokens() const { return m_tokens; } ///< given so far

private:
    FakeReply answer(const FakeRequest &request);
    FakeReply answerToken(const FakeRequest &request);
    FakeReply answerDevice(const QUrlQuery &form);
    FakeReply grant();

    FakeHttpServer m_server;
    QList<FakeRequest> m_requests;
    QUrlQuery m_authorization;
    QString m_code; ///< good once
    QString m_refresh;
    int m_tokens = 0;
};

} // namespace danube::tests
