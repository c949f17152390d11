// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/kubernetes/kubernetesexecutor.h"
#include "server/executors/kubernetes/podnames.h"
#include "tests/contract/executor/executorcontract.h"
#include "tests/support/kube/standinprocess.h"

#include <QTest>

using namespace danube;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr auto jobsNamespace = "danube-jobs"_L1;
constexpr auto coordinatorImage = "localhost/coordinator:test"_L1;

// Stands in for danube-coordinator: notes that it was started and stays until it is told a code.
constexpr auto coordinatorScript = R"sh(#!/bin/sh
echo started >> "$DANUBE_PRIVATE_DIR/starts"
while [ ! -e "$DANUBE_PRIVATE_DIR/end" ]; do sleep 0.05; done
exit "$(cat "$DANUBE_PRIVATE_DIR/end")"
)sh";

void writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path + u".new"_s);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    file.setPermissions(QFile::Permissions::fromInt(0x7755));
    QVERIFY(QFile::rename(file.fileName(), path));
}

class KubernetesBacking final : public ExecutorBacking
{
public:
    explicit KubernetesBacking(StandInProcess &cluster) : m_cluster(cluster) {}

    std::unique_ptr<jobs::Executor> open(logs::LogService &logs) override
    {
        kubernetes::KubernetesSettings settings;
        settings.coordinatorImage = coordinatorImage;
        settings.defaultWorkerImage = u"localhost/busybox:1"_s;
        settings.killGrace = milliseconds(1000);
        m_client = m_cluster.newClient(); // by now nobody uses the one before
        return std::make_unique<kubernetes::KubernetesExecutor>(settings, *m_client, logs, m_keyring);
    }
    jobs::JobLaunch launchOf(const JobId &job) override
    {
        jobs::JobLaunch launch;
        launch.token = m_keyring.jobToken(job);
        return launch;
    }
    void endCoordinator(const JobId &job, int code) override
    {
        writeFile(privateDirectory(job) + u"/end"_s, QByteArray::number(code));
    }
    int coordinatorStarts(const JobId &job) override
    {
        QFile file(privateDirectory(job) + u"/starts"_s);
        return file.open(QIODevice::ReadOnly) ? static_cast<int>(file.readAll().count('\n')) : 0;
    }
    void destroyContainers(const JobId &job) override
    {
        for (const auto &container : {u"coordinator"_s, u"worker"_s})
            m_cluster.act(u"kill"_s, {{u"namespace"_s, jobsNamespace},
                                      {u"name"_s, kubernetes::podNameOf(job)},
                                      {u"container"_s, container}});
    }
    bool hasLeftovers(const JobId &job) override
    {
        const auto has = [this](const kube::ResourceType &type, const QString &name) {
            return m_cluster.get(type, jobsNamespace, name).has_value();
        };
        return has(kube::resources::pods, kubernetes::podNameOf(job)) ||
               has(kube::resources::secrets, kubernetes::secretNameOf(job));
    }

private:
    QString privateDirectory(const JobId &job)
    {
        const auto pod = m_cluster.get(kube::resources::pods, jobsNamespace, kubernetes::podNameOf(job));
        return pod ? m_cluster.volume((*pod)["metadata"_L1]["uid"_L1].toString(), u"private"_s) : QString();
    }

    StandInProcess &m_cluster;
    std::unique_ptr<kube::Client> m_client;
    auth::Keyring m_keyring = auth::Keyring::fromKey(Secret(QByteArray(32, 'k')));
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QTemporaryDir directory;
    writeFile(directory.filePath(u"coordinator"_s), coordinatorScript);
    const QJsonObject files{{u"/usr/bin/danube-agent"_s, QStringLiteral(DANUBE_BIN_DIR "/danube-agent")},
                            {u"/usr/bin/danube-coordinator"_s, directory.filePath(u"coordinator"_s)}};
    StandInProcess cluster({{coordinatorImage, QJsonObject{{u"rootfs"_s, u"host"_s}, {u"files"_s, files}}}});
    if (!cluster.failure().isEmpty() || !cluster.makeNamespace(jobsNamespace)) {
        qCritical().noquote() << cluster.failure();
        return 1;
    }
    ExecutorContract contract([&cluster] { return std::make_unique<KubernetesBacking>(cluster); });
    return QTest::qExec(&contract, argc, argv);
}
