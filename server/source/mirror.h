// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/source/repository.h"
#include "server/source/sourceservice.h"

namespace danube::source {

/// Makes `directory` an empty bare repository if it is none. No git program needed, so it cannot be half done: the file
/// `config`, written last, makes it one.
Result<void> makeBareRepository(const QString &directory);

/// One repository's bare mirror. Fetches are coalesced: whoever asks while one runs shares the next one, because a
/// running fetch may have missed what he wants to see.
class Mirror : public QObject
{
    Q_OBJECT
public:
    template <class T> using Done = std::move_only_function<void(Result<T>)>;

    Mirror(Repository repository, QString directory, git::Runner &runner, milliseconds timeout, AccessTo access = {});

    const QString &directory() const { return m_directory; }
    const Repository &repository() const { return m_repository; }
    void resolve(const Reference &reference, Done<ResolvedCommit> done);
    /// Succeeds when the mirror holds the commit; fetches only when it does not.
    void ensureCommit(const QString &commit, Done<void> done);

private:
    using Finished = git::Finished;
    git::Command remoteCommand(const QString &verb, const QStringList &arguments) const;
    /// Runs a command that meets the remote, once access to it is found.
    void runRemote(git::Command command, git::Runner::Done done);
    git::Command localCommand(const QString &verb, const QStringList &arguments) const;
    void fetch(Done<void> done);
    void startFetch();
    void fetchEnded(Result<Finished> finished);
    void resolveDefault(Done<ResolvedCommit> done);
    void lookUp(const QString &name, Done<ResolvedCommit> done);
    void hasCommit(const QString &commit, Done<bool> done);
    void fetchAnd(const QString &commit, Done<void> done);
    void fetchCommit(const QString &commit, Done<void> done);

    Repository m_repository;
    QString m_directory;
    git::Runner &m_git;
    milliseconds m_timeout;
    AccessTo m_access;
    bool m_fetching = false;
    std::vector<Done<void>> m_current;
    std::vector<Done<void>> m_next;
};

/// The commit a name means among `for-each-ref` lines "refname type id peeledtype peeledid"; branch before tag. Pure.
std::optional<ResolvedCommit> chooseRef(const QString &name, const QByteArray &lines);
/// Branch and commit from `ls-remote --symref <url> HEAD`; the branch is empty for a detached HEAD. Pure.
std::optional<ResolvedCommit> chooseDefault(const QByteArray &lines);

} // namespace danube::source
