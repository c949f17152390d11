// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/blueprintsession.h"

#include "console/models/rulewords.h"
#include "shared/api/apiclient.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

BlueprintBase baseFrom(const QJsonObject &answer)
{
    BlueprintBase base{.commit = answer.value("head_commit"_L1).toString(),
                       .repository = answer.value("repository"_L1).toString(),
                       .branch = answer.value("branch"_L1).toString(),
                       .files = {},
                       .mayPush = answer.value("push"_L1).toBool(true)};
    for (const QJsonValue entry : answer.value("files"_L1).toArray()) {
        const QJsonObject file = entry.toObject();
        if (file.contains("text"_L1)) // a withheld file cannot be edited
            base.files.insert(file.value("path"_L1).toString(), file.value("text"_L1).toString().toUtf8());
    }
    return base;
}

constexpr qsizetype maxPlanLines = 20;

QString planText(const QJsonObject &answer)
{
    const QJsonObject policies = answer.value("policies"_L1).toObject();
    QStringList lines;
    for (const QJsonValue access : policies.value("access"_L1).toArray()) {
        const QString pipeline = access["pipeline"_L1].toString();
        const QString text = inOwnWords(access["text"_L1].toString());
        lines.append(pipeline.isEmpty() ? text : u"%1: %2"_s.arg(pipeline, text));
    }
    for (const QJsonValue object : policies.value("objects"_L1).toArray())
        lines.append(inOwnWords(object["text"_L1].toString()));
    for (const QJsonValue note : policies.value("notes"_L1).toArray())
        lines.append(inOwnWords(note.toString()));
    if (policies.contains("error"_L1))
        lines.append(policies.value("error"_L1).toString());
    if (lines.size() > maxPlanLines) {
        const qsizetype more = lines.size() - maxPlanLines;
        lines.resize(maxPlanLines);
        lines.append(BlueprintSession::tr("and %n more", nullptr, static_cast<int>(more)));
    }
    return lines.join(u'\n');
}

} // namespace

BlueprintSession::BlueprintSession(api::ApiClient &client, const Clock &clock, QObject *parent)
    : QObject(parent), m_client(client), m_workspace(clock), m_run(client, clock)
{
    connect(&m_run, &CommitRun::committed, &m_workspace, &BlueprintWorkspace::markCommitted);
    connect(&m_run, &CommitRun::refusedAsMoved, this, &BlueprintSession::lookForMove);
    // Who edits on while the merge is looked at must see what will be taken.
    connect(&m_workspace, &BlueprintWorkspace::edited, this, [this] {
        if (m_run.state() != CommitRun::State::MergeNeeded)
            return;
        mergeAgain();
        emit mergeNeeded();
    });
}

BlueprintSession::~BlueprintSession() = default;

template <class Done> void BlueprintSession::fetchHead(Done done)
{
    QUrlQuery query;
    query.addQueryItem(u"content"_s, u"true"_s);
    query.addQueryItem(u"of"_s, u"head"_s);
    m_client.sendJson(
        {.route = protocol::RouteId::Blueprint, .query = query}, this,
        [done = std::move(done)](const Result<QJsonObject> &answer) mutable { done(answer.transform(baseFrom)); });
}

void BlueprintSession::load()
{
    if (m_loading)
        return;
    m_loading = true;
    emit stateChanged();
    fetchHead([this](Result<BlueprintBase> head) { takeHead(std::move(head)); });
}

void BlueprintSession::retry()
{
    if (!m_problem.isEmpty())
        load();
}

void BlueprintSession::takeHead(Result<BlueprintBase> head)
{
    m_loading = false;
    m_problem = head ? QString() : head.error().message;
    if (head && !(m_workspace.isLoaded() && m_workspace.isModified()))
        m_workspace.load(std::move(*head));
    else if (head && head->commit != m_workspace.base().commit)
        emit branchMoved(head->commit);
    emit stateChanged();
}

void BlueprintSession::setAway(const QString &reason)
{
    if (std::exchange(m_away, reason) != reason)
        emit stateChanged();
}

void BlueprintSession::setLock(const QString &reason)
{
    if (std::exchange(m_lock, reason) != reason)
        emit stateChanged();
}

void BlueprintSession::askPlan()
{
    QJsonObject texts;
    for (const auto &[path, text] : m_workspace.changedFiles().asKeyValueRange())
        texts.insert(path, QString::fromUtf8(text));
    const QByteArray body = QJsonDocument(QJsonObject{{u"files"_s, texts}}).toJson(QJsonDocument::Compact);
    m_client.sendJson({.route = protocol::RouteId::BlueprintPlan, .body = body}, this,
                      [this, round = ++m_planRound](const Result<QJsonObject> &answer) {
                          if (round != m_planRound)
                              return;
                          m_plan = answer.transform(planText).value_or(QString());
                          emit planned();
                      });
}

void BlueprintSession::commit(const QString &message)
{
    m_merges.clear();
    m_choices.clear();
    m_run.start(m_workspace.base().commit, message, m_workspace.changedFiles());
}

// The master may not have looked at the branch since it moved; without that the head it tells is the old one.
void BlueprintSession::lookForMove(const QString &why)
{
    m_client.send({.route = protocol::RouteId::BlueprintSync}, this, [this, why](const Result<api::Answer> &) {
        fetchHead([this, why](Result<BlueprintBase> head) {
            if (!head)
                return m_run.fail(head.error().message);
            if (head->commit == m_workspace.base().commit)
                return m_run.fail(why); // a conflict of another kind
            prepareMerge(std::move(*head));
        });
    });
}

void BlueprintSession::prepareMerge(BlueprintBase moved)
{
    m_moved = std::move(moved);
    mergeAgain();
    m_run.pauseForMerge(m_moved.commit);
    emit mergeNeeded();
}

void BlueprintSession::mergeAgain()
{
    m_merges.clear();
    for (const auto &[path, mine] : m_workspace.changedFiles().asKeyValueRange()) {
        const MergeInput input{m_workspace.base().files.value(path), mine, m_moved.files.value(path)};
        m_merges.append({path, input, merge(input, m_choices.value(path))});
    }
}

void BlueprintSession::choose(const QString &path, const QString &pointer, MergeSide side)
{
    m_choices[path].insert(pointer, side);
    mergeAgain();
    emit mergeNeeded();
}

MergeSide BlueprintSession::choice(const QString &path, const QString &pointer) const
{
    return m_choices.value(path).value(pointer, MergeSide::Theirs);
}

void BlueprintSession::acceptMerge()
{
    blueprint::Files merged;
    for (const FileMerge &file : std::as_const(m_merges))
        merged.insert(file.path, file.merged.text);
    m_merges.clear();
    m_run.reset(); // first: the rebase is no edit to be merged
    m_workspace.rebase(m_moved, merged);
}

} // namespace danube::console
