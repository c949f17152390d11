// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/executor/local/localbacking.h"

#include "server/executors/local/agentprocess.h"
#include "server/executors/local/localexecutor.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;

namespace danube::tests {
namespace {

// Stands in for danube-coordinator: notes that it was started and stays until it is told a code.
constexpr auto coordinatorScript = R"sh(#!/bin/sh
echo started >> "$TEST_DIRECTORY/starts"
while [ ! -e "$TEST_DIRECTORY/end" ]; do sleep 0.05; done
exit "$(cat "$TEST_DIRECTORY/end")"
)sh";

void writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path + u".new"_s);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadOther | QFile::ExeOther);
    QVERIFY(QFile::rename(file.fileName(), path));
}

} // namespace

LocalBacking::LocalBacking(Guarding guarding) : m_guarding(guarding)
{
    QDir(m_directory.path()).mkdir(u"programs"_s);
    writeFile(m_directory.filePath(u"programs/coordinator"_s), coordinatorScript);
}

local::SandboxSettings LocalBacking::sandbox() const
{
    return {.program = QStringLiteral(DANUBE_BIN_DIR "/danube-sandbox"),
            .guardProgram = QStringLiteral(DANUBE_BIN_DIR "/danube-guard"),
            .flowsFile = m_directory.filePath(u"flows.jsonl"_s),
            .visible = {QStringLiteral(DANUBE_BIN_DIR), m_directory.filePath(u"programs"_s)},
            .plan = [](const jobs::JobLaunch &launch) -> Result<local::GuardPlan> {
                const QJsonObject config{{u"job"_s, launch.job.id.value()},
                                         {u"mode"_s, u"enforce"_s},
                                         {u"entries"_s, QJsonArray{u"packages.example.org"_s}}};
                return local::GuardPlan{.config = QJsonDocument(config).toJson(), .ports = {80, 443}};
            }};
}

std::unique_ptr<jobs::Executor> LocalBacking::open(logs::LogService &logs)
{
    local::LocalSettings settings{.jobsDirectory = m_directory.path() + u"/jobs"_s,
                                  .agentProgram = QStringLiteral(DANUBE_BIN_DIR "/danube-agent"),
                                  .coordinatorProgram = m_directory.filePath(u"programs/coordinator"_s),
                                  .sdkDirectory = m_directory.filePath(u"programs"_s),
                                  .killGrace = milliseconds(1000)};
    if (m_guarding == Guarding::Sandbox)
        settings.sandbox = sandbox();
    return std::make_unique<local::LocalExecutor>(std::move(settings), logs, m_keyring);
}

jobs::JobLaunch LocalBacking::launchOf(const JobId &job)
{
    jobs::JobLaunch launch;
    launch.token = m_keyring.jobToken(job);
    launch.coordinatorEnvironment = {{u"TEST_DIRECTORY"_s, home(job)}};
    return launch;
}

void LocalBacking::endCoordinator(const JobId &job, int code)
{
    writeFile(home(job) + u"/end"_s, QByteArray::number(code));
}

int LocalBacking::coordinatorStarts(const JobId &job)
{
    QFile file(home(job) + u"/starts"_s);
    return file.open(QIODevice::ReadOnly) ? static_cast<int>(file.readAll().count('\n')) : 0;
}

void LocalBacking::destroyContainers(const JobId &job)
{
    for (const auto &name : {u"/coordinator"_s, u"/worker"_s}) {
        for (const pid_t pid : local::agentprocess::find(jobDirectory(job) + name))
            ::kill(pid, SIGKILL);
    }
}

} // namespace danube::tests
