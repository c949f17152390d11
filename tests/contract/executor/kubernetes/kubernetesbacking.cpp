// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/executor/kubernetes/kubernetesbacking.h"

using namespace Qt::StringLiterals;

namespace danube::tests {
namespace {

constexpr auto coordinatorScript = R"sh(#!/bin/sh
echo started >> "$DANUBE_PRIVATE_DIR/starts"
while [ ! -e "$DANUBE_PRIVATE_DIR/end" ]; do sleep 0.05; done
exit "$(cat "$DANUBE_PRIVATE_DIR/end")"
)sh";

void writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path + u".new"_s);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("%s: %s", qPrintable(path), qPrintable(file.errorString()));
    file.close();
    file.setPermissions(QFile::Permissions::fromInt(0x7755));
    if (!QFile::rename(file.fileName(), path))
        qFatal("%s: cannot be made", qPrintable(path));
}

} // namespace

QJsonObject testImages(const QString &directory)
{
    writeFile(directory + u"/coordinator"_s, coordinatorScript);
    const QJsonObject files{{u"/usr/bin/danube-agent"_s, QStringLiteral(DANUBE_AGENT)},
                            {u"/usr/bin/danube-coordinator"_s, directory + u"/coordinator"_s}};
    return {{coordinatorImage, QJsonObject{{u"rootfs"_s, u"host"_s}, {u"files"_s, files}}}};
}

KubernetesBacking::KubernetesBacking(StandInProcess &cluster) : m_cluster(cluster)
{
    settings.coordinatorImage = coordinatorImage;
    settings.defaultWorkerImage = u"localhost/busybox:1"_s;
    settings.killGrace = milliseconds(1000);
}

std::unique_ptr<jobs::Executor> KubernetesBacking::open(logs::LogService &logs)
{
    m_client = m_cluster.newClient(); // by now nobody uses the one before
    return std::make_unique<kubernetes::KubernetesExecutor>(settings, *m_client, logs, m_keyring, guardsOf);
}

jobs::JobLaunch KubernetesBacking::launchOf(const JobId &job)
{
    jobs::JobLaunch launch;
    launch.token = m_keyring.jobToken(job);
    return launch;
}

void KubernetesBacking::endCoordinator(const JobId &job, int code)
{
    writeFile(privateDirectory(job) + u"/end"_s, QByteArray::number(code));
}

int KubernetesBacking::coordinatorStarts(const JobId &job)
{
    QFile file(privateDirectory(job) + u"/starts"_s);
    return file.open(QIODevice::ReadOnly) ? static_cast<int>(file.readAll().count('\n')) : 0;
}

void KubernetesBacking::destroyContainers(const JobId &job)
{
    for (const auto &container : {u"coordinator"_s, u"worker"_s})
        m_cluster.act(
            u"kill"_s,
            {{u"namespace"_s, jobsNamespace}, {u"name"_s, kubernetes::podNameOf(job)}, {u"container"_s, container}});
}

bool KubernetesBacking::hasLeftovers(const JobId &job)
{
    const auto has = [this](const kube::ResourceType &type, const QString &name) {
        return m_cluster.get(type, jobsNamespace, name).has_value();
    };
    return has(kube::resources::pods, kubernetes::podNameOf(job)) ||
           has(kube::resources::secrets, kubernetes::secretNameOf(job));
}

QString KubernetesBacking::privateDirectory(const JobId &job)
{
    const auto pod = m_cluster.get(kube::resources::pods, jobsNamespace, kubernetes::podNameOf(job));
    return pod ? m_cluster.volume((*pod)["metadata"_L1]["uid"_L1].toString(), u"private"_s) : QString();
}

} // namespace danube::tests
