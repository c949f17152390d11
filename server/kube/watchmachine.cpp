// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/watchmachine.h"

#include <QJsonDocument>
#include <QRandomGenerator>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace danube::kube {
namespace {

constexpr auto firstDelay = 500ms;
constexpr auto longestDelay = 30'000ms;
constexpr auto longEnough = 5'000ms; ///< a stream that lasted as long did not end at once
constexpr int mostSilentWatches = 5;

Backoff::Random randomOf(quint32 seed)
{
    if (seed == 0)
        return Backoff::systemRandom();
    return [generator = QRandomGenerator(seed)]() mutable { return generator.generateDouble(); };
}

ApiError protocolError(const QString &message)
{
    ApiError error;
    error.kind = ApiError::Kind::Protocol;
    error.message = message;
    return error;
}

QString versionOf(const QJsonObject &object)
{
    return object["metadata"_L1].toObject()["resourceVersion"_L1].toString();
}

/// Empty when the object has no identity or no version: it is none.
QString keyOf(const QJsonObject &object)
{
    const QJsonObject metadata = object["metadata"_L1].toObject();
    if (versionOf(object).isEmpty() || metadata["name"_L1].toString().isEmpty())
        return {};
    return metadata["uid"_L1].toString();
}

QJsonObject slim(QJsonObject object)
{
    QJsonObject metadata = object.take("metadata"_L1).toObject();
    metadata.remove("managedFields"_L1);
    object["metadata"_L1] = metadata;
    return object;
}

/// By key; nullopt when an item is no object of the API.
std::optional<QHash<QString, QJsonObject>> indexed(const QJsonArray &items)
{
    QHash<QString, QJsonObject> objects;
    objects.reserve(items.size());
    for (const auto &item : items) {
        const QJsonObject object = item.toObject();
        const QString key = keyOf(object);
        if (key.isEmpty())
            return {};
        objects.insert(key, slim(object));
    }
    return objects;
}

QList<WatchEvent> difference(const QHash<QString, QJsonObject> &before, const QHash<QString, QJsonObject> &now)
{
    QList<WatchEvent> events;
    for (auto it = before.begin(); it != before.end(); ++it) {
        if (!now.contains(it.key()))
            events.append(ObjectRemoved{it.value()});
    }
    for (auto it = now.begin(); it != now.end(); ++it) {
        const auto old = before.constFind(it.key());
        if (old == before.constEnd() || versionOf(*old) != versionOf(*it))
            events.append(ObjectChanged{it.value()});
    }
    events.append(Synced{});
    return events;
}

/// A watch from the same version would go wrong in the same way.
bool needsNewVersion(ApiError::Kind kind)
{
    return kind == ApiError::Kind::Expired || kind == ApiError::Kind::BadRequest || kind == ApiError::Kind::NotFound ||
           kind == ApiError::Kind::Protocol;
}

} // namespace

WatchMachine::WatchMachine(quint32 jitterSeed) : m_backoff(firstDelay, longestDelay, randomOf(jitterSeed)) {}

WatchStep WatchMachine::next()
{
    if (m_delay)
        return DoWait{*std::exchange(m_delay, {})};
    m_lineError.reset();
    m_hasLines = false;
    m_hasAdvanced = false;
    if (m_state == State::MustList)
        return DoList{};
    return DoWatch{m_resourceVersion};
}

void WatchMachine::goOn(State state, FirstTime firstTime, std::optional<seconds> retryAfter)
{
    m_state = state;
    if (m_silentWatches >= mostSilentWatches)
        m_state = State::MustList;
    const bool isFirst = m_backoff.attempt() == 0;
    const milliseconds delay = m_backoff.next();
    if (retryAfter)
        m_delay = *retryAfter + delay;
    else if (!isFirst || firstTime == FirstTime::Waits)
        m_delay = delay;
}

QList<WatchEvent> WatchMachine::onListed(const QJsonArray &items, const QString &resourceVersion)
{
    auto objects = indexed(items);
    if (!objects || resourceVersion.isEmpty()) {
        onFailed(protocolError(u"a list without a resourceVersion or with nameless items"_s));
        return {};
    }
    const auto events = difference(m_objects, *objects);
    m_objects = *std::move(objects);
    m_resourceVersion = resourceVersion;
    m_state = State::MustWatch;
    if (std::exchange(m_silentWatches, 0) == 0)
        m_failures = 0; // else watching is what fails, and a list does not show that it works again
    return events;
}

ApiResult<QList<WatchEvent>> WatchMachine::onLine(const QByteArray &line)
{
    if (m_lineError)
        return std::unexpected(*m_lineError);
    const auto parsed = QJsonDocument::fromJson(line);
    auto events =
        parsed.isObject()
            ? readEvent(parsed.object())
            : ApiResult<QList<WatchEvent>>(std::unexpected(protocolError(u"a line that is no JSON object"_s)));
    if (!events)
        m_lineError = events.error();
    return events;
}

ApiResult<QList<WatchEvent>> WatchMachine::readEvent(const QJsonObject &event)
{
    const QString type = event["type"_L1].toString();
    QJsonObject object = event["object"_L1].toObject();
    if (type == "ERROR"_L1)
        return std::unexpected(readRefusal(200, {}, QJsonDocument(object).toJson(QJsonDocument::Compact)));
    const QString version = versionOf(object);
    if (version.isEmpty())
        return std::unexpected(protocolError(u"an event without a resourceVersion"_s));
    if (type == "BOOKMARK"_L1) {
        noteLine(version);
        return {};
    }
    const QString key = keyOf(object);
    if (key.isEmpty())
        return std::unexpected(protocolError(u"an event about an object without name or uid"_s));

    const bool isKnown = m_objects.contains(key);
    QList<WatchEvent> events;
    object = slim(object);
    if (type == "DELETED"_L1) {
        m_objects.remove(key);
        if (isKnown)
            events.append(ObjectRemoved{object});
    } else if (type == "ADDED"_L1 || type == "MODIFIED"_L1) {
        if (!isKnown || versionOf(m_objects.value(key)) != version)
            events.append(ObjectChanged{object});
        m_objects.insert(key, object);
    } else {
        return std::unexpected(protocolError(u"an event of the unknown type \"%1\""_s.arg(type.left(40))));
    }
    noteLine(version);
    return events;
}

void WatchMachine::noteLine(const QString &resourceVersion)
{
    m_hasLines = true;
    m_silentWatches = 0;
    m_failures = 0;
    if (m_resourceVersion == resourceVersion)
        return;
    m_resourceVersion = resourceVersion;
    m_hasAdvanced = true;
    m_backoff.reset();
}

void WatchMachine::onEnded(milliseconds lasted)
{
    if (m_lineError) {
        onFailed(*m_lineError, lasted);
        return;
    }
    if (!m_hasLines)
        ++m_silentWatches;
    if (lasted >= longEnough)
        m_failures = 0;
    if (m_hasAdvanced || lasted >= longEnough)
        m_backoff.reset();
    goOn(State::MustWatch, FirstTime::GoesAtOnce);
}

void WatchMachine::onFailed(const ApiError &error, milliseconds lasted)
{
    const ApiError cause = std::exchange(m_lineError, {}).value_or(error);
    ++m_failures;
    if (m_state == State::MustWatch && !m_hasLines)
        ++m_silentWatches;
    if (lasted >= longEnough)
        m_backoff.reset();
    const bool mustList = m_state == State::MustList || needsNewVersion(cause.kind);
    const bool isExpired = cause.kind == ApiError::Kind::Expired;
    goOn(mustList ? State::MustList : State::MustWatch, isExpired ? FirstTime::GoesAtOnce : FirstTime::Waits,
         cause.retryAfter);
}

} // namespace danube::kube
