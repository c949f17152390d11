// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/downloadqueue.h"

#include "shared/api/download.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace danube::console {

using State = DownloadItem::State;

DownloadQueue::DownloadQueue(api::ApiClient &client, QObject *parent)
    : QObject(parent), m_client(client), m_folder(QStandardPaths::writableLocation(QStandardPaths::DownloadLocation))
{}

DownloadQueue::~DownloadQueue() = default;

bool DownloadQueue::isTaken(const QString &target) const
{
    const int row = m_model.rowOf(target);
    return QFileInfo::exists(target) || (row >= 0 && isUnderWay(m_model.item(row).state));
}

Result<void> DownloadQueue::add(const Artifact &artifact, const QString &target)
{
    if (!isValidArtifactName(artifact.name))
        return fail(ErrorCode::InvalidArgument, tr("The master gives an artifact a name that no file can have."));
    if (isTaken(target))
        return fail(ErrorCode::AlreadyExists, tr("%1 is there already.").arg(QDir::toNativeSeparators(target)));
    if (const int ended = m_model.rowOf(target); ended >= 0)
        m_model.remove(ended); // the new one goes on from what it left
    if (m_model.rowCount() >= mostItems)
        return fail(ErrorCode::ResourceExhausted,
                    tr("The list holds %n downloads; remove some first.", nullptr, m_model.rowCount()));
    m_model.append({artifact, target, State::Waiting, 0, {}});
    emit moved(m_model.item(m_model.rowCount() - 1));
    startNext();
    return {};
}

Result<QString> DownloadQueue::addTo(const QString &folder, const Artifact &artifact, qint64 jobNumber)
{
    const QString name = artifact.name.section(u'/', -1);
    QString target = QDir(folder).filePath(name);
    if (isTaken(target))
        target = QDir(folder).filePath(u"%1-%2"_s.arg(jobNumber).arg(name));
    return add(artifact, target).transform([target] { return target; });
}

template <class Change> void DownloadQueue::change(const QString &target, Change change)
{
    const int row = m_model.rowOf(target);
    if (row < 0)
        return;
    DownloadItem item = m_model.item(row);
    change(item);
    m_model.update(row, item);
    emit moved(item);
}

void DownloadQueue::startNext()
{
    for (int row = 0; row < m_model.rowCount() && running() < parallel; ++row) {
        if (m_model.item(row).state == State::Waiting)
            start(row);
    }
}

void DownloadQueue::start(int row)
{
    const DownloadItem item = m_model.item(row);
    auto download = std::make_unique<api::Download>(m_client, item.artifact, item.target);
    connect(download.get(), &api::Download::progressed, this, [this, target = item.target](qint64 received, qint64) {
        change(target, [received](DownloadItem &now) { now.received = received; });
    });
    connect(download.get(), &api::Download::finished, this,
            [this, target = item.target](const Result<void> &result) { takeEnd(target, result); });
    api::Download &started = *download;
    m_running[item.target] = std::move(download);
    change(item.target, [](DownloadItem &now) {
        now.state = State::Running;
        now.problem.clear();
    });
    started.start();
}

void DownloadQueue::takeEnd(const QString &target, const Result<void> &result)
{
    m_running.extract(target).mapped().release()->deleteLater(); // this is its signal
    change(target, [&result](DownloadItem &now) {
        now.state = result ? State::Done : State::Failed;
        now.problem = result ? QString() : result.error().message;
        if (result)
            now.received = toInt(now.artifact.size);
        else if (result.error().code == ErrorCode::DataLoss)
            now.received = 0; // the part is deleted
    });
    if (result)
        emit finished(target);
    else
        emit problem(result.error().message);
    startNext();
}

void DownloadQueue::pause(int row)
{
    const DownloadItem item = m_model.item(row);
    if (item.state != State::Running && item.state != State::Waiting)
        return;
    const auto running = m_running.extract(item.target); // keeps the part
    change(item.target, [&running](DownloadItem &now) {
        now.state = State::Paused;
        if (running)
            now.received = std::max(now.received, running.mapped()->received());
    });
    startNext();
}

void DownloadQueue::resume(int row)
{
    const DownloadItem item = m_model.item(row);
    if (item.state != State::Paused && item.state != State::Failed)
        return;
    change(item.target, [](DownloadItem &now) {
        now.state = State::Waiting;
        now.problem.clear();
    });
    startNext();
}

void DownloadQueue::remove(int row)
{
    const DownloadItem item = m_model.item(row);
    m_running.erase(item.target);
    m_model.remove(row);
    if (item.state != State::Done)
        QFile::remove(api::Download::partPath(item.artifact, item.target));
    emit removed(item);
    startNext();
}

} // namespace danube::console
