// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/controllers/commitrun.h"
#include "console/models/blueprintworkspace.h"
#include "console/models/merge.h"

namespace danube::console {

/// The Blueprint of one master: loads it, holds its edits, commits them. When the branch has moved it fetches what is
/// there now and merges; it never overwrites. GUI thread; the client outlives it.
class BlueprintSession : public QObject
{
    Q_OBJECT
public:
    BlueprintSession(api::ApiClient &client, const Clock &clock, QObject *parent = nullptr);
    ~BlueprintSession() override;

    BlueprintWorkspace &workspace() { return m_workspace; }
    CommitRun &commitRun() { return m_run; }

    /// Fetches the branch's head; answers by loaded() of the workspace, or by failed(). With unsaved edits the fresh
    /// Blueprint is not loaded: branchMoved() says so when it is another.
    void load();
    void retry(); ///< when the last load failed
    bool isLoading() const { return m_loading; }
    const QString &problem() const { return m_problem; } ///< why there is no Blueprint; empty when there is one

    /// Why nothing may be written now: the master is not live, or somebody has to unlock production first. Empty: it
    /// may. Set by whoever knows.
    void setAway(const QString &reason);
    void setLock(const QString &reason);
    const QString &writeBlock() const { return m_away.isEmpty() ? m_lock : m_away; }

    /// Asks the master what the edits would do to its policies; answers by planned(). A master that does not say gives
    /// an empty text.
    void askPlan();
    const QString &plan() const { return m_plan; } ///< lines for people

    /// Commits the workspace's edits; progress and outcome are in commitRun(). Callers ask whyNoCommit() first.
    void commit(const QString &message);

    /// After a 409: the branch as it is now, and what merging gives. Empty until mergeNeeded().
    struct FileMerge
    {
        QString path;
        MergeInput input;
        Merged merged;
    };
    const QList<FileMerge> &merges() const { return m_merges; }
    const BlueprintBase &moved() const { return m_moved; }
    /// Decides one conflict; merges() follows.
    void choose(const QString &path, const QString &pointer, MergeSide side);
    MergeSide choice(const QString &path, const QString &pointer) const;
    /// Takes the merge into the workspace as edits on top of the moved branch; to be committed like any edit.
    void acceptMerge();

signals:
    void stateChanged(); ///< isLoading(), problem(), writeBlock()
    void branchMoved(const QString &commit);
    void mergeNeeded();
    void planned();

private:
    template <class Done> void fetchHead(Done done);
    void takeHead(Result<BlueprintBase> head);
    void lookForMove(const QString &why);
    void prepareMerge(BlueprintBase moved);
    void mergeAgain();

    api::ApiClient &m_client;
    BlueprintWorkspace m_workspace;
    CommitRun m_run;
    BlueprintBase m_moved;
    QList<FileMerge> m_merges;
    QHash<QString, QHash<QString, MergeSide>> m_choices; ///< by path
    QString m_problem;
    QString m_plan;
    quint64 m_planRound = 0; ///< an older one's answer is void
    QString m_away;
    QString m_lock;
    bool m_loading = false;
};

} // namespace danube::console
