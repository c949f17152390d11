// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/refusalservice.h"

#include "server/egress/listing.h"

#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

Q_LOGGING_CATEGORY(refusalLog, "danube.egress.flows")

constexpr qsizetype maxListed = 4096;

} // namespace

RefusalService::RefusalService(store::Store &store, Settings settings, QObject *parent)
    : QObject(parent), m_store(store), m_settings(std::move(settings))
{
    m_flush.setSingleShot(true);
    connect(&m_flush, &QTimer::timeout, this, &RefusalService::flush);
}

RefusalService::~RefusalService()
{
    m_thread.quit();
    m_thread.wait(); // for one piece of the file at most
    for (auto rest = m_book.takeChanged(); !rest.isEmpty(); rest = m_book.takeChanged())
        m_store.saveRefusals(rest, nullptr, {});
}

void RefusalService::start()
{
    if (m_settings.flows.path.isEmpty() || m_thread.isRunning())
        return;
    qRegisterMetaType<FlowBatch>();
    auto follower = std::make_unique<FlowFollower>(m_settings.flows);
    follower->moveToThread(&m_thread);
    FlowFollower *reader = follower.release(); // the thread's end deletes it
    m_follower = reader;
    connect(&m_thread, &QThread::finished, reader, &QObject::deleteLater);
    connect(reader, &FlowFollower::reached, this, &RefusalService::finishTo);
    connect(&m_thread, &QThread::started, reader, &FlowFollower::start);
    connect(reader, &FlowFollower::read, this, [this, reader](const FlowBatch &batch) {
        take(batch);
        QMetaObject::invokeMethod(reader, &FlowFollower::goOn, Qt::QueuedConnection);
    });
    connect(reader, &FlowFollower::troubled, this, [this](const QString &sentence) {
        m_trouble = sentence;
        if (!sentence.isEmpty())
            qCWarning(refusalLog).noquote() << u"flows not read error=\"%1\""_s.arg(sentence);
    });
    m_thread.setObjectName(u"danube-flows"_s);
    m_thread.start();
}

void RefusalService::catchUp(QObject *context, std::function<void()> done)
{
    if (!m_thread.isRunning())
        return done();
    const quint64 token = ++m_lastToken;
    m_waiting.append({token, context, std::move(done)});
    QMetaObject::invokeMethod(
        m_follower, [reader = m_follower.data(), token] { reader->mark(token); }, Qt::QueuedConnection);
    QTimer::singleShot(m_settings.patience, this, [this, token] { finishTo(token); });
}

void RefusalService::finishTo(quint64 token)
{
    while (!m_waiting.isEmpty() && m_waiting.first().token <= token) {
        const Waiting next = m_waiting.takeFirst();
        if (next.context)
            next.done();
    }
}

void RefusalService::setLists(const EgressLists &lists)
{
    m_lists = lists;
    m_listed.clear();
}

void RefusalService::take(const FlowBatch &batch)
{
    m_counts.lines += batch.lines;
    m_counts.unreadable += batch.unreadable;
    m_counts.lost += batch.lost;
    if (batch.lost > 0)
        qCWarning(refusalLog).noquote() << u"flows lost by Hubble count=%1"_s.arg(batch.lost);
    QHash<JobId, Facts> known; // read anew for each batch: steps begin and end
    for (const FlowRecord &record : batch.records)
        take(record, known);
    if (!m_flush.isActive() && !m_isFlushing)
        m_flush.start(m_settings.flush);
}

RefusalService::Facts RefusalService::factsOf(const JobId &job)
{
    const auto row = m_store.job(job);
    if (!row)
        return {};
    if (!m_book.isOpen(job)) {
        const auto stored = m_store.refusals(job);
        if (!stored || !m_book.open(job, row->pipeline, *stored)) {
            qCWarning(refusalLog).noquote() << u"refusals not kept job=%1 error=\"%2\""_s.arg(
                job.value(), stored ? u"too many jobs wait to be stored"_s : stored.error().message);
            return {};
        }
    }
    return {.isOurs = true, .pipeline = row->pipeline, .steps = m_store.steps(job).value_or(QList<Step>())};
}

void RefusalService::take(const FlowRecord &record, QHash<JobId, Facts> &known)
{
    const auto job = jobOf(record, m_settings.flows.jobsNamespace);
    if (!job)
        return;
    if (!known.contains(*job))
        known.insert(*job, factsOf(*job));
    const Facts &facts = *known.constFind(*job);
    if (!facts.isOurs) {
        ++m_counts.strange;
        return;
    }
    if (record.dns)
        m_book.learn(*job, *record.dns);
    auto attempt = attemptOf(record, m_settings.flows.jobsNamespace);
    if (!attempt)
        return;
    attempt = m_book.named(std::move(*attempt));
    const auto kind = kindOf(*attempt, facts.pipeline);
    if (!kind)
        return;
    const auto change = m_book.add(*attempt, *kind, stepsAt(facts.steps, attempt->time));
    if (change == RefusalBook::Change::Known)
        return;
    ++(*kind == RefusalKind::Refused ? m_counts.refused : m_counts.wouldBe);
    if (change == RefusalBook::Change::FirstOfItsPlace)
        tell(*attempt, *kind);
}

std::optional<RefusalKind> RefusalService::kindOf(const Attempt &attempt, const QString &pipeline)
{
    switch (attempt.outcome) {
    case Attempt::Outcome::Refused:
        return RefusalKind::Refused;
    case Attempt::Outcome::WouldBeRefused:
        return RefusalKind::WouldBeRefused;
    case Attempt::Outcome::LetThrough:
        break;
    }
    const bool isAudited = !m_lists.commit().isEmpty() && m_lists.modeOf(pipeline) == Mode::Audit;
    return isAudited && !isListedHere(attempt, pipeline) ? std::optional(RefusalKind::WouldBeRefused) : std::nullopt;
}

bool RefusalService::isListedHere(const Attempt &attempt, const QString &pipeline)
{
    const QString key = u"%1 %2 %3 %4 %5"_s.arg(pipeline, attempt.protocol)
                            .arg(attempt.port)
                            .arg(attempt.isWorld)
                            .arg(attempt.names.join(u' '));
    if (const auto found = m_listed.constFind(key); found != m_listed.cend())
        return *found;
    if (m_listed.size() >= maxListed)
        m_listed.clear();
    return *m_listed.insert(key, isListed(attempt, m_lists.of(pipeline), m_settings.lint));
}

void RefusalService::tell(const Attempt &attempt, RefusalKind kind)
{
    qCInfo(refusalLog).noquote() << u"%1 job=%2 host=\"%3\" port=%4 protocol=%5"_s.arg(
        toText(kind), attempt.job.value(), displayText(attempt.host()), QString::number(attempt.port),
        displayText(attempt.protocol));
    if (kind != RefusalKind::Refused)
        return;
    for (const EgressRefusal &refusal : m_book.refusals(attempt.job)) {
        if (refusal.kind == kind && refusal.host == attempt.host() && refusal.port == attempt.port &&
            refusal.protocol == attempt.protocol)
            emit refused(refusal);
    }
}

Result<QList<EgressRefusal>> RefusalService::refusals(const JobId &job) const
{
    return m_book.isOpen(job) ? m_book.refusals(job) : m_store.refusals(job);
}

Result<QList<EgressRefusal>> RefusalService::refusals(const store::RefusalFilter &filter) const
{
    return m_store.refusals(filter);
}

void RefusalService::flush()
{
    const auto changed = m_book.takeChanged();
    if (m_isFlushing || changed.isEmpty())
        return m_book.giveBack(changed);
    m_isFlushing = true;
    m_store.saveRefusals(changed, this, [this, changed](const Result<void> &saved) {
        m_isFlushing = false;
        if (saved)
            return flush(); // until nothing is left
        qCWarning(refusalLog).noquote() << u"refusals not stored error=\"%1\""_s.arg(saved.error().message);
        m_book.giveBack(changed);
        m_flush.start(m_settings.flush);
    });
}

} // namespace danube::egress
