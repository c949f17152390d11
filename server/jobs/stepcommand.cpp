// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/stepcommand.h"

using namespace Qt::StringLiterals;

namespace danube::jobs {
namespace {

constexpr qsizetype maxCommandText = 4000;
constexpr qsizetype maxNameText = 80;

QString shortened(const QString &text, qsizetype limit)
{
    return text.size() <= limit ? text : text.first(limit - 1) + u'…';
}

// The protocol's form is absolute, "/workspace/x"; where the workspace really is, only the executor knows.
QString belowWorkspace(const QString &directory)
{
    QString relative = directory;
    if (relative == "/workspace"_L1 || relative.startsWith("/workspace/"_L1))
        relative.remove(0, "/workspace"_L1.size());
    while (relative.startsWith(u'/'))
        relative.remove(0, 1);
    return relative;
}

void addDefault(Environment &environment, const QString &key, const QString &value)
{
    if (std::ranges::none_of(environment, [&key](const auto &pair) { return pair.first == key; }))
        environment.append({key, value});
}

} // namespace

QStringList argvOf(const std::variant<QString, QStringList> &command)
{
    if (const auto *argv = std::get_if<QStringList>(&command))
        return *argv;
    return {u"/bin/sh"_s, u"-c"_s, std::get<QString>(command)};
}

QString commandText(const std::variant<QString, QStringList> &command)
{
    const auto *argv = std::get_if<QStringList>(&command);
    return argv ? argv->join(u' ') : std::get<QString>(command);
}

QString stepNameOf(const protocol::RunStepRequest &request)
{
    if (!request.stepName.isEmpty())
        return request.stepName;
    return commandText(request.command).trimmed().section(u'\n', 0, 0).trimmed();
}

StepLaunch launchOf(const protocol::RunStepRequest &request, StepNumber number)
{
    StepLaunch launch{.number = number,
                      .argv = argvOf(request.command),
                      .environment = request.env,
                      .workingDirectory = belowWorkspace(request.workingDirectory),
                      .timeout = request.timeout.value_or(seconds(0)),
                      .image = request.image};
    addDefault(launch.environment, u"CI"_s, u"true"_s);
    addDefault(launch.environment, u"DANUBE_JOB_ID"_s, request.job.value());
    addDefault(launch.environment, u"DANUBE_STEP"_s, stepNameOf(request));
    return launch;
}

Step rowOf(const protocol::RunStepRequest &request, StepNumber number, const GrantedSecrets &secrets)
{
    Step step;
    step.job = request.job;
    step.number = number;
    step.name = shortened(redacted(stepNameOf(request), secrets), maxNameText);
    step.command = shortened(redacted(commandText(request.command), secrets), maxCommandText);
    step.image = request.image;
    step.request = request.request;
    step.bodyHash = protocol::bodyHash(request);
    step.timeout = request.timeout.value_or(seconds(0));
    step.captureOutput = request.captureOutput;
    return step;
}

} // namespace danube::jobs
