// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/compressedlog.h"
#include "server/logs/logcompressor.h"
#include "server/logs/logseal.h"
#include "tests/unit/server/logs/baddisk.h"
#include "tests/unit/server/logs/logfixture.h"

#include <QProcess>

using namespace danube;
using namespace danube::logs;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

const std::atomic<bool> goOn = false;

/// Everything a reader can tell of a log.
struct View
{
    QByteArray text;
    QStringList lines;
    QByteArray ofStepTwo;
    LogSeal seal;
    bool operator==(const View &) const = default;
};

View viewOf(const LogReader &reader)
{
    View view;
    view.text = reader.read(0, reader.size()).value_or("error");
    std::ignore = reader.forEachLine(0, reader.size(), [&](const LogLine &line) {
        view.lines.append(u"%1-%2 %3 %4 %5 %6"_s.arg(line.offset)
                              .arg(line.end)
                              .arg(toInt(line.step))
                              .arg(toText(line.stream), line.syntheticNewline ? u"+"_s : QString())
                              .arg(qHash(line.text)));
        return true;
    });
    const auto extract = reader.extract({StepNumber(2), LogStream::Stderr}, 1 << 30);
    view.ofStepTwo = extract ? extract->bytes : QByteArray("error");
    view.seal = reader.seal().value_or(LogSeal());
    return view;
}

} // namespace

/// A sealed log in its other form: the same bytes at the same offsets, before, while and after it changes.
class TestLogCompressor : public QObject
{
    Q_OBJECT
    std::unique_ptr<LogFixture> m_log;

    QString file(const QString &suffix) const { return m_log->directory.filePath(u"job1"_s + suffix); }
    QStringList files() const { return QDir(m_log->directory.path()).entryList(QDir::Files, QDir::Name); }
    void print(int bytes)
    {
        Dice dice(3);
        std::map<std::pair<int, int>, uint64_t> sent;
        for (int left = bytes; left > 0;) {
            const int step = 1 + dice.below(2);
            const int stream = dice.below(2);
            const QByteArray piece = dice.bytes(1 + dice.below(9'000), "abc \n") + dice.anyBytes(40);
            uint64_t &offset = sent[{step, stream}];
            QVERIFY(m_log->writer->append(StepNumber(step), stream == 0 ? LogStream::Stdout : LogStream::Stderr, offset,
                                          piece, m_log->clock.wall()));
            offset += static_cast<uint64_t>(piece.size());
            left -= static_cast<int>(piece.size());
        }
    }
    void makeSealed(int bytes)
    {
        print(bytes);
        QVERIFY(m_log->writer->endStep(StepNumber(1)));
        QVERIFY(m_log->writer->endStep(StepNumber(2)));
        QVERIFY(m_log->writer->seal());
        m_log->writer.reset();
    }

private slots:
    void init()
    {
        m_log = std::make_unique<LogFixture>();
        QVERIFY(m_log->openWriter());
    }

    void contentAndOffsetsStay_data()
    {
        QTest::addColumn<int>("bytes");
        QTest::newRow("less than a block") << 100'000;
        QTest::newRow("several blocks") << 1'500'000;
    }
    void contentAndOffsetsStay()
    {
        QFETCH(const int, bytes);
        makeSealed(bytes);
        const auto before = m_log->reader();
        const View plain = viewOf(*before);
        QCOMPARE(compressLog(m_log->directory.path(), testJob, goOn).value(), Compressed::Done);
        QCOMPARE(files(), QStringList({u"job1.idx"_s, u"job1.log.zst"_s, u"job1.seal"_s}));
        QVERIFY(viewOf(*before) == plain); // who had it open goes on
        const auto after = m_log->reader();
        QVERIFY(viewOf(*after) == plain);
        Dice dice(4);
        for (int i = 0; i < 200; ++i) {
            const qint64 offset = dice.below(static_cast<int>(plain.text.size()));
            const qint64 length = dice.below(300'000);
            QCOMPARE(after->read(offset, length).value(), plain.text.mid(offset, length));
        }
        QCOMPARE(after->read(plain.text.size(), 10).value(), "");
        QVERIFY(QFileInfo(file(u".log.zst"_s)).size() < plain.text.size());
        QCOMPARE(compressLog(m_log->directory.path(), testJob, goOn).value(), Compressed::Before);
    }
    void aWriterOfACompressedLogTakesNothing()
    {
        makeSealed(50'000);
        QVERIFY(compressLog(m_log->directory.path(), testJob, goOn));
        QVERIFY(m_log->openWriter());
        QVERIFY(m_log->writer->isSealed());
        QCOMPARE(m_log->writer->append(StepNumber(1), LogStream::Stdout, 0, "x\n", m_log->clock.wall()).error().code,
                 ErrorCode::Conflict);
        QVERIFY(!files().contains(u"job1.log"_s));
    }
    void otherProgramsReadTheFile()
    {
        makeSealed(600'000);
        const QByteArray text = m_log->text();
        QVERIFY(compressLog(m_log->directory.path(), testJob, goOn));
        QProcess zstd;
        zstd.start(u"zstd"_s, {u"-dcq"_s, file(u".log.zst"_s)});
        QVERIFY2(zstd.waitForStarted(), "no zstd program, which is one of deploy/toolchain/packages.txt");
        QVERIFY(zstd.waitForFinished());
        QCOMPARE(zstd.readAllStandardOutput(), text);
    }
    void smallAndUnfinishedLogsStayPlain()
    {
        print(5'000);
        QCOMPARE(compressLog(m_log->directory.path(), testJob, goOn).error().code, ErrorCode::Conflict);
        QVERIFY(m_log->writer->seal());
        QCOMPARE(compressLog(m_log->directory.path(), testJob, goOn).value(), Compressed::Small);
        QVERIFY(files().contains(u"job1.log"_s));
    }
    void aLogThatIsNotWhatWasSealedIsLeftAlone()
    {
        makeSealed(300'000);
        QByteArray bytes = readFile(file(u".log"_s));
        bytes[1234] = char(bytes[1234] ^ 1);
        QVERIFY(writeFile(file(u".log"_s), bytes));
        const auto refused = compressLog(m_log->directory.path(), testJob, goOn);
        QCOMPARE(refused.error().code, ErrorCode::DataLoss);
        QCOMPARE(refused.error().message, u"compress %1: it is not what was sealed"_s.arg(file(u".log"_s)));
        QCOMPARE(files(), QStringList({u"job1.idx"_s, u"job1.log"_s, u"job1.seal"_s}));
    }
    void aFailingDiskCostsNothing_data()
    {
        QTest::addColumn<int>("room");
        QTest::addColumn<int>("syncError");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("full at once") << 0 << 0 << ErrorCode::ResourceExhausted;
        QTest::newRow("full later") << 30'000 << 0 << ErrorCode::ResourceExhausted;
        QTest::newRow("sync fails") << (1 << 30) << EIO << ErrorCode::Io;
    }
    void aFailingDiskCostsNothing()
    {
        QFETCH(const int, room);
        QFETCH(const int, syncError);
        QFETCH(const ErrorCode, code);
        makeSealed(300'000);
        const View plain = viewOf(*m_log->reader());
        BadDisk disk;
        disk.room = room;
        disk.syncError = syncError;
        const auto failed = compressLog(m_log->directory.path(), testJob, goOn, disk);
        QCOMPARE(failed.error().code, code);
        QCOMPARE(files(), QStringList({u"job1.idx"_s, u"job1.log"_s, u"job1.seal"_s}));
        QVERIFY(viewOf(*m_log->reader()) == plain);
        QCOMPARE(compressLog(m_log->directory.path(), testJob, goOn).value(), Compressed::Done);
        QVERIFY(viewOf(*m_log->reader()) == plain);
    }
    /// What a kill leaves at each step of the way: the next attempt ends it, and readers never see a difference.
    void goesOnFromWhateverWasLeft_data()
    {
        QTest::addColumn<QByteArray>("temporary");
        QTest::addColumn<int>("compressedBytes"); // of the whole; -1 = no such file
        QTest::newRow("an unfinished new file") << QByteArray("begun") << -1;
        QTest::newRow("both forms") << QByteArray() << (1 << 20);
        QTest::newRow("a compressed form cut short") << QByteArray() << 5'000;
        QTest::newRow("an empty compressed form") << QByteArray() << 0;
    }
    void goesOnFromWhateverWasLeft()
    {
        QFETCH(const QByteArray, temporary);
        QFETCH(const int, compressedBytes);
        makeSealed(300'000);
        const View plain = viewOf(*m_log->reader());
        const QByteArray log = readFile(file(u".log"_s));
        QVERIFY(compressLog(m_log->directory.path(), testJob, goOn));
        const QByteArray compressed = readFile(file(u".log.zst"_s));
        QVERIFY(writeFile(file(u".log"_s), log));
        QFile::remove(file(u".log.zst"_s));
        if (compressedBytes >= 0)
            QVERIFY(writeFile(file(u".log.zst"_s), compressed.left(compressedBytes)));
        if (!temporary.isEmpty())
            QVERIFY(writeFile(file(u".log.zst.new"_s), temporary));
        QVERIFY(viewOf(*m_log->reader()) == plain);
        QVERIFY(compressLog(m_log->directory.path(), testJob, goOn));
        QCOMPARE(files(), QStringList({u"job1.idx"_s, u"job1.log.zst"_s, u"job1.seal"_s}));
        QVERIFY(viewOf(*m_log->reader()) == plain);
    }
    void stopsWithinABlock()
    {
        makeSealed(300'000);
        const std::atomic<bool> stop = true;
        QCOMPARE(compressLog(m_log->directory.path(), testJob, stop).error().code, ErrorCode::Cancelled);
        QCOMPARE(files(), QStringList({u"job1.idx"_s, u"job1.log"_s, u"job1.seal"_s}));
    }
    void aFlippedBitCostsItsBlockAlone_data()
    {
        QTest::addColumn<BlockPart>("part");
        QTest::newRow("of what makes it a block") << BlockPart::Head;
        QTest::newRow("of its content") << BlockPart::Middle;
    }
    void aFlippedBitCostsItsBlockAlone()
    {
        QFETCH(const BlockPart, part);
        makeSealed(1'500'000);
        const QByteArray text = m_log->text();
        QVERIFY(compressLog(m_log->directory.path(), testJob, goOn));
        QVERIFY(flipBitOfBlock(file(u".log.zst"_s), 2, part));
        const auto reader = m_log->reader();
        for (qint64 block = 0; block * SeekTable::blockSize < text.size(); ++block) {
            const auto read = reader->read(block * SeekTable::blockSize, SeekTable::blockSize);
            if (block != 2) {
                QCOMPARE(read.value(), text.mid(block * SeekTable::blockSize, SeekTable::blockSize));
                continue;
            }
            QCOMPARE(read.error().code, ErrorCode::DataLoss);
            QVERIFY2(read.error().message.contains(u".log.zst: block 2 is damaged"_s),
                     qPrintable(read.error().message));
        }
    }
    void everyFlippedBitIsNoticed()
    {
        makeSealed(300'000);
        const QByteArray text = m_log->text();
        QVERIFY(compressLog(m_log->directory.path(), testJob, goOn));
        const QByteArray good = readFile(file(u".log.zst"_s));
        Dice dice(5);
        for (int i = 0; i < 300; ++i) {
            QByteArray bad = good;
            const int at = dice.below(static_cast<int>(bad.size()));
            bad[at] = char(bad[at] ^ (1 << dice.below(8)));
            QVERIFY(writeFile(file(u".log.zst"_s), bad));
            const auto opened = LogReader::open(m_log->directory.path(), testJob);
            const auto read = opened ? (*opened)->read(0, text.size()) : std::unexpected(opened.error());
            QVERIFY2(read ? *read == text : read.error().code == ErrorCode::DataLoss, qPrintable(QString::number(at)));
        }
    }
};

QTEST_GUILESS_MAIN(TestLogCompressor)
#include "tst_logcompressor.moc"
