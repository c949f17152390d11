// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/blueprint/blueprintstatus.h"
#include "server/blueprint/configrepository.h"
#include "server/blueprint/gitcredentials.h"
#include "server/blueprint/lastgood.h"
#include "server/blueprint/pipelinecatalog.h"
#include "shared/blueprint/changes.h"
#include "shared/blueprint/validator.h"

#include <deque>

namespace danube::blueprint {

/// Files to write (or, without bytes, to remove), by path below the Blueprint's root.
using FileChanges = QMap<QString, std::optional<QByteArray>>;

/// What a change of the configuration would do.
struct Plan
{
    QString baseCommit; ///< the active commit that it was compared with
    Validation validation;
    QList<Change> changes; ///< empty when the validation refuses
};

struct CommitRequest
{
    QString baseCommit; ///< what the author has seen
    FileChanges files;
    QString message;
    Author author;
};

struct CommitAnswer
{
    QString commit;          ///< empty when refused
    QList<Finding> findings; ///< of the whole Blueprint with the change
};

/// The configuration in force, from a branch of a git repository: looked at every sync interval and when asked, checked
/// whole, applied whole or not at all. A commit that is refused changes nothing and is shown with its findings; the
/// last good one stays in force, also over restarts, also while git is away.
///
/// Control thread. Git runs in child processes, one operation after the other. Callbacks never come from inside the
/// call, and not at all once `context` is gone. References outlive the service.
class BlueprintService : public QObject
{
    Q_OBJECT
public:
    template <class T> using Done = std::move_only_function<void(Result<T>)>;
    struct Settings
    {
        QString url;
        QString branch = QStringLiteral("main");
        QString path;
        milliseconds syncInterval{60'000}; ///< 0 = only when asked
        QString sshKeyPath;
        QString knownHostsPath;
        bool mayPush = true;
        SigningPolicy signing{};
        QStringList allowedProtocols{QStringLiteral("https"), QStringLiteral("ssh")};
        QString directory; ///< mirror and last good
        milliseconds timeout{60'000};
        ReadLimits limits{};
        ValidatorOptions validation{};
    };

    BlueprintService(Settings settings, PipelineCatalog &catalog, GitCredentials &credentials, const Clock &clock);
    ~BlueprintService() override;

    /// Checks URL and branch (InvalidArgument), applies what was kept, begins to look at the branch.
    Result<void> start();

    const BlueprintStatus &status() const { return m_status; }
    const std::optional<ActiveBlueprint> &active() const { return m_active; }
    const Snapshot &snapshot() const { return m_snapshot; } ///< of the active commit; empty before the first
    /// Of the branch's head, also when it was refused: what a commit has to mend. Empty before the first look.
    Files headFiles() const;
    bool mayPush() const { return m_settings.mayPush && m_settings.signing.canCommit(); }
    /// Unavailable as long as there is no configuration at all.
    Result<void> readiness() const;

    /// Looks at the branch at once. Callers that come while it is looked at share the next look.
    void sync(QObject *context, Done<BlueprintStatus> done);
    /// What the active configuration would be with the changes; nothing is changed. InvalidArgument for paths that are
    /// no part of a Blueprint.
    Result<Plan> plan(const FileChanges &changes) const;
    /// Commits to the branch and applies it. Conflict when the branch is not at the base commit any more (the message
    /// and by then status() name where it is) or signatures are required and there is no key, PermissionDenied when
    /// pushing is switched off. Findings with errors: nothing was committed.
    void commit(CommitRequest request, QObject *context, Done<CommitAnswer> done);

signals:
    /// Another configuration is in force.
    void applied(const danube::blueprint::Snapshot &snapshot, const QString &commit);
    /// Another head, another outcome. Not for looks that found nothing new.
    void statusChanged();

private:
    struct Operation;
    using Step = std::move_only_function<void()>;
    Result<source::Repository> openRepository();
    void access(const source::Repository &repository, QObject *context, Done<git::Access> done) const;
    void applyKept();
    void poll();
    void enqueue(Step step);
    void next();
    void look();
    void lookedAt(Result<QString> head);
    void read(const QString &head);
    void checkHead(const QString &head);
    void judge(const QString &head, const ReadTree &tree);
    /// What is known of the head now; `refused` are its files when they are not in force.
    void conclude(const QString &head, std::optional<Files> refused, QList<Finding> findings);
    Result<void> apply(ActiveBlueprint blueprint, const Snapshot &snapshot);
    void finishLook(std::optional<Error> failure);

    void compareBase(const std::shared_ptr<Operation> &operation);
    void checkBase(const std::shared_ptr<Operation> &operation);
    void readBase(const std::shared_ptr<Operation> &operation);
    void judgeCommit(const std::shared_ptr<Operation> &operation, const ReadTree &tree);
    void push(const std::shared_ptr<Operation> &operation, const QString &commit);
    void answer(const std::shared_ptr<Operation> &operation, Result<CommitAnswer> result);
    void answerMoved(const std::shared_ptr<Operation> &operation);

    static constexpr qsizetype maxWaiting = 32;

    Settings m_settings;
    PipelineCatalog &m_catalog;
    GitCredentials &m_credentials;
    const Clock &m_clock;
    std::unique_ptr<ConfigRepository> m_repository;
    std::unique_ptr<LastGood> m_lastGood;
    QTimer m_timer{this};
    BlueprintStatus m_status;
    std::optional<ActiveBlueprint> m_active;
    Snapshot m_snapshot;
    std::optional<Signature> m_headSignature; ///< when signatures are required
    std::optional<Files> m_refused;           ///< the head's, when it is not in force
    std::deque<Step> m_waiting;               ///< operations after the one at work
    bool m_busy = false;
    std::vector<Done<BlueprintStatus>> m_syncing; ///< of the look at work
    std::vector<Done<BlueprintStatus>> m_nextSync;
    bool m_lookQueued = false;
    std::tuple<QString, QString, std::optional<Error>, bool> m_said; ///< active, head, failure, refused as last told
};

} // namespace danube::blueprint
