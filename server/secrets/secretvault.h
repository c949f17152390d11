// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/secrets/secretsource.h"
#include "shared/core/clock.h"
#include "shared/core/replacefile.h"

#include <QJsonObject>

namespace danube::secrets {

/// A secret as far as anybody is shown it.
struct SecretInfo
{
    QString name;
    QString scope{};  ///< a pipeline's name; empty = every pipeline that names it
    int version = 0;  ///< counts from 1; 0 = of secrets.file
    WallTime setAt{}; ///< of this version
    QString setBy{};
    bool operator==(const SecretInfo &) const = default;
};

/// Secrets that are set over the API, sealed in one file (sealing.h; associated data: scope and key) with a key from a
/// file beside it. What was replaced or removed stays sealed for a week, so that a master that restarts can still mask
/// it in the logs of jobs that were given it (no job runs for longer); then the next change drops it. Looks into
/// `fallback` for keys it has not, and keeps sealed, too, what a job was given of that: the file may be another one by
/// the next start.
///
/// Control thread. Writes are durable when they return: they are rare and small. One that fails changes nothing, but
/// for the case that replaceFile() names: then a restart may find it done. `clock`, `fallback` and `calls` outlive it.
class SecretVault final : public SecretSource
{
public:
    static constexpr qsizetype maxValueBytes = 64 << 10;
    static constexpr qsizetype maxNameLength = 256;
    static constexpr qsizetype maxSecrets = 5000;
    static constexpr std::chrono::days masksFor{7};
    /// Of what one secret was within these days, with 128 bytes more for each: a token of 40 letters may change every
    /// eight minutes. All of it costs every job that was given the secret, at a restart.
    static constexpr qsizetype maxKeptBytes = 256 << 10;

    struct Files
    {
        QString vault; ///< need not exist yet
        QString key;   ///< made when it is missing
    };
    /// DataLoss for a damaged file, and for one that was sealed with another key: nothing is started without secrets
    /// that were there before.
    static Result<std::unique_ptr<SecretVault>>
    open(const Files &files, const Clock &clock, const SecretsFile &fallback, DiskCalls &calls = DiskCalls::system());

    Result<Secret> value(const QString &key, const QString &pipeline) const override;
    std::vector<Secret> masks(const QString &key) const override;
    /// Of a value of the fallback that was changed beyond the bound above, the oldest is forgotten, with a warning in
    /// the master's log.
    Result<void> remember(const QString &key, const Secret &value) override;
    uint64_t revision() const override { return SecretSource::revision() + m_fallback.revision(); }

    /// By name and scope, those of the fallback (version 0) that have no value here among them.
    QList<SecretInfo> list() const;
    /// A new version. InvalidArgument for a name, scope or value that cannot be, ResourceExhausted beyond a bound
    /// above.
    Result<SecretInfo> set(const QString &name, const QString &scope, const Secret &value, const QString &by);
    /// NotFound; Conflict when it comes from secrets.file.
    Result<void> remove(const QString &name, const QString &scope, const QString &by);

private:
    struct Version
    {
        int number = 0;
        WallTime setAt{};
        QString setBy;
        QByteArray sealed;
    };
    struct Entry
    {
        QList<Version> versions; ///< newest first
        std::optional<WallTime> removedAt;
    };
    using Place = std::pair<QString, QString>; ///< name, scope

    SecretVault(Files files, Secret key, const Clock &clock, const SecretsFile &fallback, DiskCalls &calls);
    Result<void> load();
    Result<void> checkAll() const;
    Result<void> store(const QMap<Place, Entry> &entries) const;
    Result<Secret> open(const Place &place, const Version &version) const;
    const Entry *present(const Place &place) const;
    void dropOld(QMap<Place, Entry> &entries) const;
    void noteRemovalFromFile(const Place &place, Entry &entry) const;
    bool isNewest(const Place &place, const Entry &entry, const Secret &value) const;
    bool isKnown(const QString &key, const Secret &value) const;
    static bool isKeptTooMuch(const Entry &entry);
    Result<void> prepend(QMap<Place, Entry> &entries, const Place &place, const Secret &value, const QString &by) const;

    Files m_files;
    Secret m_key;
    const Clock &m_clock;
    const SecretsFile &m_fallback;
    DiskCalls &m_calls;
    QMap<Place, Entry> m_entries;
};

} // namespace danube::secrets
