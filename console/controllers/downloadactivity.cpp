// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/downloadactivity.h"

#include "console/controllers/downloadqueue.h"

#include <QDir>
#include <QFileInfo>

namespace danube::console {

DownloadActivity::DownloadActivity(ActivityModel &activity, DownloadQueue &queue, const QString &master,
                                   QObject *parent)
    : QObject(parent), m_activity(activity), m_master(master)
{
    connect(&queue, &DownloadQueue::moved, this, &DownloadActivity::take);
    connect(&queue, &DownloadQueue::removed, this, [this](const DownloadItem &item) {
        end(item.target, ActivityLevel::Note, tr("Download of %1 was cancelled.").arg(item.artifact.name));
    });
}

DownloadActivity::~DownloadActivity()
{
    for (const auto &[target, handle] : std::as_const(m_rows).asKeyValueRange())
        m_activity.finish(handle, ActivityLevel::Warning,
                          tr("Download of %1 was stopped.").arg(QFileInfo(target).fileName()));
}

void DownloadActivity::take(const DownloadItem &item)
{
    if (isUnderWay(item.state)) {
        if (!m_rows.contains(item.target))
            m_rows[item.target] = m_activity.add({.kind = ActivityKind::Download,
                                                  .master = m_master,
                                                  .text = tr("Download of %1").arg(item.artifact.name),
                                                  .detail = QDir::toNativeSeparators(item.target),
                                                  .percent = percentOf(item)});
        m_activity.setPercent(m_rows.value(item.target), percentOf(item));
    } else if (item.state == DownloadItem::State::Done) {
        end(item.target, ActivityLevel::Note, tr("%1 is downloaded, its digest is right.").arg(item.artifact.name));
    } else {
        end(item.target, ActivityLevel::Problem, item.problem);
    }
}

void DownloadActivity::end(const QString &target, ActivityLevel level, const QString &text)
{
    if (m_rows.contains(target))
        m_activity.finish(m_rows.take(target), level, text);
}

} // namespace danube::console
