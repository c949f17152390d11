// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/source/repository.h"
#include "server/source/sourceservice.h"
#include "server/source/upkeep.h"

#include <deque>

namespace danube::source {

/// One repository's bare mirror. Fetches are coalesced: whoever asks while one runs shares the next one, because a
/// running fetch may have missed what he wants to see. One git at a time writes to it, garbage collection aside. A
/// mirror that a fetch finds damaged (the power went) is fetched anew from nothing, once, and replaced.
class Mirror : public QObject
{
    Q_OBJECT
public:
    template <class T> using Done = std::move_only_function<void(Result<T>)>;
    /// Behind the directory's name: a mirror that is being made anew.
    static constexpr QLatin1StringView unfinished{".new"};

    Mirror(Repository repository, QString directory, git::Runner &runner, milliseconds timeout, AccessTo access = {});

    const QString &directory() const { return m_directory; }
    const Repository &repository() const { return m_repository; }
    void resolve(const Reference &reference, Done<ResolvedCommit> done);
    /// Succeeds when the mirror holds the commit; fetches only when it does not.
    void ensureCommit(const QString &commit, Done<void> done);
    /// For who found it damaged: fetches it anew from nothing. After an error the old one is there still.
    void renew(Done<void> done);

private:
    using Finished = git::Finished;
    using Step = std::move_only_function<void()>;
    git::Command remoteCommand(const QString &verb, const QStringList &arguments) const;
    /// Runs a command that meets the remote, once access to it is found.
    void runRemote(git::Command command, git::Runner::Done done);
    git::Command localCommand(const QString &verb, const QStringList &arguments) const;
    git::Command fetchCommand() const;
    void write(Step step);
    void startWriting();
    void written(const Result<Finished> &finished);
    void fetch(Done<void> done);
    void startFetch();
    void fetchAnew();
    void fetchEnded(const Result<Finished> &finished);
    void resolveDefault(Done<ResolvedCommit> done);
    void lookUp(const QString &name, Done<ResolvedCommit> done);
    void hasCommit(const QString &commit, Done<bool> done);
    void fetchAnd(const QString &commit, Done<void> done);
    void fetchCommit(const QString &commit, Done<void> done);
    void startFetchCommit(const QString &commit, Done<void> done);

    Repository m_repository;
    QString m_directory;
    git::Runner &m_git;
    Upkeep m_upkeep;
    milliseconds m_timeout;
    AccessTo m_access;
    std::deque<Step> m_writers; ///< after the one at work
    bool m_isWriting = false;
    std::vector<Done<void>> m_current;
    std::vector<Done<void>> m_next;
};

/// The commit a name means among `for-each-ref` lines "refname type id peeledtype peeledid"; branch before tag. Pure.
std::optional<ResolvedCommit> chooseRef(const QString &name, const QByteArray &lines);
/// Branch and commit from `ls-remote --symref <url> HEAD`; the branch is empty for a detached HEAD. Pure.
std::optional<ResolvedCommit> chooseDefault(const QByteArray &lines);

} // namespace danube::source
