// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/datadirectory.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace danube;
using namespace danube::app;
using namespace Qt::StringLiterals;

namespace {

QStringList synced; ///< what this process gave to fsync

} // namespace

/// Comes before the C library's.
extern "C" int fsync(int file)
{
    synced.append(QFileInfo(u"/proc/self/fd/%1"_s.arg(file)).symLinkTarget());
    return static_cast<int>(::syscall(SYS_fsync, file));
}

class TestDataDirectory : public QObject
{
    Q_OBJECT
private slots:
    void servesOneAtATime()
    {
        const auto first = DataDirectory::claim(path());
        QVERIFY2(first, qPrintable(first ? QString() : first.error().message));
        const auto second = DataDirectory::claim(path());
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::Conflict);
        const QString pid = QString::number(QCoreApplication::applicationPid());
        QVERIFY2(second.error().message.contains(u"(pid "_s + pid), qPrintable(second.error().message));
    }
    void theNamesOfItsFoldersAreDurable()
    {
        synced.clear();
        QVERIFY(DataDirectory::claim(path()));
        QVERIFY2(synced.contains(QFileInfo(path()).canonicalFilePath()), qPrintable(synced.join(u' ')));
    }
    void isFreeWhenItsHolderIs()
    {
        QVERIFY(DataDirectory::claim(path()));
        QVERIFY(DataDirectory::claim(path()));
    }
    void aFileLeftByADeadPodHoldsNothing_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("another host's process 1") << QByteArray("1\ndanube-master\nmaster-7f9c-x2x\n");
        QTest::newRow("our own process id") << QByteArray::number(QCoreApplication::applicationPid());
    }
    void aFileLeftByADeadPodHoldsNothing()
    {
        QFETCH(QByteArray, text);
        QVERIFY(QDir().mkpath(path()));
        QFile lock(path() + u"/lock"_s);
        QVERIFY(lock.open(QIODevice::WriteOnly));
        lock.write(text);
        lock.close();
        QVERIFY(DataDirectory::claim(path()));
    }
    void aChildThatAKilledMasterHadJustForkedIsWaitedFor()
    {
        pid_t child = -1;
        {
            const auto claimed = DataDirectory::claim(path());
            QVERIFY(claimed);
            child = ::fork();
            if (child == 0) { // has the lock, as its program does not run yet
                ::usleep(300'000);
                ::_exit(0);
            }
        }
        QVERIFY(child > 0);
        const auto next = DataDirectory::claim(path());
        QVERIFY2(next, qPrintable(next ? QString() : next.error().message));
        QCOMPARE(::waitpid(child, nullptr, 0), child);
    }
    void aChildProcessDoesNotKeepIt()
    {
        QProcess child;
        {
            const auto claimed = DataDirectory::claim(path());
            QVERIFY(claimed);
            child.start(u"cat"_s, {});
            QVERIFY(child.waitForStarted());
        }
        QVERIFY(DataDirectory::claim(path()));
        child.closeWriteChannel();
        QVERIFY(child.waitForFinished());
    }

private:
    QString path() const { return m_directory.filePath(u"data"_s); }
    QTemporaryDir m_directory;
};

QTEST_GUILESS_MAIN(TestDataDirectory)
#include "tst_datadirectory.moc"
