// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/filelogreader.h"
#include "tests/support/sanitizer.h"
#include "tests/unit/server/logs/logfixture.h"

#include <QElapsedTimer>

#include <atomic>
#include <sys/resource.h>
#include <thread>

using namespace danube;
using namespace danube::logs;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr StepNumber one{1};
constexpr StepNumber two{2};

} // namespace

/// Reading a log while it grows, from any offset, by step and stream.
class TestFileLogReader : public QObject
{
    Q_OBJECT
    std::unique_ptr<LogFixture> m_log;
    std::map<StreamKey, uint64_t> m_sent;

    void append(StepNumber step, LogStream stream, const QByteArray &bytes)
    {
        uint64_t &offset = m_sent[{step, stream}];
        QVERIFY(m_log->writer->append(step, stream, offset, bytes, m_log->clock.wall()));
        offset += static_cast<uint64_t>(bytes.size());
        m_log->clock.advance(milliseconds(10));
    }
    void flush()
    {
        m_log->clock.advance(seconds(2));
        QVERIFY(m_log->writer->flushOldFragments());
    }
    QStringList linesFrom(qint64 offset, qint64 maxBytes)
    {
        QStringList lines;
        const auto next = m_log->reader()->forEachLine(offset, maxBytes, [&](const LogLine &line) {
            lines.append(u"%1-%2 %3/%4%5 %6"_s.arg(line.offset)
                             .arg(line.end)
                             .arg(toInt(line.step))
                             .arg(toText(line.stream), line.syntheticNewline ? u"+"_s : QString(),
                                  QString::fromUtf8(line.text)));
            return true;
        });
        lines.append(next ? QString::number(*next) : next.error().message);
        return lines;
    }

private slots:
    void init()
    {
        m_sent.clear();
        m_log = std::make_unique<LogFixture>();
        QVERIFY(m_log->openWriter());
    }

    void aJobWithoutLogIsNotFound()
    {
        QCOMPARE(LogReader::open(m_log->directory.path(), JobId(u"none"_s)).error().code, ErrorCode::NotFound);
        QCOMPARE(LogReader::open(m_log->directory.path(), JobId(u"../job1"_s)).error().code, ErrorCode::NotFound);
    }

    void anEmptyLogIsEmpty()
    {
        QCOMPARE(m_log->text(), "");
        QCOMPARE(linesFrom(0, 100), QStringList({u"0"_s}));
        QVERIFY(m_log->reader()->runs(0, 100)->isEmpty());
        QVERIFY(!m_log->reader()->seal());
    }

    void refreshSeesWhatWasAddedAndNoMore()
    {
        const auto reader = m_log->reader();
        append(one, LogStream::Stdout, "one\n");
        QCOMPARE(reader->size(), 0);
        QCOMPARE(reader->read(0, 100), Result<QByteArray>(QByteArray()));
        QVERIFY(reader->refresh());
        QCOMPARE(reader->size(), 4);
        append(one, LogStream::Stdout, "two\n");
        QCOMPARE(reader->read(0, 100), Result<QByteArray>("one\n"));
        QVERIFY(m_log->writer->seal());
        QVERIFY(reader->refresh());
        QCOMPARE(reader->seal()->size, 8);
        QCOMPARE(reader->read(4, 3), Result<QByteArray>("two"));
        QCOMPARE(reader->read(9, 3), Result<QByteArray>(QByteArray()));
        QCOMPARE(reader->read(-1, 3).error().code, ErrorCode::InvalidArgument);
    }

    void linesCarryWhatTheirRunSays()
    {
        append(one, LogStream::Stdout, "a\nbb\n");
        append(two, LogStream::Stderr, "oh\n\n");
        append(one, LogStream::Stdout, "half");
        flush();
        append(one, LogStream::Stdout, " more\n");
        const QStringList all{u"0-2 1/stdout a"_s,
                              u"2-5 1/stdout bb"_s,
                              u"5-8 2/stderr oh"_s,
                              u"8-9 2/stderr "_s,
                              u"9-14 1/stdout+ half"_s,
                              u"14-20 1/stdout  more"_s,
                              u"20"_s};
        QCOMPARE(linesFrom(0, 1000), all);
        QCOMPARE(linesFrom(5, 1000), all.sliced(2));
        QCOMPARE(linesFrom(20, 1000), QStringList({u"20"_s}));
        QCOMPARE(linesFrom(500, 1000), QStringList({u"500"_s}));
        QCOMPARE(linesFrom(3, 1), QStringList({u"3-5 1/stdout b"_s, u"5"_s})); // from the middle: the rest of the line
        QCOMPARE(linesFrom(0, 4), QStringList({all[0], all[1], u"5"_s}));
    }

    void aVisitorMayStop()
    {
        append(one, LogStream::Stdout, "a\nb\nc\n");
        int seen = 0;
        QCOMPARE(m_log->reader()->forEachLine(0, 1000, [&](const LogLine &) { return ++seen < 2; }), Result<qint64>(4));
        QCOMPARE(seen, 2);
    }

    void runsCoverWhatWasAskedFor()
    {
        for (int i = 0; i < 2'000; ++i)
            append(i % 2 == 0 ? one : two, LogStream::Stdout, "0123456\n");
        const auto reader = m_log->reader();
        for (const qint64 offset : {qint64(0), qint64(7), qint64(8), qint64(8'000), qint64(15'999)}) {
            const auto runs = reader->runs(offset, 100);
            QCOMPARE(runs->first().offset, offset / 8 * 8);
            QCOMPARE(runs->size(), std::min<qint64>((offset + 100 + 7) / 8, 2'000) - offset / 8);
        }
        QVERIFY(reader->runs(16'000, 100)->isEmpty());
        QCOMPARE(reader->runs(0, 1)->first().rawEnd, 8U);
    }

    void extractGoesOnWhereItStopped_data()
    {
        QTest::addColumn<int>("maxBytes");
        for (const int maxBytes : {1, 2, 3, 7, 50, 10'000})
            QTest::addRow("%d bytes", maxBytes) << maxBytes;
    }
    void extractGoesOnWhereItStopped()
    {
        QFETCH(int, maxBytes);
        QByteArray printed;
        for (int i = 0; i < 30; ++i) {
            const QByteArray text = i % 3 == 0 ? "part " : "line " + QByteArray::number(i) + "\n";
            append(one, LogStream::Stdout, text);
            append(one, LogStream::Stderr, "noise\n");
            flush();
            printed += text;
        }
        const auto reader = m_log->reader();
        QByteArray joined;
        qint64 at = 0;
        for (bool more = true; more;) {
            const auto part = reader->extract({one, LogStream::Stdout}, maxBytes, at);
            QVERIFY(part && part->bytes.size() <= maxBytes);
            joined += part->bytes;
            at = part->nextOffset;
            more = part->truncated;
        }
        QCOMPARE(joined, printed);
        QCOMPARE(reader->extract({std::nullopt, LogStream::Stderr}, 12)->bytes, "noise\nnoise\n");
        QCOMPARE(reader->extract({two, std::nullopt}, 100)->bytes, "");
    }

    void followsAWriterOfAnotherThread()
    {
        std::atomic<bool> finished = false;
        QByteArray printed;
        Dice dice(5);
        for (int i = 0; i < 3'000; ++i)
            printed += dice.bytes(dice.below(200), "abc") + '\n';
        std::thread writing([&] {
            for (qsizetype at = 0; at < printed.size(); at += 777) {
                std::ignore = m_log->writer->append(
                    one, LogStream::Stdout, static_cast<uint64_t>(at),
                    QByteArrayView(printed).sliced(at, std::min<qsizetype>(777, printed.size() - at)),
                    m_log->clock.wall());
            }
            finished = true;
        });
        const auto reader = m_log->reader();
        QByteArray seen;
        QString error;
        while (error.isEmpty()) {
            const bool last = finished;
            const auto fresh = reader->refresh().and_then([&] { return reader->read(seen.size(), 1 << 20); });
            if (!fresh)
                error = fresh.error().message;
            else
                seen += *fresh;
            if (last)
                break;
        }
        writing.join();
        QCOMPARE(error, QString());
        QVERIFY(seen == printed);
    }

    void aLargeLogIsReadInPlace()
    {
        const QByteArray block = QByteArray("0123456789abcdef0123456789abcde\n").repeated(2'000);
        for (int i = 0; i < 250; ++i)
            append(i % 2 == 0 ? one : two, LogStream::Stdout, block);
        rusage before{};
        getrusage(RUSAGE_SELF, &before);
        const auto reader = m_log->reader();
        QCOMPARE(reader->size(), 16'000'000);
        QElapsedTimer timer;
        timer.start();
        for (qint64 offset = 31; offset < reader->size(); offset += 100'000) {
            qint64 shown = -1;
            QVERIFY(reader->forEachLine(offset, 1, [&](const LogLine &line) {
                shown = line.offset;
                return false;
            }));
            QCOMPARE(shown, offset);
        }
        QCOMPARE(reader->extract({two, std::nullopt}, 10)->bytes, "0123456789");
        QVERIFY2(timer.elapsed() < 2'000, qPrintable(u"%1 ms"_s.arg(timer.elapsed())));
        rusage after{};
        getrusage(RUSAGE_SELF, &after);
        QVERIFY2(keepsFreedMemory || after.ru_maxrss - before.ru_maxrss < 6 * 1024,
                 qPrintable(u"%1 KiB"_s.arg(after.ru_maxrss - before.ru_maxrss)));
    }

    void aSealedLogThatEndsTooSoonIsDataLoss_data()
    {
        QTest::addColumn<int>("lines");
        QTest::newRow("few records") << 10;
        QTest::newRow("many records") << 200;
    }
    void aSealedLogThatEndsTooSoonIsDataLoss()
    {
        QFETCH(const int, lines);
        for (int i = 0; i < lines; ++i)
            append(one, LogStream::Stdout, "line\n");
        const auto early = m_log->reader(); // opened while it was written
        const auto seal = m_log->writer->seal();
        QVERIFY(seal && early->refresh());
        const QByteArray index = readFile(m_log->indexPath());
        const QByteArray log = readFile(m_log->logPath());
        for (int back = 1; back <= std::min(lines, 70); ++back) {
            QByteArray damaged = index;
            char &byte = damaged[damaged.size() - back * indexRecordSize + 9];
            byte = static_cast<char>(byte ^ 4);
            QVERIFY(writeFile(m_log->indexPath(), damaged));
            const auto opened = LogReader::open(m_log->directory.path(), testJob);
            const auto read = opened ? (*opened)->runs(0, 1 << 20) : std::unexpected(opened.error());
            QCOMPARE(read.error().code, ErrorCode::DataLoss);
            QVERIFY2(
                back > 1 ||
                    read.error().message ==
                        u"the log of job job1 has %1 bytes, its seal says %2"_s.arg(log.size() - 5).arg(log.size()),
                qPrintable(read.error().message));
        }
        QVERIFY(writeFile(m_log->indexPath(), index));
        QVERIFY(m_log->reader());
        QVERIFY(writeFile(m_log->logPath(), log.chopped(1)));
        QCOMPARE(LogReader::open(m_log->directory.path(), testJob).error().code, ErrorCode::DataLoss);
        QCOMPARE(early->refresh().error().code, ErrorCode::DataLoss);
    }

    void aSealedLogWithoutFilesIsNoEmptyLog_data()
    {
        QTest::addColumn<QString>("missing");
        QTest::newRow("log") << u".log"_s;
        QTest::newRow("index") << u".idx"_s;
    }
    void aSealedLogWithoutFilesIsNoEmptyLog()
    {
        QFETCH(const QString, missing);
        append(one, LogStream::Stdout, "line\n");
        QVERIFY(m_log->writer->seal());
        QVERIFY(QFile::remove(m_log->directory.filePath(u"job1"_s + missing)));
        const auto opened = LogReader::open(m_log->directory.path(), testJob);
        QCOMPARE(opened.error().code, ErrorCode::DataLoss);
        QCOMPARE(opened.error().message, u"the log of job job1 is gone, its seal says 5 bytes"_s);
    }

    void aDamagedIndexIsAnErrorNotACrash()
    {
        for (int i = 0; i < 200; ++i)
            append(one, LogStream::Stdout, "line\n");
        QByteArray index = readFile(m_log->indexPath());
        for (qsizetype i = indexHeaderSize + 10; i < indexHeaderSize + 100 * indexRecordSize; ++i)
            index[i] = 0x55;
        QVERIFY(writeFile(m_log->indexPath(), index));
        const auto reader = m_log->reader();
        QCOMPARE(reader->runs(0, 10'000).error().code, ErrorCode::DataLoss);
        QCOMPARE(reader->extract({}, 10'000).error().code, ErrorCode::DataLoss);
        QCOMPARE(reader->forEachLine(0, 10'000, [](const LogLine &) { return true; }).error().code,
                 ErrorCode::DataLoss);
    }
};

QTEST_GUILESS_MAIN(TestFileLogReader)
#include "tst_filelogreader.moc"
