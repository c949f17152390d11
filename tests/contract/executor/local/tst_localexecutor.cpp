// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/local/agentprocess.h"
#include "server/executors/local/localexecutor.h"
#include "tests/contract/executor/executorcontract.h"

#include <QDir>
#include <QTest>

#include <csignal>

using namespace danube;
using namespace danube::tests;
using namespace Qt::StringLiterals;

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
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QVERIFY(QFile::rename(file.fileName(), path));
}

class LocalBacking final : public ExecutorBacking
{
public:
    LocalBacking() { writeFile(m_directory.filePath(u"coordinator"_s), coordinatorScript); }

    std::unique_ptr<jobs::Executor> open(logs::LogService &logs) override
    {
        return std::make_unique<local::LocalExecutor>(
            local::LocalSettings{.jobsDirectory = m_directory.path() + u"/jobs"_s,
                                 .agentProgram = QStringLiteral(DANUBE_BIN_DIR "/danube-agent"),
                                 .coordinatorProgram = m_directory.filePath(u"coordinator"_s),
                                 .sdkDirectory = m_directory.path(),
                                 .killGrace = milliseconds(1000)},
            logs, m_keyring);
    }
    jobs::JobLaunch launchOf(const JobId &job) override
    {
        QDir().mkpath(testDirectory(job));
        jobs::JobLaunch launch;
        launch.token = m_keyring.jobToken(job);
        launch.coordinatorEnvironment = {{u"TEST_DIRECTORY"_s, testDirectory(job)}};
        return launch;
    }
    void endCoordinator(const JobId &job, int code) override
    {
        writeFile(testDirectory(job) + u"/end"_s, QByteArray::number(code));
    }
    int coordinatorStarts(const JobId &job) override
    {
        QFile file(testDirectory(job) + u"/starts"_s);
        if (!file.open(QIODevice::ReadOnly))
            return 0;
        return static_cast<int>(file.readAll().count('\n'));
    }
    void destroyContainers(const JobId &job) override
    {
        for (const auto &name : {u"/coordinator"_s, u"/worker"_s}) {
            for (const pid_t pid : local::agentprocess::find(jobDirectory(job) + name))
                ::kill(pid, SIGKILL);
        }
    }
    bool hasLeftovers(const JobId &job) override { return QDir(jobDirectory(job)).exists(); }

private:
    QString jobDirectory(const JobId &job) const { return m_directory.path() + u"/jobs/"_s + job.value(); }
    QString testDirectory(const JobId &job) const { return m_directory.path() + u"/test/"_s + job.value(); }

    QTemporaryDir m_directory;
    auth::Keyring m_keyring = auth::Keyring::fromKey(Secret(QByteArray(32, 'k')));
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    ExecutorContract contract([] { return std::make_unique<LocalBacking>(); });
    return QTest::qExec(&contract, argc, argv);
}
