// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/logscommand.h"

#include "console/cli/format.h"

using namespace Qt::StringLiterals;

namespace danube::cli {

Result<Follower::Settings> LogsCommand::settings() const
{
    const Options &options = m_context.options;
    Follower::Settings settings;
    settings.until = options.has(u"follow"_s) ? Follower::Until::End : Follower::Until::Head;
    settings.transcript.timestamps = options.has(u"timestamps"_s);
    if (const QString text = options.value(u"step"_s); options.has(u"step"_s)) {
        bool isNumber = false;
        const uint number = text.toUInt(&isNumber);
        if (!isNumber)
            return fail(ErrorCode::InvalidArgument, u"--step takes a number, not '%1'"_s.arg(text));
        settings.transcript.step = StepNumber(number);
    }
    if (const QString text = options.value(u"stream"_s); options.has(u"stream"_s)) {
        if (text != u"stdout" && text != u"stderr")
            return fail(ErrorCode::InvalidArgument, u"--stream takes stdout or stderr, not '%1'"_s.arg(text));
        settings.transcript.stream = text == u"stdout" ? LogStream::Stdout : LogStream::Stderr;
    }
    const bool isForPeople = m_context.output.style().terminal().isTerminal && !options.has(u"raw"_s);
    settings.form = isForPeople ? Follower::Form::Transcript : Follower::Form::Raw;
    if (m_context.wantsJson())
        settings.form = Follower::Form::Json;
    return settings;
}

void LogsCommand::start()
{
    const auto wanted = settings();
    if (!wanted)
        return finishWith(wanted.error());
    findJob(m_context.options.arguments.first(), [this, wanted = *wanted](const Result<JobId> &job) {
        if (!job)
            return finishWith(job.error());
        auto *follower = new Follower(m_context, *job, wanted, this);
        connect(follower, &Follower::finished, this, &LogsCommand::takeResult);
        follower->start();
    });
}

void LogsCommand::takeResult(const Result<protocol::JobDetail> &detail)
{
    if (!detail)
        return finishWith(detail.error());
    if (!m_context.options.has(u"follow"_s))
        return finish(ExitCode::Success);
    // The log itself stays alone on stdout; the result is about it.
    m_context.output.writeErr(formatResult(*detail, m_context.output.errStyle()).toUtf8());
    finish(exitCodeOf(detail->job.state));
}

} // namespace danube::cli
