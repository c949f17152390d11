// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/watcher.h"

#include "server/kube/localerror.h"
#include "server/kube/transport.h"

#include <QLoggingCategory>
#include <QNetworkReply>

using namespace Qt::StringLiterals;

namespace danube::kube {
namespace {

Q_LOGGING_CATEGORY(watchLog, "danube.kube.watch")

constexpr qint64 streamBuffer = 4 << 20;
constexpr qint64 maxRefusal = 64 << 10;

template <class... Ts> struct Overloaded : Ts...
{
    using Ts::operator()...;
};

} // namespace

Watcher::Watcher(Client &client, Scope scope, QObject *parent)
    : QObject(parent), m_client(client), m_scope(std::move(scope))
{
    m_wait.setSingleShot(true);
    m_silence.setSingleShot(true);
    connect(&m_wait, &QTimer::timeout, this, &Watcher::goOn);
    connect(&m_silence, &QTimer::timeout, this, &Watcher::onSilence);
}

Watcher::~Watcher()
{
    dropStream();
}

void Watcher::start()
{
    if (std::exchange(m_isRunning, true))
        return;
    m_wait.start(0);
}

void Watcher::stop()
{
    if (!std::exchange(m_isRunning, false))
        return;
    const bool wasWatching = !m_stream.isNull();
    m_wait.stop();
    m_turn.reset();
    dropStream();
    m_isSynced = false;
    if (wasWatching)
        m_machine.onEnded(sinceAsked());
}

void Watcher::goOn()
{
    if (!m_isRunning)
        return;
    m_turn = std::make_unique<QObject>();
    m_askedAt = std::chrono::steady_clock::now();
    std::visit([this](const auto &step) { take(step); }, m_machine.next());
}

void Watcher::take(const DoWait &step)
{
    m_wait.start(step.delay);
}

void Watcher::take(const DoList &)
{
    m_counts.lists += 1;
    m_client.listAll(m_scope.type, m_scope.nameSpace, m_scope.labelSelector, m_turn.get(),
                     [this](const ApiResult<QJsonObject> &list) { onListed(list); });
}

void Watcher::onListed(const ApiResult<QJsonObject> &list)
{
    if (!list)
        return fail(list.error());
    const QString version = list->value("metadata"_L1).toObject().value("resourceVersion"_L1).toString();
    const auto events = m_machine.onListed(list->value("items"_L1).toArray(), version);
    if (tell(events))
        m_wait.start(0); // the caller's slots first
}

void Watcher::take(const DoWatch &step)
{
    m_counts.watches += 1;
    const auto request = requests::watch(m_scope.type, m_scope.nameSpace,
                                         {m_scope.labelSelector, step.resourceVersion, m_scope.timeout});
    m_client.openStream(request, m_turn.get(), [this](const ApiResult<QNetworkReply *> &reply) { onOpened(reply); });
}

void Watcher::onOpened(const ApiResult<QNetworkReply *> &reply)
{
    if (!reply)
        return fail(reply.error());
    m_stream = *reply;
    m_stream->setReadBufferSize(streamBuffer);
    m_lines.clear();
    m_askedAt = std::chrono::steady_clock::now(); // without the wait under the limiter
    m_silence.start(m_scope.timeout + m_scope.grace);
    connect(m_stream, &QNetworkReply::readyRead, this, &Watcher::onReadyRead);
    connect(m_stream, &QNetworkReply::finished, this, &Watcher::onFinished);
}

void Watcher::onReadyRead()
{
    if (httpCodeOf(*m_stream) != 200)
        return; // a refusal; read when it is whole
    m_silence.start(m_scope.timeout + m_scope.grace);
    const auto lines = m_lines.feed(m_stream->readAll());
    if (!lines)
        return endStream(localError(ApiError::Kind::Protocol, u"watch: "_s + lines.error().message));
    for (const QByteArray &line : *lines) {
        const auto events = m_machine.onLine(line);
        if (!events)
            return endStream(events.error());
        if (!tell(*events))
            return;
    }
}

void Watcher::onFinished()
{
    const QPointer<QNetworkReply> stream = m_stream;
    if (httpCodeOf(*m_stream) == 200)
        onReadyRead(); // the last bytes
    if (stream.isNull() || m_stream != stream)
        return; // dropped by what they said
    if (!isSuccess(*stream))
        return endStream(errorOf(*stream, stream->read(maxRefusal)));
    if (m_lines.hasRest())
        return endStream(localError(ApiError::Kind::Network, u"the watch was cut within a line"_s));
    endStream({});
}

void Watcher::onSilence()
{
    endStream(localError(ApiError::Kind::Timeout, u"the watch has been silent for too long"_s));
}

/// False: a receiver stopped or deleted us.
bool Watcher::tell(const QList<WatchEvent> &events)
{
    const QPointer<Watcher> self(this);
    const QPointer<QObject> turn(m_turn.get());
    for (const WatchEvent &event : events) {
        std::visit(Overloaded{
                       [this](const ObjectChanged &e) { emit changed(e.object); },
                       [this](const ObjectRemoved &e) { emit removed(e.object); },
                       [this](const Synced &) {
                           m_isSynced = true;
                           emit synced();
                       },
                   },
                   event);
        if (!self || !turn)
            return false;
    }
    return true;
}

void Watcher::endStream(const std::optional<ApiError> &error)
{
    dropStream();
    if (error)
        return fail(*error);
    m_machine.onEnded(sinceAsked());
    m_wait.start(0);
}

void Watcher::dropStream()
{
    m_silence.stop();
    if (!m_stream)
        return;
    m_stream->disconnect(this);
    m_stream->abort();
    m_stream->deleteLater();
    m_stream.clear();
}

void Watcher::fail(const ApiError &error)
{
    if (error.kind == ApiError::Kind::Unauthorized)
        m_client.credentials()->forget();
    m_machine.onFailed(error, sinceAsked());
    qCDebug(watchLog).noquote() << u"watch failed resource=%1 error=\"%2\""_s.arg(m_scope.type.plural, error.message);
    m_wait.start(0);
    emit failed(error, m_machine.failuresInARow());
}

milliseconds Watcher::sinceAsked() const
{
    return std::chrono::floor<milliseconds>(std::chrono::steady_clock::now() - m_askedAt);
}

} // namespace danube::kube
