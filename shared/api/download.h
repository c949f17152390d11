// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/api/apiclient.h"
#include "shared/core/backoff.h"
#include "shared/core/sha256.h"
#include "shared/model/artifact.h"

#include <QFile>
#include <QPointer>
#include <QTimer>

namespace danube::api {

/// One artifact to one file: streamed into "<target>.<12 hex digits of the digest>.part", resumed by Range after a cut
/// (also one left by an earlier run), checked against the artifact's size and SHA-256, renamed into place. A wrong
/// digest deletes the part and is ErrorCode::DataLoss. Lives in its client's thread and must not outlive the client;
/// destroying it stops the transfer and keeps the part for later.
class Download : public QObject
{
    Q_OBJECT
public:
    struct Settings
    {
        int attempts = 8; ///< in a row without a new byte, then the last error is final
        milliseconds backoffBase{500};
        milliseconds backoffCap{10'000};
        milliseconds transferTimeout{30'000};
    };
    Download(ApiClient &client, Artifact artifact, QString target, Settings settings, QObject *parent = nullptr);
    Download(ApiClient &client, Artifact artifact, QString target, QObject *parent = nullptr);
    ~Download() override;

    /// Refuses an existing target (AlreadyExists). Call once.
    void start();

    const Artifact &artifact() const { return m_artifact; }
    const QString &target() const { return m_target; }
    qint64 received() const { return m_received; } ///< bytes that are in the part
    /// Where the bytes are until all have come.
    static QString partPath(const Artifact &artifact, const QString &target);

signals:
    /// Ten times a second at most while bytes come, and once more with all of them before finished().
    void progressed(qint64 received, qint64 total);
    /// Exactly once, never from start() itself.
    void finished(danube::Result<void> result);

private:
    Result<void> openPart();
    void hashPart();
    void request();
    Result<void> acceptHead();
    void takeHead();
    void takeBytes();
    void tell();
    void takeEnd();
    void retryAfter(const Error &error);
    void complete();
    void finish(Result<void> result);
    void dropReply();

    ApiClient &m_client;
    Artifact m_artifact;
    QString m_target;
    Settings m_settings;
    Backoff m_backoff;
    QFile m_part;
    Sha256 m_hash;
    QPointer<QNetworkReply> m_reply;
    QTimer m_retry;
    QTimer m_told; ///< runs while listeners were told lately
    qint64 m_received = 0;
    qint64 m_toldOf = 0;
    QByteArray m_block;      ///< what is read into: blocks of this size would be mapped and unmapped each time
    bool m_accepted = false; ///< this reply's head was 200 or 206 and fits
    bool m_progress = false; ///< this reply brought bytes
    bool m_finished = false;
};

} // namespace danube::api
