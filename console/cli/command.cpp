// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/command.h"

#include "console/cli/jobfinder.h"

using namespace Qt::StringLiterals;

namespace danube::cli {

void Command::finish(ExitCode code)
{
    if (!std::exchange(m_finished, true))
        emit finished(code);
}

void Command::finishWith(const Error &error)
{
    if (m_finished)
        return;
    QString sentence = error.message;
    if (error.code == ErrorCode::Unauthenticated)
        sentence += u" (give a token with --token-file, DANUBE_TOKEN_FILE or DANUBE_TOKEN)"_s;
    m_context.output.note(sentence);
    finish(exitCodeOf(error));
}

void Command::printJson(const QByteArray &document)
{
    m_context.output.writeOut(document.trimmed() + '\n');
}

void Command::fetch(const api::Call &call, std::function<Result<QString>(const QJsonObject &)> show)
{
    m_context.client().send(call, this, [this, show = std::move(show)](Result<api::Answer> answer) {
        if (!answer)
            return finishWith(answer.error());
        const auto body = answer->json();
        const auto text = body ? show(*body) : std::unexpected(body.error());
        if (!text)
            return finishWith(text.error());
        if (m_context.wantsJson())
            printJson(answer->body);
        else
            m_context.output.print(*text);
        finish(ExitCode::Success);
    });
}

void Command::findJob(const QString &text, api::ApiClient::Done<JobId> done)
{
    auto *finder = new JobFinder(m_context.client(), text, this);
    finder->start(std::move(done));
}

} // namespace danube::cli
