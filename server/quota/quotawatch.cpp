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
constexpr int restShare = 9; // of a core at most a tenth, however many files there are

} // namespace

QuotaWatch::QuotaWatch(Settings settings) : m_settings(std::move(settings)), m_there(new QObject)
{
    m_thread.setObjectName(u"quota"_s);
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
    const auto excess = judgeLog(job, bytes, m_settings.quotas);
    if (!excess)
        return;
    QMetaObject::invokeMethod(m_there, [this, excess = *excess] {
        if (!std::exchange(m_told[excess.job], true))
            emit exceeded(excess.job, excess.reason);
    });
}

void QuotaWatch::look()
{
    QElapsedTimer timer;
    timer.start();
    const TreeSize enough{toInt(m_settings.quotas.workspaceBytes), m_settings.quotas.workspaceFiles};
    QMap<JobId, TreeSize> sizes;
    const QStringList jobs = QDir(m_settings.jobs).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &job : jobs)
        sizes.insert(JobId(job), measureTree(m_settings.jobs + u'/' + job + u"/workspace"_s, enough, m_stop));
    if (m_stop.load())
        return;
    QMap<JobId, TreeSize> open; // who was told is on its way out
    for (auto it = sizes.begin(); it != sizes.end(); ++it) {
        if (!m_told.contains(it.key()))
            open.insert(it.key(), *it);
    }
    const auto volume = lookAtVolume(QFileInfo(m_settings.jobs).path());
    const bool waits = open.size() < sizes.size(); // for room that was asked for
    for (const Excess &excess : judgeWorkspaces(open, volume.value_or(Volume()), m_settings.quotas)) {
        if (waits && excess.isForReserve)
            continue;
        m_told.insert(excess.job, true);
        qCWarning(lcQuota).noquote() << u"exceeded job=%1 reason=\"%2\""_s.arg(excess.job.value(), excess.reason);
        emit exceeded(excess.job, excess.reason);
    }
    const milliseconds rest(timer.elapsed() * restShare);
    QTimer::singleShot(std::max(m_settings.pause, rest), m_there, [this] { look(); });
}

} // namespace danube::quota
