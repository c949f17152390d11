// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/quota/quotawatch.h"

#include <QDir>
#include <QElapsedTimer>
#include <QLoggingCategory>

#include <sys/resource.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::quota {
namespace {

Q_LOGGING_CATEGORY(lcQuota, "danube.quota")

constexpr int lowPriority = 10;
constexpr qint64 growth = 1 << 20; // less fills no volume
constexpr int restShare = 9;       // of a core at most a tenth, however many files there are

} // namespace

QuotaWatch::QuotaWatch(Settings settings)
    : m_settings(std::move(settings)), m_there(new QObject), m_next(new QTimer(m_there))
{
    m_thread.setObjectName(u"quota"_s);
    m_next->setSingleShot(true);
    connect(m_next, &QTimer::timeout, m_there, [this] { look(); });
    m_there->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_there, &QObject::deleteLater);
    m_thread.start();
}

void QuotaWatch::start()
{
    QMetaObject::invokeMethod(m_there, [this] {
        std::ignore = ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), lowPriority); // of this thread only
        look();
    });
}

QuotaWatch::~QuotaWatch()
{
    m_stop = true;
    m_thread.quit();
    m_thread.wait();
}

void QuotaWatch::noteLog(const JobId &job, qint64 bytes)
{
    bool isMuch = false;
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_logs.contains(job))
            m_logs.insert(job, {bytes, {bytes, bytes}}); // nobody knows since when it is as it is
        LogSize &log = m_logs[job];
        m_grown += bytes - std::exchange(log.bytes, bytes);
        isMuch = m_grown >= m_settings.promptBytes;
        if (isMuch)
            m_grown = 0;
    }
    if (isMuch)
        QMetaObject::invokeMethod(m_there, [this] { lookAtVolumeOnly(); });
    if (const auto excess = judgeLog(job, bytes, m_settings.quotas))
        QMetaObject::invokeMethod(m_there, [this, excess = *excess] { tell(excess); });
}

void QuotaWatch::forgetLog(const JobId &job)
{
    const std::scoped_lock lock(m_mutex);
    m_logs.remove(job);
}

void QuotaWatch::tell(const Excess &excess)
{
    if (m_told.contains(excess.job))
        return;
    m_told.insert(excess.job, QDeadlineTimer(m_settings.roomTime));
    qCWarning(lcQuota).noquote() << u"exceeded job=%1 reason=\"%2\""_s.arg(excess.job.value(), excess.reason);
    emit exceeded(excess.job, excess.reason);
}

// What a log takes in a second may be more than a small volume's reserve.
void QuotaWatch::lookAtVolumeOnly()
{
    const auto volume = lookAtVolume(QFileInfo(m_settings.jobs).path());
    if (volume && !m_settings.quotas.reserve.isKept(*volume))
        look();
}

Growth QuotaWatch::takeGrowth(Past &past, qint64 bytes, bool isPauseOver) const
{
    past.grown = std::min(past.grown, bytes); // a workspace may shrink
    if (bytes - past.grown >= growth) {
        past.grown = bytes;
        past.growing.setRemainingTime(m_settings.growthTime);
    }
    const bool isFast = bytes - past.seen >= growth;
    if (isPauseOver)
        past.seen = bytes;
    return isFast ? Growth::Fast : past.growing.hasExpired() ? Growth::Still : Growth::Slow;
}

QMap<JobId, Taken> QuotaWatch::measure()
{
    const TreeSize enough{toInt(m_settings.quotas.workspaceBytes), m_settings.quotas.workspaceFiles};
    const bool isPauseOver = !m_sinceSeen.isValid() || m_sinceSeen.durationElapsed() >= m_settings.pause;
    if (isPauseOver)
        m_sinceSeen.start();
    QMap<JobId, Taken> found;
    QMap<JobId, Past> workspaces;
    const QStringList jobs = QDir(m_settings.jobs).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &name : jobs) {
        const JobId job(name);
        Taken &taken = found[job];
        taken.workspace = measureTree(m_settings.jobs + u'/' + name, enough, m_stop);
        const qint64 bytes = taken.workspace.bytes;
        Past &past = *workspaces.insert(job, m_workspaces.value(job, {bytes, bytes}));
        taken.workspaceGrowth = takeGrowth(past, bytes, isPauseOver);
    }
    m_workspaces = std::move(workspaces);
    const std::scoped_lock lock(m_mutex);
    for (auto it = m_logs.begin(); it != m_logs.end(); ++it) {
        Taken &taken = found[it.key()];
        taken.logBytes = it->bytes;
        taken.logGrowth = takeGrowth(it->past, it->bytes, isPauseOver);
    }
    return found;
}

void QuotaWatch::judge(const QMap<JobId, Taken> &open, bool isFolderLeft)
{
    const QList<Excess> beyond = judgeWorkspaces(open, m_settings.quotas);
    for (const Excess &excess : beyond)
        tell(excess);
    const auto volume = lookAtVolume(QFileInfo(m_settings.jobs).path());
    if (!beyond.isEmpty() || !volume)
        return; // these give room first
    const Waiting waiting = isFolderLeft             ? Waiting::ForFolder
                            : m_roomDue.hasExpired() ? Waiting::ForNothing
                                                     : Waiting::ForLog;
    const auto excess =
        judgeReserve(blamedWhile(waiting, open, *volume, m_settings.quotas), *volume, m_settings.quotas);
    if (!excess)
        return;
    if (excess->isForLog)
        m_roomDue.setRemainingTime(m_settings.roomTime);
    tell(*excess);
}

void QuotaWatch::look()
{
    QElapsedTimer timer;
    timer.start();
    const QMap<JobId, Taken> jobs = measure();
    if (m_stop.load())
        return;
    QMap<JobId, Taken> open; // who was told is on its way out
    bool isFolderLeft = false;
    for (auto it = jobs.begin(); it != jobs.end(); ++it) {
        const auto told = m_told.constFind(it.key());
        if (told == m_told.cend())
            open.insert(it.key(), *it);
        else if (it->workspace.files > 0 && !told->hasExpired())
            isFolderLeft = true;
    }
    judge(open, isFolderLeft);
    const milliseconds rest(timer.elapsed() * restShare);
    m_next->start(std::max(m_settings.pause, rest));
}

} // namespace danube::quota
