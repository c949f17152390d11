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
constexpr qint64 growth = 1 << 20; // between two looks; less fills no volume
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
            m_logs.insert(job, {bytes, bytes}); // nobody knows since when it is as it is
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
    if (std::exchange(m_told[excess.job], true))
        return;
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

QMap<JobId, Taken> QuotaWatch::measure()
{
    const TreeSize enough{toInt(m_settings.quotas.workspaceBytes), m_settings.quotas.workspaceFiles};
    QMap<JobId, Taken> found;
    const QStringList jobs = QDir(m_settings.jobs).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &name : jobs) {
        const JobId job(name);
        Taken &taken = found[job];
        taken.workspace = measureTree(m_settings.jobs + u'/' + name + u"/workspace"_s, enough, m_stop);
        taken.isWorkspaceGrowing = taken.workspace.bytes - m_before.value(job, taken.workspace.bytes) >= growth;
    }
    m_before.clear();
    for (auto it = found.begin(); it != found.end(); ++it)
        m_before.insert(it.key(), it->workspace.bytes);
    const std::scoped_lock lock(m_mutex);
    for (auto it = m_logs.begin(); it != m_logs.end(); ++it) {
        Taken &taken = found[it.key()];
        taken.logBytes = it->bytes;
        taken.isLogGrowing = it->bytes - std::exchange(it->seen, it->bytes) >= growth;
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
    // While there is room to come from who was told, only who would take it meanwhile is to blame.
    QMap<JobId, Taken> blamed;
    for (auto it = open.begin(); it != open.end(); ++it) {
        const bool isBlamed = isFolderLeft             ? it->isLogGrowing
                              : m_roomDue.hasExpired() ? true
                                                       : it->isLogGrowing || it->isWorkspaceGrowing;
        if (isBlamed)
            blamed.insert(it.key(), *it);
    }
    const auto excess = judgeReserve(blamed, *volume, m_settings.quotas);
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
        if (!m_told.contains(it.key()))
            open.insert(it.key(), *it);
        else if (it->workspace.files > 0)
            isFolderLeft = true;
    }
    judge(open, isFolderLeft);
    const milliseconds rest(timer.elapsed() * restShare);
    m_next->start(std::max(m_settings.pause, rest));
}

} // namespace danube::quota
