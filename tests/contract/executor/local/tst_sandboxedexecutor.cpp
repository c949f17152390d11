// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/executor/executorcontract.h"
#include "tests/contract/executor/local/localbacking.h"

#include <QProcess>
#include <QTest>

using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

/// What the kernel refuses, said by danube-sandbox itself; empty = nothing.
QString whyNot()
{
    QProcess probe;
    probe.start(QStringLiteral(DANUBE_BIN_DIR "/danube-sandbox"), {u"probe"_s});
    const bool isDone = probe.waitForFinished(60'000) && probe.exitCode() == 0;
    return isDone ? QString() : QString::fromLocal8Bit(probe.readAllStandardOutput()).trimmed() + u"."_s;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (const QString why = whyNot(); !why.isEmpty()) {
        qWarning("skipped: the kernel refuses sandboxes here: %s", qPrintable(why));
        return 0;
    }
    ExecutorContract contract([] { return std::make_unique<LocalBacking>(LocalBacking::Guarding::Sandbox); });
    return QTest::qExec(&contract, argc, argv);
}
