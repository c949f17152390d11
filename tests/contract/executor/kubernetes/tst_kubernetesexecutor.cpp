// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/executor/executorcontract.h"
#include "tests/contract/executor/kubernetes/kubernetesbacking.h"

#include <QTest>

using namespace danube::tests;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QTemporaryDir directory;
    StandInProcess cluster(testImages(directory.path()));
    if (const QString failure = cluster.prepare(); !failure.isEmpty()) {
        qCritical().noquote() << failure;
        return 1;
    }
    ExecutorContract contract([&cluster] { return std::make_unique<KubernetesBacking>(cluster); });
    return QTest::qExec(&contract, argc, argv);
}
