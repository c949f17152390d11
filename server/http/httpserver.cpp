// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/httpserver.h"

#include "server/http/listener.h"
#include "shared/protocol/restmessages.h"

#include <QJsonDocument>
#include <QLoggingCategory>

#include <tuple>

using namespace Qt::StringLiterals;

Q_LOGGING_CATEGORY(lcHttp, "danube.http")

namespace danube::http {
namespace {

// Between two events of a job's reports: the longer, the more jobs there are, so that all together are a thousand a
// second at most.
constexpr std::chrono::milliseconds shortestReportPause{100};
constexpr std::chrono::milliseconds reportPausePerJob{1};
constexpr int epochBytes = 4; // tells this master's event ids from those of the one before

/// Probes and scrapers must not fail because others ask.
bool isLimited(Right right)
{
    return right != Right::None && right != Right::Metrics;
}

std::optional<protocol::Method> nextAllowed(const QString &path, protocol::Method method)
{
    const auto match = protocol::matchRoute(method, path);
    return match && match->route ? std::optional(method) : std::nullopt;
}

} // namespace

HttpServer::HttpServer(HttpServices services, HttpLimits limits)
    : m_services(std::move(services)),
      m_limits(limits),
      m_hub({m_services.openLog, [&store = m_services.store](const JobId &id) { return store.job(id); }}, limits,
            m_services.clock, randomHex(epochBytes).toLatin1()),
      m_searches(m_services.clock),
      m_context{m_services.clock,
                m_services.store,
                m_services.pipelines,
                m_services.backend,
                m_services.metrics,
                m_services.openLog,
                m_hub,
                m_searches,
                m_services.clock.steady(),
                m_services.blueprint,
                m_services.egress,
                m_services.triggersOf,
                m_services.retentionPlan,
                m_services.secrets},
      m_pool(limits, m_services.clock, m_services.metrics),
      m_dispatcher(std::make_unique<Dispatcher>(m_pool, [this](Exchange &exchange) { answer(exchange); })),
      m_requests(limits.requests),
      m_refusals(limits.refusals),
      m_logBytes(m_services.metrics.counter("danube_log_bytes_total", "Bytes of masked job logs written"))
{
    m_reports.setSingleShot(true);
    connect(&m_reports, &QTimer::timeout, this, &HttpServer::tellReports);
    m_services.metrics.onScrape(this, [this] { readMetrics(); });
}

HttpServer::~HttpServer()
{
    m_pool.closeAll(); // responders must go before QtHttpServer's side of them
    m_dispatcher.reset();
}

Result<void> HttpServer::start()
{
    return m_hub.start();
}

Result<quint16> HttpServer::bind(const QHostAddress &address, quint16 port)
{
    auto listener = std::make_unique<Listener>(m_pool);
    const auto bound = listener->open(address, port);
    if (!bound)
        return bound;
    if (!m_dispatcher->bind(listener.get()))
        return fail(ErrorCode::Internal, u"serve port %1: QtHttpServer refused it"_s.arg(*bound));
    std::ignore = listener.release(); // the dispatcher is its parent now
    qCInfo(lcHttp).noquote() << u"listening address=%1 port=%2"_s.arg(address.toString()).arg(*bound);
    return bound;
}

void HttpServer::drain()
{
    m_pool.drain();
}

void HttpServer::answer(Exchange &exchange)
{
    connect(&exchange, &Exchange::answered, this, [this](int status) {
        m_services.metrics
            .counter("danube_http_requests_total", "REST requests answered", {{"status", std::to_string(status)}})
            .add();
    });
    const auto match = protocol::matchRoute(exchange.request().method, exchange.path());
    if (!match)
        return exchange.sendError({ErrorCode::NotFound, u"there is no such path"_s});
    if (!match->route)
        return refuseMethod(exchange);
    // The one place where rights are checked: the route table names the right, the gate decides.
    const auth::Attempt attempt{exchange.peer().isLoopback(), exchange.request().header("authorization")};
    auto principal = m_services.gate.admit(attempt, match->route->right);
    if (!principal)
        return refusePrincipal(exchange, principal.error());
    if (isLimited(match->route->right)) {
        if (const auto wait = m_requests.take(principal->name, m_services.clock.steady()))
            return sendTooMany(
                exchange,
                u"%1 sends more than %2 requests a second"_s.arg(principal->name).arg(m_limits.requests.perSecond),
                *wait);
    }
    exchange.admit(std::move(*principal), match->values);
    resourceOf(match->route->id)(m_context, exchange);
}

/// Only refusals count: a peer may be a proxy with honest clients behind it, and a good token is always let in.
void HttpServer::refusePrincipal(Exchange &exchange, const Error &error)
{
    const auto wait = error.code == ErrorCode::Unauthenticated
                          ? m_refusals.take(networkOf(exchange.peer()), m_services.clock.steady())
                          : std::nullopt;
    if (!wait)
        return exchange.sendError(error);
    exchange.closeAfterwards(); // the next attempt costs its peer a connection
    sendTooMany(exchange, u"too many requests without a valid token come from this address"_s, *wait);
}

void HttpServer::sendTooMany(Exchange &exchange, const QString &detail, std::chrono::nanoseconds wait)
{
    m_pool.countRefusal(429);
    exchange.sendError({ErrorCode::ResourceExhausted, detail}, std::chrono::ceil<seconds>(wait));
}

void HttpServer::refuseMethod(Exchange &exchange)
{
    using enum protocol::Method;
    QByteArray allowed;
    for (const auto method : {Get, Head, Post, Put, Delete}) {
        if (nextAllowed(exchange.path(), method))
            allowed += (allowed.isEmpty() ? "" : ", ") + protocol::toText(method);
    }
    QHttpHeaders headers;
    headers.append(QHttpHeaders::WellKnownHeader::Allow, allowed);
    exchange.sendProblem(405, u"this path takes %1"_s.arg(QString::fromLatin1(allowed)), std::move(headers));
}

void HttpServer::jobChanged(const Job &job)
{
    const auto known = m_told.find(job.id);
    if (known != m_told.end() && known->state == job.state) {
        known->later = job;
        if (!m_reports.isActive())
            m_reports.start(
                std::max<std::chrono::milliseconds>(shortestReportPause, reportPausePerJob * m_told.size()));
        return;
    }
    tellJob(job);
    if (!isFinal(job.state)) {
        m_told.insert(job.id, {job.state, std::nullopt});
        if (job.state == JobState::Pending)
            m_logSizes.insert(job.id, 0);
        return;
    }
    m_told.remove(job.id);
    m_hub.logChanged(job.id); // the end event may be due
    m_logSizes.remove(job.id);
    m_services.metrics
        .counter("danube_jobs_finished_total", "Jobs that ended", {{"state", toText(job.state).toStdString()}})
        .add();
}

void HttpServer::tellJob(const Job &job)
{
    m_hub.publish(protocol::jobEventName, QJsonDocument(toJson(job)).toJson(QJsonDocument::Compact));
}

void HttpServer::tellReports()
{
    for (ToldJob &told : m_told) {
        if (const auto later = std::exchange(told.later, std::nullopt))
            tellJob(*later);
    }
}

void HttpServer::stepChanged(const JobId &job, const Step &step)
{
    const QJsonObject event = protocol::stepEventToJson(job, step);
    m_hub.publish(protocol::stepEventName, QJsonDocument(event).toJson(QJsonDocument::Compact));
}

void HttpServer::egressChanged(const egress::EgressLevel &level)
{
    const QJsonObject data{{u"level"_s, toText(level.kind)}, {u"reason"_s, level.reason}};
    m_hub.publish(protocol::policyEventName, QJsonDocument(data).toJson(QJsonDocument::Compact));
}

void HttpServer::blueprintChanged(const blueprint::BlueprintStatus &status)
{
    m_hub.publish(protocol::blueprintEventName, QJsonDocument(toJson(status)).toJson(QJsonDocument::Compact));
}

void HttpServer::countLog(const JobId &job, qint64 size)
{
    const auto known = m_logSizes.find(job);
    if (known == m_logSizes.end()) { // another master wrote what there is, or it was counted before
        m_logSizes.insert(job, size);
        return;
    }
    if (size > *known)
        m_logBytes.add(static_cast<double>(size - *known));
    *known = size;
}

void HttpServer::readMetrics()
{
    const auto counts = m_services.backend.counts();
    auto &metrics = m_services.metrics;
    constexpr auto jobs = "danube_jobs";
    constexpr auto jobsHelp = "Unfinished jobs by state";
    metrics.gauge(jobs, jobsHelp, {{"state", "queued"}}).set(counts.queued);
    metrics.gauge(jobs, jobsHelp, {{"state", "running"}}).set(counts.running);
    metrics.gauge("danube_sse_clients", "Open event and log streams").set(m_hub.clients());
}

} // namespace danube::http
