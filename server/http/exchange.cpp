// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/exchange.h"

#include "server/http/connection.h"
#include "shared/protocol/problem.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::http {
namespace {

using Known = QHttpHeaders::WellKnownHeader;

} // namespace

Exchange::Exchange(Connection &connection, QHttpServerResponder &&responder)
    : m_connection(connection), m_responder(std::move(responder))
{
    const QByteArray &target = connection.request().target;
    const auto mark = target.indexOf('?');
    m_path = QString::fromLatin1(mark < 0 ? target : target.first(mark));
    if (mark >= 0) // '+' is a blank in queries (WHATWG URL, form encoding)
        m_query.setQuery(QString::fromLatin1(target.sliced(mark + 1)).replace(u'+', u"%20"_s));
}

Exchange::~Exchange() = default;

const FramedRequest &Exchange::request() const
{
    return m_connection.request();
}

QHostAddress Exchange::peer() const
{
    return m_connection.peer();
}

QString Exchange::query(QLatin1StringView name) const
{
    return m_query.queryItemValue(name, QUrl::FullyDecoded);
}

void Exchange::admit(Principal principal, QStringList values)
{
    m_principal = std::move(principal);
    m_values = std::move(values);
}

void Exchange::addCommonHeaders(QHttpHeaders &headers) const
{
    headers.append(Known::Date, m_connection.date());
    headers.append("X-Content-Type-Options", "nosniff");
    headers.append("Referrer-Policy", "no-referrer");
    headers.append("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
    if (!headers.contains(Known::CacheControl))
        headers.append(Known::CacheControl, "no-store");
    if (m_connection.willClose())
        headers.append(Known::Connection, "close");
    else if (request().isHttp10)
        headers.append(Known::Connection, "keep-alive");
}

void Exchange::noteStatus(int status)
{
    Q_ASSERT(m_status == 0);
    m_status = status;
    emit answered(status);
}

void Exchange::send(Reply reply)
{
    noteStatus(reply.status);
    addCommonHeaders(reply.headers);
    if (reply.status == 204 ||
        reply.status == 304) { // no Content-Length, which the responder would add (RFC 9110, 8.6)
        sendHead(reply.status, reply.headers);
    } else {
        m_responder->write(reply.body, reply.headers, QHttpServerResponder::StatusCode(reply.status));
    }
    finish();
}

void Exchange::sendJson(const QJsonObject &object, int status, QHttpHeaders headers)
{
    headers.append(Known::ContentType, "application/json");
    send({status, std::move(headers), QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n'});
}

void Exchange::closeAfterwards()
{
    m_connection.finishAfterNext();
}

void Exchange::sendError(const Error &error, seconds retryAfter)
{
    const auto problem = protocol::problemOf(error, m_path);
    QHttpHeaders headers;
    headers.append(Known::ContentType, protocol::problemContentType);
    if (problem.status == 401)
        headers.append(Known::WWWAuthenticate, "Bearer realm=\"danube\"");
    if (problem.status == 503 || problem.status == 429)
        headers.append(Known::RetryAfter, QByteArray::number(retryAfter.count()));
    send({problem.status, std::move(headers), protocol::toBytes(problem)});
}

void Exchange::sendProblem(int status, const QString &detail, QHttpHeaders headers)
{
    headers.append(Known::ContentType, protocol::problemContentType);
    send({status, std::move(headers), protocol::toBytes(protocol::problemOfStatus(status, detail, m_path))});
}

void Exchange::sendHead(int status, const QHttpHeaders &headers)
{
    QByteArray head = "HTTP/1.1 " + QByteArray::number(status) + ' ' + protocol::titleOf(status).toLatin1() + "\r\n";
    for (const auto &[name, value] : headers.toListOfPairs())
        head.append(name).append(": ").append(value).append("\r\n");
    m_connection.writeHead(head.append("\r\n"));
}

void Exchange::sendBody(int status, QHttpHeaders headers, std::unique_ptr<BodySource> body)
{
    noteStatus(status);
    const auto length = body->length();
    // Chunks also where the connection closes afterwards: its end alone does not tell a whole body from a part.
    // HTTP/1.0 knows no chunks (RFC 9112, 6.1), so there it has to be the end, and a cut is a reset.
    const bool isChunked = !length && !request().isHttp10;
    if (!length && !isChunked)
        m_connection.finishAfterNext();
    addCommonHeaders(headers);
    if (length)
        headers.append(Known::ContentLength, QByteArray::number(*length));
    else if (isChunked)
        headers.append(Known::TransferEncoding, "chunked");
    sendHead(status, headers);
    if (isHead())
        finish();
    else
        m_connection.writeBody(std::move(body), isChunked);
}

Result<int> Exchange::takeOver()
{
    auto descriptor = m_connection.takeOver();
    if (descriptor) {
        noteStatus(200);
        finish();
    }
    return descriptor;
}

void Exchange::finish()
{
    m_finished = true;
    if (m_inHandler)
        return;
    m_responder.reset();
    m_connection.exchangeFinished();
}

void Exchange::leaveHandler(QHttpServerResponder &place)
{
    m_inHandler = false;
    if (!m_finished)
        return;
    place = std::move(*m_responder);
    m_responder.reset();
}

} // namespace danube::http
