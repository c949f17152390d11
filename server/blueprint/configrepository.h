// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/blueprint/gitobjects.h"
#include "server/blueprint/signatures.h"
#include "server/source/repository.h"
#include "server/source/upkeep.h"
#include "shared/git/gitrunner.h"

namespace danube::blueprint {

/// The Blueprint as a commit holds it.
struct ReadTree
{
    Files files;
    QList<Finding> findings; ///< what could not be read, and why
};

/// The bare mirror of the Blueprint's branch, one commit deep, by the git program. Control thread; callbacks never come
/// from inside the call, and not at all once this object is gone. Nothing of the repository is ever checked out. A
/// mirror that git finds damaged (the power went) is made anew by the next fetch.
class ConfigRepository : public QObject
{
    Q_OBJECT
public:
    template <class T> using Done = std::move_only_function<void(Result<T>)>;
    struct Settings
    {
        source::Repository repository;
        QString branch; ///< without refs/heads/, checked
        QString path;   ///< folder that is the Blueprint; empty = root
        QString directory;
        milliseconds timeout{60'000}; ///< of one git command
        qint64 packBytes = qint64(256) << 20;
        qint64 memoryBytes = qint64(512) << 20; ///< of one git process
        ReadLimits limits;
        SigningPolicy signing;
        std::function<void(QObject *context, Done<git::Access> done)> access; ///< as source::AccessTo
    };
    explicit ConfigRepository(Settings settings);

    /// The branch's commit now. NotFound when there is no such branch, ResourceExhausted when it is too large.
    void fetch(Done<QString> done);
    void read(const QString &commit, Done<ReadTree> done);
    /// Makes a commit on top of `parent`, which the mirror holds, signed when there is a key. Paths are below the
    /// Blueprint's root. Conflict when signatures are required and the own one would not be believed.
    void write(const QString &parent, QList<FileChange> changes, const QString &message, const Author &author,
               qint64 seconds, Done<QString> done);
    /// What git says of the commit's signature by the file of Settings::signing; NotFound when that is not there.
    void checkSignature(const QString &commit, Done<Signature> done);
    /// Conflict when the branch is no longer at the commit's parent.
    void push(const QString &commit, Done<void> done);

private:
    git::Command command(const QString &verb, const QStringList &arguments) const;
    /// The output of a git that succeeded.
    void run(const git::Command &command, Done<QByteArray> done);
    /// A git that meets the remote, however it ends.
    void runRemote(git::Command command, Done<git::Finished> done);
    void note(const Result<git::Finished> &finished);
    void startFetch(Done<QString> done);
    void readBlobs(QList<TreeEntry> entries, ReadTree tree, Done<ReadTree> done);
    QString below(const QString &path) const;
    /// The commit again, signed.
    void sign(const NewCommit &unsignedCommit, const QString &commit, Done<QString> done);
    void checkOwn(const QString &commit, Done<QString> done);

    Settings m_settings;
    git::Runner m_git{{.local = 1, .remote = 1, .ofHost = 1}};
    source::Upkeep m_upkeep{m_git};
    bool m_isDamaged = false; ///< a git said so
};

} // namespace danube::blueprint
