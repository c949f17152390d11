// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/followingcommand.h"

#include "console/cli/format.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::cli {

Result<QMap<QString, QString>> paramsOf(const QStringList &values)
{
    QMap<QString, QString> params;
    for (const QString &value : values) {
        const auto equals = value.indexOf(u'=');
        const QString key = value.left(std::max<qsizetype>(equals, 0));
        if (key.isEmpty())
            return fail(ErrorCode::InvalidArgument, u"--param takes KEY=VALUE, not '%1'"_s.arg(value));
        if (params.contains(key))
            return fail(ErrorCode::InvalidArgument, u"--param %1 is given twice"_s.arg(key));
        params.insert(key, value.sliced(equals + 1));
    }
    return params;
}

void FollowingCommand::makeJob(const api::Call &call)
{
    m_context.client().send(call, this, [this](const Result<api::Answer> &answer) { takeJob(answer); });
}

void FollowingCommand::takeJob(const Result<api::Answer> &answer)
{
    const auto body = answer.and_then(&api::Answer::json);
    const auto job = body ? protocol::jobAnswerFromJson(*body) : std::unexpected(body.error());
    if (!job)
        return finishWith(job.error());
    m_job = *job;
    if (m_context.wantsJson())
        printJson(answer->body);
    else
        m_context.output.print(u"job %1 (%2)\n"_s.arg(nameOf(m_job), singleLine(m_job.id.value())));
    if (m_isCancelling)
        cancel();
    if (m_context.options.has(u"follow"_s))
        return follow();
    if (!m_context.wantsJson())
        m_context.output.print(u"  follow it: danubectl logs -f %1\n"_s.arg(singleLine(m_job.id.value())));
    finish(ExitCode::Success);
}

void FollowingCommand::follow()
{
    Follower::Settings settings;
    settings.form = m_context.wantsJson() ? Follower::Form::Json : Follower::Form::Transcript;
    settings.transcript.timestamps = m_context.options.has(u"timestamps"_s);
    settings.transcript.exactLines = !m_context.output.style().terminal().isTerminal;
    auto *follower = new Follower(m_context, m_job.id, settings, this);
    connect(follower, &Follower::finished, this, &FollowingCommand::takeResult);
    follower->start();
}

void FollowingCommand::takeResult(const Result<protocol::JobDetail> &detail)
{
    if (!detail)
        return finishWith(detail.error());
    if (m_context.wantsJson())
        printJson(QJsonDocument(protocol::toJson(*detail)).toJson(QJsonDocument::Compact));
    else
        m_context.output.print(formatResult(*detail, m_context.output.style()));
    finish(exitCodeOf(detail->job.state));
}

void FollowingCommand::interrupt()
{
    const bool canCancel = m_context.options.has(u"follow"_s) && !m_isCancelling;
    if (!canCancel)
        return finish(ExitCode::Interrupted);
    m_isCancelling = true;
    m_context.output.note(u"cancelling the job; Ctrl-C again leaves without waiting"_s);
    if (!m_job.id.isEmpty())
        cancel();
}

void FollowingCommand::cancel()
{
    m_context.client().cancel(m_job.id, this, [this](const Result<Job> &job) {
        // A job that ended meanwhile is no trouble: its end is on its way.
        if (!job && job.error().code != ErrorCode::Conflict) {
            m_isCancelling = false;
            m_context.output.note(u"cancel job %1: %2"_s.arg(nameOf(m_job), singleLine(job.error().message)));
        }
    });
}

void RunCommand::start()
{
    const auto params = paramsOf(m_context.options.values.value(u"param"_s));
    if (!params)
        return finishWith(params.error());
    const protocol::RunRequest request{m_context.options.value(u"ref"_s), *params};
    makeJob({.route = protocol::RouteId::PipelineRun,
             .values = {m_context.options.arguments.first()},
             .body = QJsonDocument(protocol::toJson(request)).toJson(QJsonDocument::Compact)});
}

void RetryCommand::start()
{
    findJob(m_context.options.arguments.first(), [this](const Result<JobId> &job) {
        if (!job)
            return finishWith(job.error());
        makeJob({.route = protocol::RouteId::JobRetry, .values = {job->value()}});
    });
}

} // namespace danube::cli
