// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/coordinator/environment.h"
#include "server/coordinator/rpcclient.h"
#include "server/coordinator/treecopy.h"
#include "shared/git/gitrunner.h"

#include <QFile>

namespace danube::coordinator {

/// Gets the job's exact commit: bundle from the master → clone in the private directory → copy into the workspace. Git
/// runs in the private directory only, never where steps can write.
class Checkout : public QObject
{
    Q_OBJECT
public:
    using Done = std::move_only_function<void(Result<CopiedTree>)>;

    Checkout(const Environment &environment, RpcClient &client);

    /// Once. Repeats the download for as long as the master may come back.
    void start(Done done);
    /// The private copy: where danubefile.py is run from.
    QString directory() const;

private:
    void download();
    Result<void> restart();
    void clone();
    void readHeads();
    void useHeads(const QByteArray &lines);
    void checkOut();
    void setOrigin();
    void copy();
    void run(const QString &what, const QString &directory, const QStringList &arguments,
             std::move_only_function<void(const git::Finished &)> then);
    void end(Result<CopiedTree> result);

    const Environment &m_environment;
    RpcClient &m_client;
    git::Runner m_git;
    QFile m_bundle;
    Done m_done;
};

/// The commits to write to .git/shallow, from the bundle's "<id> <ref>" lines; an error when HEAD is not `commit`.
/// Pure.
Result<QByteArrayList> shallowCommits(const QByteArray &heads, const QString &commit);

} // namespace danube::coordinator
