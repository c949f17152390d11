// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/executor/executorcontract.h"
#include "tests/contract/executor/local/localbacking.h"

#include <QTest>

using namespace danube::tests;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    ExecutorContract contract([] { return std::make_unique<LocalBacking>(LocalBacking::Guarding::None); });
    return QTest::qExec(&contract, argc, argv);
}
