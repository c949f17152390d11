// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/api/session.h"

#include <QJsonDocument>
#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::api {
namespace {

Q_LOGGING_CATEGORY(lcSession, "danube.api.session")

} // namespace

Session::Session(const Endpoint &endpoint, QObject *parent) : Session(endpoint, EventStream::Settings(), parent) {}

Session::Session(const Endpoint &endpoint, const EventStream::Settings &settings, QObject *parent)
    : QObject(parent),
      m_settings(settings),
      m_client(endpoint),
      m_events(endpoint, endpoint.url(protocol::RouteId::EventStream), settings)
{
    connect(&m_events, &EventStream::eventsReceived, this, &Session::takeEvents);
    connect(&m_events, &EventStream::signInNeeded, this, &Session::signInNeeded);
    connect(&m_client, &ApiClient::signInNeeded, this, &Session::signInNeeded);
    connect(&m_events, &EventStream::stateChanged, this, [this](State now) {
        // First the stream, then the lists: nothing that changes in between is missed.
        if (now == State::CatchingUp)
            emit resyncNeeded();
        emit stateChanged(now);
    });
}

void Session::setToken(const std::shared_ptr<const Secret> &token)
{
    m_client.setToken(token);
    m_events.setToken(token);
    for (const auto &log : m_logs) {
        if (log)
            log->setToken(token);
    }
    emit tokenChanged();
}

EventStream *Session::openLog(const JobId &job, QObject *parent, const LogQuery &query)
{
    QUrlQuery items = toQuery(query);
    items.addQueryItem(u"format"_s, u"json"_s);
    const QUrl url = endpoint().url(protocol::RouteId::JobLogStream, {job.value()}, items);
    auto *log = new EventStream(endpoint(), url, m_settings, parent);
    m_logs.removeIf([](const auto &other) { return other.isNull(); });
    m_logs.append(log);
    return log;
}

void Session::takeEvents(const QList<protocol::SseEvent> &events)
{
    for (const protocol::SseEvent &event : events) {
        const QJsonObject body = QJsonDocument::fromJson(event.data).object();
        if (event.event == protocol::jobEventName) {
            if (const auto job = protocol::jobAnswerFromJson(body))
                emit jobChanged(*job);
            else
                qCWarning(lcSession) << "event-ignored reason=" << job.error().message;
        } else if (event.event == protocol::stepEventName) {
            if (const auto step = protocol::stepEventFromJson(body))
                emit stepChanged(step->job, *step);
            else
                qCWarning(lcSession) << "event-ignored reason=" << step.error().message;
        } else if (event.event == protocol::resetEventName) {
            emit resyncNeeded();
        }
    }
}

} // namespace danube::api
