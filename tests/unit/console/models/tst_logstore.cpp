// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logcache.h"
#include "console/models/logstore.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestLogStore : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    QString path(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)); }
    static LogRun run(int64_t offset, int time, uint32_t step)
    {
        return {offset, WallTime(milliseconds(time)), {step, LogStream::Stderr}};
    }
    static void put(LogStore &store, const QByteArray &bytes, uint32_t step)
    {
        const LogRun runs[] = {run(store.size(), int(store.size()) * 1000, step)};
        QVERIFY(store.append(bytes, runs));
    }
    static QByteArray content(LogStore &store) { return store.snapshot().value().bytes().toByteArray(); }

private slots:
    // What a power cut may leave of a file that had grown: blocks of zeros, or of another file.
    void doesNotBelieveRunsOutOfOrder_data()
    {
        QTest::addColumn<QByteArray>("record");
        QTest::newRow("zeros") << QByteArray(24, 0);
        QTest::newRow("negative") << QByteArray(8, '\xff') + QByteArray(16, 1);
        QTest::newRow("time without end")
            << QByteArray("\x08\0\0\0\0\0\0\0", 8) + QByteArray(7, '\xff') + QByteArray(9, 0x7f);
    }
    void doesNotBelieveRunsOutOfOrder()
    {
        QFETCH(QByteArray, record);
        {
            auto store = LogStore::openCache(path("order.log")).value();
            QVERIFY(store->restart(7));
            put(*store, "one\n", 1);
            put(*store, "two\nthree\n", 2);
        }
        QFile runs(path("order.log.runs"));
        QVERIFY(runs.open(QIODevice::Append));
        runs.write(record);
        runs.close();
        auto store = LogStore::openCache(path("order.log")).value();
        QCOMPARE(store->size(), 0); // to be fetched again
        put(*store, "one\n", 1);
        QCOMPARE(content(*store), "one\n");
    }
    void keepsBytesAndRunsOverARestart()
    {
        {
            auto store = LogStore::openCache(path("restart.log")).value();
            QVERIFY(store->restart(7));
            put(*store, "one\n", 1);
            put(*store, "two\n", 2);
        }
        auto store = LogStore::openCache(path("restart.log")).value();
        QCOMPARE(store->generation(), 7u);
        QCOMPARE(content(*store), "one\ntwo\n"_ba);
        QCOMPARE(store->runs().at(5), run(4, 4000, 2));
        put(*store, "three\n", 2);
        QCOMPARE(content(*store), "one\ntwo\nthree\n"_ba);
    }
    void cutsATornTail()
    {
        {
            auto store = LogStore::openCache(path("torn.log")).value();
            put(*store, "whole\n", 1);
            put(*store, "to", 2);
        }
        auto store = LogStore::openCache(path("torn.log")).value();
        QCOMPARE(content(*store), "whole\n"_ba);
        QCOMPARE(store->runs().list().size(), 1);
    }
    void bytesNobodyDescribesAreDropped()
    {
        {
            auto store = LogStore::openCache(path("bare.log")).value();
            put(*store, "line\n", 1);
        }
        QVERIFY(QFile::remove(path("bare.log.runs")));
        QCOMPARE(LogStore::openCache(path("bare.log")).value()->size(), 0);
    }
    void restartForgets()
    {
        auto store = LogStore::openCache(path("again.log")).value();
        put(*store, "old\n", 1);
        const LogSnapshot before = store->snapshot().value();
        QVERIFY(store->restart(2));
        QCOMPARE(store->size(), 0);
        put(*store, "new\n", 1);
        QCOMPARE(content(*store), "new\n"_ba);
        QCOMPARE(before.size, 4); // still readable, whatever it shows
        QCOMPARE(before.bytes().size(), 4);
    }
    void aSnapshotOutlivesTheStore()
    {
        LogSnapshot snapshot;
        {
            auto store = LogStore::openCache(path("outlives.log")).value();
            put(*store, "kept\n", 1);
            snapshot = store->snapshot().value();
            put(*store, "more\n", 1);
        }
        QCOMPARE(snapshot.bytes().toByteArray(), "kept\n"_ba);
    }
    void refusesASecondOpener()
    {
        auto store = LogStore::openCache(path("locked.log")).value();
        const auto second = LogStore::openCache(path("locked.log"));
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::Conflict);
    }
    void followsAFileThatGrows()
    {
        QFile file(path("plain.log"));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
        file.write("a\n");
        auto store = LogStore::openFile(file.fileName()).value();
        QCOMPARE(content(*store), "a\n"_ba);
        file.write("b\n");
        QVERIFY(store->refresh());
        QCOMPARE(content(*store), "a\nb\n"_ba);
    }
    void aCutFileDoesNoHarm()
    {
        QFile file(path("cut.log"));
        QVERIFY(file.open(QIODevice::ReadWrite | QIODevice::Unbuffered));
        file.write(QByteArray(100'000, 'x'));
        auto store = LogStore::openFile(file.fileName()).value();
        const LogSnapshot snapshot = store->snapshot().value();
        QVERIFY(file.resize(0));
        QCOMPARE(snapshot.bytes()[50'000], '\0'); // would be the end of the program without the guard
        const auto looked = store->refresh();
        QVERIFY(!looked);
        QCOMPARE(looked.error().code, ErrorCode::DataLoss);
        QCOMPARE(store->size(), 0);
    }
    void namesWhatCannotBeOpened()
    {
        const auto missing = LogStore::openFile(path("missing.log"));
        QVERIFY(!missing && missing.error().message.contains("missing.log"_L1));
        const auto folder = LogStore::openFile(m_folder.path());
        QVERIFY(!folder && folder.error().message.contains(m_folder.path()));
    }
    void theCacheGivesEachMasterItsOwn()
    {
        const LogCache cache(path("cache"), 1_MiB);
        auto first = cache.open(u"http://a"_s, JobId(u"job1"_s)).value();
        auto second = cache.open(u"http://b"_s, JobId(u"job1"_s)).value();
        auto third = cache.open(u"http://a"_s, JobId(u"job1"_s)).value();
        QVERIFY(first->path() != second->path());
        QVERIFY(first->path() != third->path()); // open twice: a private one
        QVERIFY(!QFile::exists(third->path()));
        put(*third, "works\n", 1);
        QCOMPARE(content(*third), "works\n"_ba);
        QVERIFY(!cache.open(u"http://a"_s, JobId(u"../x"_s)));
    }
    void theCacheDropsTheOldest()
    {
        const LogCache cache(path("small"), 10_KiB);
        QStringList paths;
        for (int i = 0; i < 3; ++i) {
            auto store = cache.open(u"m"_s, JobId(u"job%1"_s.arg(i))).value();
            put(*store, QByteArray(5000, 'x') + '\n', 1);
            paths.append(store->path());
            QFile file(store->path());
            QVERIFY(file.open(QIODevice::ReadWrite));
            QVERIFY(file.setFileTime(QDateTime::fromSecsSinceEpoch(1'000'000 + i), QFileDevice::FileModificationTime));
        }
        auto open = cache.open(u"m"_s, JobId(u"job0"_s)).value(); // in use: stays, though it is the oldest
        cache.prune();
        QVERIFY(QFile::exists(paths[0]));
        QVERIFY(!QFile::exists(paths[1]) && !QFile::exists(paths[1] + ".runs"_L1));
        QVERIFY(QFile::exists(paths[2]));
    }
};

QTEST_APPLESS_MAIN(TestLogStore)
#include "tst_logstore.moc"
