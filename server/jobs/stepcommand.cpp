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
    return shortened(argv ? argv->join(u' ') : std::get<QString>(command), maxCommandText);
}

QString stepNameOf(const protocol::RunStepRequest &request)
{
    if (!request.stepName.isEmpty())
        return shortened(request.stepName, maxNameText);
    const QString text = commandText(request.command).trimmed();
    return shortened(text.section(u'\n', 0, 0).trimmed(), maxNameText);
}

StepLaunch launchOf(const protocol::RunStepRequest &request, StepNumber number, const QString &stepName)
{
    StepLaunch launch{.number = number,
                      .argv = argvOf(request.command),
                      .environment = request.env,
                      .workingDirectory = request.workingDirectory,
                      .timeout = request.timeout.value_or(seconds(0)),
                      .image = request.image};
    addDefault(launch.environment, u"CI"_s, u"true"_s);
    addDefault(launch.environment, u"DANUBE_JOB_ID"_s, request.job.value());
    addDefault(launch.environment, u"DANUBE_STEP"_s, stepName);
    return launch;
}

Step rowOf(const protocol::RunStepRequest &request, StepNumber number)
{
    Step step;
    step.job = request.job;
    step.number = number;
    step.name = stepNameOf(request);
    step.command = commandText(request.command);
    step.image = request.image;
    step.request = request.request;
    step.bodyHash = protocol::bodyHash(request);
    step.timeout = request.timeout.value_or(seconds(0));
    step.captureOutput = request.captureOutput;
    return step;
}

} // namespace danube::jobs
