// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/sqlite/sqlitestore.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace danube;
using namespace danube::store;
using namespace Qt::StringLiterals;

namespace {

QStringList synced; ///< what this process gave to fsync or fdatasync, by name

int note(int file, long call)
{
    synced.append(QFileInfo(QFileInfo(u"/proc/self/fd/%1"_s.arg(file)).symLinkTarget()).fileName());
    return static_cast<int>(::syscall(call, file));
}

} // namespace

/// These come before the C library's.
extern "C" int fsync(int file)
{
    return note(file, SYS_fsync);
}
extern "C" int fdatasync(int file)
{
    return note(file, SYS_fdatasync);
}

class TestKilledWriter : public QObject
{
    Q_OBJECT
private slots:
    void whatItWroteIsDurableBeforeItIsRead()
    {
        const QTemporaryDir before;
        const QTemporaryDir after;
        const auto made = SqliteStore::open(before.filePath(u"danube.sqlite"_s), {});
        QVERIFY2(made, qPrintable(made ? QString() : made.error().message));
        sqlite3 *handle = nullptr;
        QCOMPARE(sqlite3_open(QFile::encodeName(before.filePath(u"danube.sqlite"_s)).constData(), &handle), SQLITE_OK);
        QCOMPARE(sqlite3_exec(handle, "PRAGMA journal_mode = WAL; CREATE TABLE later (a)", nullptr, nullptr, nullptr),
                 SQLITE_OK);
        for (const auto &name : {u"danube.sqlite"_s, u"danube.sqlite-wal"_s}) // as a kill leaves them
            QVERIFY(QFile::copy(before.filePath(name), after.filePath(name)));
        sqlite3_close(handle);
        synced.clear();
        const auto opened = SqliteStore::open(after.filePath(u"danube.sqlite"_s), {});
        QVERIFY(opened);
        QVERIFY2(synced.contains(u"danube.sqlite-wal"_s), qPrintable(synced.join(u' ')));
    }
};

QTEST_GUILESS_MAIN(TestKilledWriter)
#include "tst_killedwriter.moc"
