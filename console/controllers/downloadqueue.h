// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/downloadsmodel.h"
#include "shared/core/result.h"

#include <QObject>

#include <map>
#include <memory>

namespace danube::api {
class ApiClient;
class Download;
} // namespace danube::api

namespace danube::console {

/// The downloads of one master: some run, the others wait for their turn; a paused one keeps its bytes and goes on from
/// there by Range; what arrived whole is checked against size and SHA-256 before it gets its name. GUI thread; the
/// client outlives it.
class DownloadQueue : public QObject
{
    Q_OBJECT
public:
    static constexpr int parallel = 2;
    static constexpr int mostItems = 1000; ///< in the list, also those that ended

    explicit DownloadQueue(api::ApiClient &client, QObject *parent = nullptr);
    ~DownloadQueue() override; ///< stops transfers; what came stays beside the target, for later

    DownloadsModel *model() { return &m_model; }

    /// AlreadyExists: the target is there, or is being written. InvalidArgument: the artifact's name can be no file's.
    Result<void> add(const Artifact &artifact, const QString &target);
    /// Into a folder, by the last part of its name; when that is taken, with the number of its job before it. The
    /// target.
    Result<QString> addTo(const QString &folder, const Artifact &artifact, qint64 jobNumber);
    const QString &folder() const { return m_folder; } ///< where the last ones went
    void setFolder(const QString &folder) { m_folder = folder; }
    void pause(int row);
    void resume(int row); ///< also a failed one, from the bytes it has
    void remove(int row); ///< from the list; of one that is not done, what came is deleted
    int running() const { return static_cast<int>(m_running.size()); }

signals:
    void moved(const danube::console::DownloadItem &item); ///< its state or its bytes
    void removed(const danube::console::DownloadItem &item);
    void problem(const QString &text);
    void finished(const QString &target); ///< digest checked, file in place

private:
    bool isTaken(const QString &target) const;
    void startNext();
    void start(int row);
    void takeEnd(const QString &target, const Result<void> &result);
    template <class Change> void change(const QString &target, Change change);

    api::ApiClient &m_client;
    DownloadsModel m_model;
    QString m_folder;
    std::map<QString, std::unique_ptr<api::Download>> m_running; ///< by target
};

} // namespace danube::console
