// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logdocument.h"
#include "console/models/logsearch.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestLogDocument : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

private slots:
    void oneSignalPerTickHoweverFastItGrows()
    {
        LogDocument document(LogStore::openCache(m_folder.filePath(u"fast.log"_s)).value());
        QSignalSpy grown(&document, &LogDocument::grown);
        for (int i = 0; i < 5000; ++i)
            document.append("line " + QByteArray::number(i) + '\n',
                            {0, WallTime(milliseconds(i)), {1, LogStream::Stdout}});
        QCOMPARE(grown.size(), 0);
        QTRY_COMPARE(document.lineCount(), 5000);
        QCOMPARE(grown.size(), 1);
        QCOMPARE(document.line(4999).bytes.toByteArray(), "line 4999"_ba);
        QCOMPARE(document.line(4999).run.source.step, 1u);
    }
    void finishShowsWhatWaits()
    {
        LogDocument document(LogStore::openCache(m_folder.filePath(u"finish.log"_s)).value());
        QSignalSpy finished(&document, &LogDocument::finished);
        document.append("last\n", {});
        document.finish();
        QCOMPARE(document.lineCount(), 1);
        QCOMPARE(finished.size(), 1);
        QVERIFY(document.isFinished());
    }
    void restartEmptiesAndCountsAgain()
    {
        LogDocument document(LogStore::openCache(m_folder.filePath(u"restart.log"_s)).value());
        document.append("a\n", {});
        document.finish();
        document.append("waiting\n", {});
        QSignalSpy restarted(&document, &LogDocument::restarted);
        document.restart(3);
        QCOMPARE(restarted.size(), 1);
        QCOMPARE(document.lineCount(), 0);
        QCOMPARE(document.receivedBytes(), 0);
        QCOMPARE(document.generation(), 3u);
        document.append("b\n", {});
        document.finish();
        QCOMPARE(document.line(0).bytes.toByteArray(), "b"_ba);
    }
    void whatWaitsIsKeptWhenItIsClosed()
    {
        const QString path = m_folder.filePath(u"closed.log"_s);
        {
            LogDocument document(LogStore::openCache(path).value());
            document.append("kept\n", {});
        }
        LogDocument document(LogStore::openCache(path).value());
        QCOMPARE(document.lineCount(), 1);
    }
    void aLargeFileIsUsableAtOnceAndCompleteLater()
    {
        const QString path = m_folder.filePath(u"large.log"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        const QByteArray block = QByteArray("0123456789 \x1b[32mok\x1b[0m 0123456789\n").repeated(10'000);
        for (int i = 0; i < 300; ++i) // 100 MB
            file.write(block);
        file.close();
        LogDocument document(LogStore::openFile(path).value());
        QVERIFY(document.lineCount() > 50'000);
        QVERIFY(document.isIndexing());
        QTRY_VERIFY_WITH_TIMEOUT(!document.isIndexing(), 30'000);
        QCOMPARE(document.lineCount(), 3'000'000);
        QVERIFY(document.line(2'999'999).bytes.endsWith("0123456789"));
        QCOMPARE(document.lineAt(file.size() - 1), 2'999'999);
        QVERIFY(document.indexMemory() < 4'000'000);
    }
    void watchesAFileGrowAndShrink()
    {
        QFile file(m_folder.filePath(u"watched.log"_s));
        QVERIFY(file.open(QIODevice::ReadWrite | QIODevice::Unbuffered));
        file.write("one\n");
        LogDocument document(LogStore::openFile(file.fileName()).value());
        QSignalSpy restarted(&document, &LogDocument::restarted);
        document.watchFile();
        file.write("two\nthree\n");
        QTRY_COMPARE(document.lineCount(), 3);
        QVERIFY(file.resize(0) && file.seek(0));
        file.write("new\n");
        QTRY_COMPARE(restarted.size(), 1);
        QTRY_COMPARE(document.lineCount(), 1);
        QCOMPARE(document.line(0).bytes.toByteArray(), "new"_ba);
    }
    // Two steps that write in turn have a run per line: of millions no copy is made for each tick.
    void growsWithoutCopyingItsRuns()
    {
        LogDocument document(LogStore::openCache(m_folder.filePath(u"turns.log"_s)).value());
        LogSearch search;
        search.start(LogPattern::compile({.text = u"line"_s}).value(), document.snapshot(), LogSearch::Tail::Open);
        const LogRun *place = nullptr;
        int moves = 0;
        for (uint32_t i = 0; i < 1000; ++i) {
            document.append("line\n", {0, {}, {i % 2 + 1, LogStream::Stdout}});
            document.finish(); // written at once
            search.extend(document.snapshot(), LogSearch::Tail::Open);
            const QList<LogRun> &runs = document.snapshot().runs.list();
            QCOMPARE(runs.size(), i + 1);
            moves += runs.constData() != place ? 1 : 0;
            place = runs.constData();
        }
        QVERIFY2(moves < 50, qPrintable(QString::number(moves)));
        QTRY_COMPARE(search.count(), 1000);
    }
};

QTEST_GUILESS_MAIN(TestLogDocument)
#include "tst_logdocument.moc"
