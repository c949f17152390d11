// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakestream.h"

#include <algorithm>
#include <ranges>

namespace danube::tests {
namespace {

constexpr qint64 maxUnsent = 1 << 20; ///< then wait for the client, as a real server does

} // namespace

FakeStream::FakeStream(QObject *parent) : QObject(parent)
{
    connect(&m_heartbeat, &QTimer::timeout, this, [this] {
        for (Client &client : m_clients) {
            if (!m_silent)
                write(client, protocol::encodeSseComment());
        }
    });
}

void FakeStream::append(const protocol::SseEvent &event)
{
    m_events.push_back(event);
    for (Client &client : m_clients)
        pump(client);
}

qsizetype FakeStream::positionOf(const QByteArray &id) const
{
    for (qsizetype i = std::ssize(m_events) - 1; i >= 0; --i) {
        if (m_events[static_cast<size_t>(i)].id == id)
            return i + 1;
    }
    return 0;
}

void FakeStream::serve(const FakeRequest &request, FakeConnection &connection)
{
    ++m_served;
    const auto next = positionOf(request.headers.value("last-event-id"));
    if (m_ended && next == std::ssize(m_events))
        return connection.reply({.status = 204});
    connection.beginStream("text/event-stream; charset=utf-8");
    m_clients.push_back(
        {&connection, m_repeatLast ? std::max<qsizetype>(next - 1, 0) : next, m_nextCut ? m_nextCut() : -1});
    connect(connection.socket(), &QTcpSocket::bytesWritten, this, [this, client = &connection] {
        for (Client &other : m_clients) {
            if (other.connection == client)
                pump(other);
        }
    });
    pump(m_clients.back());
}

void FakeStream::pump(Client &client)
{
    const auto isOpen = [&client] { return client.connection && client.connection->socket()->isOpen(); };
    while (isOpen() && !m_silent && client.next < std::ssize(m_events) &&
           client.connection->socket()->bytesToWrite() < maxUnsent)
        write(client, protocol::encodeSse(m_events[static_cast<size_t>(client.next++)]));
    if (isOpen() && m_ended && client.next == std::ssize(m_events))
        client.connection->socket()->disconnectFromHost();
}

void FakeStream::write(Client &client, const QByteArray &bytes)
{
    if (!client.connection || !client.connection->socket()->isOpen())
        return;
    const bool isCut = client.left >= 0 && bytes.size() >= client.left;
    const QByteArray part = isCut ? bytes.first(client.left) : bytes;
    client.sent += part.size();
    client.connection->socket()->write(part);
    if (client.left >= 0)
        client.left -= part.size();
    if (isCut)
        client.connection->socket()->disconnectFromHost();
}

qint64 FakeStream::written() const
{
    qint64 sum = 0;
    for (const Client &client : m_clients)
        sum += client.connection ? client.sent - client.connection->socket()->bytesToWrite() : 0;
    return sum;
}

} // namespace danube::tests
