// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/bodysource.h"
#include "server/http/requestframer.h"
#include "shared/model/principal.h"

#include <QHostAddress>
#include <QHttpHeaders>
#include <QHttpServerResponder>
#include <QJsonObject>
#include <QUrlQuery>

namespace danube::http {

class Connection;

struct Reply
{
    int status = 200;
    QHttpHeaders headers; ///< without Content-Length and what every answer carries
    QByteArray body;
};

/// One request and the right to answer it exactly once. A resource either answers at once or gives the exchange as the
/// context of a call: when the client goes away first, the exchange goes and the callback never runs. Control thread;
/// owned by its connection.
class Exchange : public QObject
{
    Q_OBJECT
public:
    Exchange(Connection &connection, QHttpServerResponder &&responder);
    ~Exchange() override;

    // The request.
    const FramedRequest &request() const;
    QHostAddress peer() const;
    bool isHead() const { return request().method == protocol::Method::Head; }
    const QString &path() const { return m_path; } ///< still percent-encoded
    QString query(QLatin1StringView name) const;   ///< decoded; empty when absent
    const QUrlQuery &queries() const { return m_query; }
    bool hasQuery(QLatin1StringView name) const { return m_query.hasQueryItem(name); }
    const QStringList &values() const { return m_values; } ///< of the route's {…}
    QString value() const { return m_values.value(0); }
    const Principal &principal() const { return m_principal; }
    void admit(Principal principal, QStringList values); ///< by the router, once the gate opened

    // The answer.
    void send(Reply reply);
    void sendJson(const QJsonObject &object, int status = 200, QHttpHeaders headers = {});
    /// The only place where an Error becomes an HTTP answer; 429 and 503 carry Retry-After.
    void sendError(const Error &error, seconds retryAfter = seconds(2));
    void sendProblem(int status, const QString &detail, QHttpHeaders headers = {});
    void closeAfterwards(); ///< the connection, once this is answered; before the answer
    void sendBody(int status, QHttpHeaders headers, std::unique_ptr<BodySource> body);
    Result<int> takeOver(); ///< for streams: the socket is the caller's now, nothing was written to it

    // For the connection and the dispatcher.
    bool isFinished() const { return m_finished; }
    bool isInHandler() const { return m_inHandler; }
    int status() const { return m_status; } ///< as answered, for metrics
    void finish();
    void abandon() { m_responder.reset(); } ///< the client is gone; outside of the handler
    /// The handler returned: gives the responder back when all is said, because QtHttpServer counts on outliving it.
    void leaveHandler(QHttpServerResponder &place);

signals:
    void answered(int status);

private:
    void addCommonHeaders(QHttpHeaders &headers) const;
    void noteStatus(int status);
    void sendHead(int status, const QHttpHeaders &headers);

    Connection &m_connection;
    std::optional<QHttpServerResponder> m_responder;
    QString m_path;
    QUrlQuery m_query;
    QStringList m_values;
    Principal m_principal;
    int m_status = 0;
    bool m_inHandler = true;
    bool m_finished = false;
};

} // namespace danube::http
