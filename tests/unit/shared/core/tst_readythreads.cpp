// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/readythreads.h"
#include "tests/support/sanitizer.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTest>
#include <QThreadPool>

#include <sys/resource.h>

using namespace danube;
using namespace Qt::StringLiterals;

namespace {

/// In a process of its own, where no further thread can be made: how many of six tasks are done.
int tasksDone(bool isReady)
{
    auto &pool = *new QThreadPool; // never destroyed: that would wait for threads it never had
    if (isReady)
        makeThreadsReady(pool, 2);
    const rlimit nothing{1 << 20, 1 << 20};
    ::setrlimit(RLIMIT_AS, &nothing); // no room for a stack
    static std::atomic<int> done = 0;
    for (int i = 0; i < 6; ++i)
        pool.start([] { ++done; });
    for (int i = 0; i < 500 && (isReady || i < 20) && done < 6; ++i)
        QTest::qSleep(10);
    return done;
}

} // namespace

class TestReadyThreads : public QObject
{
    Q_OBJECT
private slots:
    void tasksAreDoneWhereNoThreadCanBeMade_data()
    {
        QTest::addColumn<QString>("how");
        QTest::addColumn<int>("done");
        QTest::newRow("made before") << u"--ready"_s << 6;
        if (!tests::keepsFreedMemory) // a sanitizer without memory ends the process before anything can be seen
            QTest::newRow("as a pool is") << u"--plain"_s << 0; // else there would be nothing to make ready for
    }
    void tasksAreDoneWhereNoThreadCanBeMade()
    {
        QFETCH(const QString, how);
        QFETCH(const int, done);
        QProcess process;
        process.start(QCoreApplication::applicationFilePath(), {how});
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), done);
    }
};

int main(int argc, char **argv)
{
    if (argc == 2 && QByteArrayView(argv[1]) == "--ready")
        _exit(tasksDone(true));
    if (argc == 2 && QByteArrayView(argv[1]) == "--plain")
        _exit(tasksDone(false));
    QCoreApplication application(argc, argv);
    TestReadyThreads test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_readythreads.moc"
