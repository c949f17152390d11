// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/commitrun.h"

#include "shared/api/apiclient.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::console {

using protocol::RouteId;

namespace {

constexpr milliseconds pollInterval{1000};

/// The findings of a refusal; without any, what the master says of it.
QString refusalOf(const QJsonObject &status)
{
    QStringList lines;
    for (const QJsonValue entry : status.value("findings"_L1).toArray()) {
        const auto finding = blueprint::findingFromJson(entry.toObject());
        if (finding.severity == blueprint::Severity::Error)
            lines.append(blueprint::describe(finding));
    }
    return lines.isEmpty() ? status.value("error"_L1).toString() : lines.join(u'\n');
}

QStringList policiesIn(const QJsonObject &policy, const QStringList &states)
{
    QStringList lines;
    for (const QJsonValue entry : policy.value("policies"_L1).toArray()) {
        const QJsonObject report = entry.toObject();
        if (states.contains(report.value("state"_L1).toString()))
            lines.append(u"%1: %2 %3"_s
                             .arg(report.value("name"_L1).toString(), report.value("state"_L1).toString(),
                                  report.value("detail"_L1).toString())
                             .trimmed());
    }
    return lines;
}

} // namespace

CommitRun::CommitRun(api::ApiClient &client, const Clock &clock, QObject *parent)
    : QObject(parent), m_client(client), m_clock(clock)
{
    m_poll.setSingleShot(true);
    m_poll.setInterval(pollInterval);
    connect(&m_poll, &QTimer::timeout, this, &CommitRun::ask);
}

void CommitRun::reset()
{
    ++m_round;
    m_poll.stop();
    m_steps = {};
    m_stage = Stage::Committed;
    m_state = State::Idle;
    m_commit.clear();
    emit changed();
}

void CommitRun::start(const QString &base, const QString &message, const blueprint::Files &files)
{
    reset();
    m_state = State::Running;
    m_files = files;
    now() = {Step::State::Running, m_clock.wall(), {}};
    QJsonObject texts;
    for (const auto &[path, text] : files.asKeyValueRange())
        texts.insert(path, QString::fromUtf8(text));
    const QJsonObject body{{u"base_commit"_s, base}, {u"message"_s, message}, {u"files"_s, texts}};
    m_client.sendJson({.route = RouteId::BlueprintCommit, .body = QJsonDocument(body).toJson(QJsonDocument::Compact)},
                      this, [this, round = m_round](const Result<QJsonObject> &answer) {
                          if (round == m_round)
                              takeAnswer(answer);
                      });
    emit changed();
}

void CommitRun::takeAnswer(const Result<QJsonObject> &answer)
{
    if (!answer && answer.error().code == ErrorCode::Conflict)
        return emit refusedAsMoved(answer.error().message);
    if (!answer)
        return fail(answer.error().message);
    m_commit = answer->value("commit"_L1).toString();
    if (m_commit.isEmpty())
        return fail(tr("The master's answer names no commit."));
    finishStage(Step::State::Done, m_commit);
    emit committed(m_commit, m_files);
    ask();
}

void CommitRun::fail(const QString &why)
{
    m_poll.stop();
    now() = {Step::State::Failed, m_clock.wall(), why};
    m_state = State::Failed;
    emit changed();
}

void CommitRun::pauseForMerge(const QString &commit)
{
    now() = {Step::State::Waiting, m_clock.wall(), tr("The branch has moved to %1.").arg(commit.left(12))};
    m_state = State::MergeNeeded;
    emit changed();
}

void CommitRun::finishStage(Step::State state, const QString &detail)
{
    now() = {state, m_clock.wall(), detail};
    m_polls = 0;
    if (m_stage == Stage::Valid) {
        m_state = State::Finished;
    } else {
        m_stage = static_cast<Stage>(static_cast<int>(m_stage) + 1);
        now() = {Step::State::Running, m_clock.wall(), {}};
    }
    emit changed();
}

void CommitRun::ask()
{
    if (++m_polls > maxPolls)
        return fail(now().detail.isEmpty() ? tr("Nothing happened within two minutes.") : now().detail);
    const bool isSync = m_stage == Stage::Synced;
    m_client.sendJson({.route = isSync ? RouteId::Blueprint : RouteId::EgressPolicy}, this,
                      [this, isSync, round = m_round](const Result<QJsonObject> &body) {
                          if (round != m_round)
                              return;
                          const bool isAbsent = !body && body.error().code == ErrorCode::NotFound;
                          if (body)
                              isSync ? takeBlueprint(*body) : takePolicy(*body);
                          else if (isAbsent && !isSync)
                              takePolicy({});
                          else
                              now().detail = body.error().message; // the next answer may be better
                          if (m_state == State::Running)
                              m_poll.start();
                          emit changed();
                      });
}

void CommitRun::takeBlueprint(const QJsonObject &status)
{
    const bool isHead = status.value("head_commit"_L1).toString() == m_commit;
    if (status.value("active_commit"_L1).toString() == m_commit)
        return finishStage(Step::State::Done, tr("The master works with it."));
    if (isHead && status.value("state"_L1).toString() == "refused"_L1)
        return fail(refusalOf(status));
    now().detail = status.value("error"_L1).toString();
}

void CommitRun::takePolicy(const QJsonObject &policy)
{
    const QString kind = policy.value("kind"_L1).toString();
    const bool applies = policy.value("applies"_L1).toBool(kind != "none"_L1 && !kind.isEmpty());
    if (!applies) {
        const QString why = policy.value("reason"_L1).toString();
        const QString text = why.isEmpty() ? tr("This master applies no policies.") : why;
        finishStage(Step::State::Skipped, text);
        if (m_state == State::Running)
            finishStage(Step::State::Skipped, text);
        return;
    }
    if (policy.value("commit"_L1).toString() != m_commit) {
        now().detail = tr("The policies are still those of %1.").arg(policy.value("commit"_L1).toString().left(12));
        return;
    }
    judgePolicies(policy);
}

void CommitRun::judgePolicies(const QJsonObject &policy)
{
    const QStringList broken =
        policiesIn(policy, {u"failed"_s, u"conflict"_s, u"drifted"_s}) +
        (policy.contains("error"_L1) ? QStringList{policy.value("error"_L1).toString()} : QStringList());
    const QStringList invalid = policiesIn(policy, {u"invalid"_s});
    const QStringList pending = policiesIn(policy, {u"pending"_s});
    const QStringList unjudged = policiesIn(policy, {u"waiting"_s});
    if (m_stage == Stage::PolicyApplied) {
        if (!broken.isEmpty())
            return fail(broken.join(u'\n'));
        if (!pending.isEmpty())
            return;
        finishStage(Step::State::Done,
                    tr("%n policies", nullptr, static_cast<int>(policy.value("policies"_L1).toArray().size())));
    }
    if (!invalid.isEmpty())
        return fail(invalid.join(u'\n'));
    if (unjudged.isEmpty() && pending.isEmpty() && broken.isEmpty())
        finishStage(Step::State::Done, tr("The network plugin accepts all of them."));
    else
        now().detail = (broken + unjudged).join(u'\n');
}

QString stageWord(CommitRun::Stage stage)
{
    switch (stage) {
    case CommitRun::Stage::Committed:
        return CommitRun::tr("Committed");
    case CommitRun::Stage::Synced:
        return CommitRun::tr("In force");
    case CommitRun::Stage::PolicyApplied:
        return CommitRun::tr("Policy applied");
    case CommitRun::Stage::Valid:
        break;
    }
    return CommitRun::tr("Valid");
}

QString stateWord(CommitRun::Step::State state)
{
    switch (state) {
    case CommitRun::Step::State::Waiting:
        return CommitRun::tr("waiting");
    case CommitRun::Step::State::Running:
        return CommitRun::tr("at work");
    case CommitRun::Step::State::Done:
        return CommitRun::tr("done");
    case CommitRun::Step::State::Skipped:
        return CommitRun::tr("not needed");
    case CommitRun::Step::State::Failed:
        break;
    }
    return CommitRun::tr("failed");
}

} // namespace danube::console
