// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/server/logs/baddisk.h"
#include "tests/unit/server/logs/logfixture.h"

using namespace danube;
using namespace danube::logs;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr StepNumber one{1};

} // namespace

/// Whatever a crash leaves of the two files, the log comes back as a whole beginning of itself and goes on.
class TestLogRecovery : public QObject
{
    Q_OBJECT
    QByteArray m_log;
    QByteArray m_index;
    const QByteArray m_printed = "first line\nsecond\nthird is longer than the others\nfragment and the rest of it\n";

    /// Opens what `log` and `index` became, resumes from what is durable, and compares.
    void checkRecovers(const QByteArray &log, const QByteArray &index, const char *what, qsizetype position)
    {
        LogFixture fixture;
        QVERIFY(writeFile(fixture.logPath(), log));
        QVERIFY(writeFile(fixture.indexPath(), index));
        QVERIFY2(fixture.openWriter(), qPrintable(fixture.error));
        const auto durable = fixture.writer->durable(one);
        const QByteArray kept = fixture.text();
        QVERIFY2(m_log.startsWith(kept), qPrintable(u"%1 at %2"_s.arg(QLatin1StringView(what)).arg(position)));
        QCOMPARE(readFile(fixture.logPath()), kept);
        const auto resume = QByteArrayView(m_printed).sliced(static_cast<qsizetype>(durable.standardOutput));
        QVERIFY(fixture.writer->append(one, LogStream::Stdout, durable.standardOutput, resume, fixture.clock.wall()));
        QCOMPARE(fixture.extract(one, LogStream::Stdout), m_printed);
        // The generation rises when whole records were cut, and only then.
        const bool lostHeader = index.size() < indexHeaderSize;
        const qint64 whole = lostHeader ? 0 : (index.size() - indexHeaderSize) / indexRecordSize;
        qint64 readable = 0;
        while (readable < whole && readableUpTo(index, readable + 1) <= log.size())
            ++readable;
        const bool risen = fixture.reader()->generation() > 1;
        QCOMPARE(risen, readable < whole || (lostHeader && !log.isEmpty()));
    }
    static qint64 readableUpTo(const QByteArray &index, qint64 count)
    {
        const auto record = decodeRecord(
            QByteArrayView(index).sliced(indexHeaderSize + (count - 1) * indexRecordSize, indexRecordSize));
        return record ? static_cast<qint64>(record->end()) : -1;
    }

private slots:
    void initTestCase()
    {
        LogFixture fixture;
        QVERIFY(fixture.openWriter());
        const auto append = [&](qsizetype from, qsizetype to) {
            return fixture.writer->append(one, LogStream::Stdout, static_cast<uint64_t>(from),
                                          m_printed.sliced(from, to - from), fixture.clock.wall());
        };
        QVERIFY(append(0, 11));
        QVERIFY(append(11, 50));
        QVERIFY(append(50, 58));
        fixture.clock.advance(seconds(2));
        QVERIFY(fixture.writer->flushOldFragments());
        QVERIFY(append(58, m_printed.size()));
        m_log = readFile(fixture.logPath());
        m_index = readFile(fixture.indexPath());
        QCOMPARE(m_index.size(), indexHeaderSize + 4 * indexRecordSize);
    }

    void logCutAtEveryByte()
    {
        for (qsizetype size = 0; size <= m_log.size(); ++size)
            checkRecovers(m_log.first(size), m_index, "log cut", size);
    }

    void indexCutAtEveryByte()
    {
        for (qsizetype size = 0; size <= m_index.size(); ++size)
            checkRecovers(m_log, m_index.first(size), "index cut", size);
    }

    void anyWrongByteOfTheLogIsCutWithItsRun()
    {
        for (qsizetype i = 0; i < m_log.size(); ++i) {
            LogFixture fixture;
            QByteArray log = m_log;
            log[i] = static_cast<char>(log[i] ^ 1);
            QVERIFY(writeFile(fixture.logPath(), log) && writeFile(fixture.indexPath(), m_index));
            QVERIFY(fixture.openWriter());
            QVERIFY(fixture.text().size() <= i);
            QVERIFY(m_log.startsWith(fixture.text()));
            QCOMPARE(fixture.reader()->generation(), 2U);
        }
    }

    void anyWrongByteOfARecordCutsFromThere()
    {
        for (qsizetype i = indexHeaderSize; i < m_index.size(); ++i) {
            LogFixture fixture;
            QByteArray index = m_index;
            index[i] = static_cast<char>(index[i] ^ 1);
            QVERIFY(writeFile(fixture.logPath(), m_log) && writeFile(fixture.indexPath(), index));
            QVERIFY(fixture.openWriter());
            QVERIFY(m_log.startsWith(fixture.text()));
            QCOMPARE(readFile(fixture.indexPath()).size(),
                     indexHeaderSize + (i - indexHeaderSize) / indexRecordSize * indexRecordSize);
            QCOMPARE(fixture.reader()->generation(), 2U);
        }
    }

    void whatMayBeUnsyncedIsWrittenAgain()
    {
        LogFixture fixture;
        QVERIFY(writeFile(fixture.logPath(), m_log) && writeFile(fixture.indexPath(), m_index));
        BadDisk disk;
        const int room = disk.room;
        QVERIFY(fixture.openWriter(disk));
        QCOMPARE_GE(room - disk.room, m_log.size() + m_index.size()); // the kernel may take it for clean: it is not
        QCOMPARE(readFile(fixture.logPath()), m_log);
    }

    void aDamagedHeaderIsAnErrorNotAnEmptyLog()
    {
        LogFixture fixture;
        QByteArray index = m_index;
        index[20] = static_cast<char>(index[20] ^ 1);
        QVERIFY(writeFile(fixture.logPath(), m_log) && writeFile(fixture.indexPath(), index));
        QVERIFY(!fixture.openWriter());
        QVERIFY2(fixture.error.contains(u"header is damaged"_s), qPrintable(fixture.error));
        QCOMPARE(readFile(fixture.logPath()), m_log);
    }

    void aHeaderThatWasNeverWholeHoldsNothingBack_data()
    {
        QTest::addColumn<QByteArray>("index");
        QByteArray torn = m_index.first(indexHeaderSize);
        torn.replace(0, 16, QByteArray(16, '\0'));
        QTest::newRow("torn") << torn;
        QTest::newRow("its size alone came to the disk") << QByteArray(indexHeaderSize, '\0');
        QTest::newRow("and a part of the first record") << QByteArray(indexHeaderSize + indexRecordSize - 1, '\0');
    }

    void aHeaderThatWasNeverWholeHoldsNothingBack()
    {
        QFETCH(const QByteArray, index);
        LogFixture fixture;
        QVERIFY(writeFile(fixture.logPath(), {}) && writeFile(fixture.indexPath(), index));
        QVERIFY2(fixture.openWriter(), qPrintable(fixture.error));
        QVERIFY(fixture.writer->append(one, LogStream::Stdout, 0, m_printed, fixture.clock.wall()));
        QCOMPARE(fixture.extract(one, LogStream::Stdout), m_printed);
    }

    void theFilesOfAnotherJobAreRefused()
    {
        LogFixture fixture;
        QVERIFY(writeFile(fixture.directory.filePath(u"job2.log"_s), m_log));
        QVERIFY(writeFile(fixture.directory.filePath(u"job2.idx"_s), m_index));
        const auto opened = FileLogWriter::open(fixture.directory.path(), JobId(u"job2"_s), fixture.clock);
        QVERIFY(opened.error().message.contains(u"belongs to job job1"_s));
    }

    void afterAnotherBootTheGenerationRisesAsNobodyKnowsWhatWasLost()
    {
        LogFixture fixture;
        QByteArray index = m_index;
        index.replace(0, indexHeaderSize, encodeHeader({5, testJob, QByteArray("another!")}));
        QVERIFY(writeFile(fixture.logPath(), m_log) && writeFile(fixture.indexPath(), index));
        QVERIFY(fixture.openWriter());
        QCOMPARE(fixture.text(), m_log);
        QCOMPARE(fixture.reader()->generation(), 6U);
        QVERIFY(fixture.openWriter());
        QCOMPARE(fixture.reader()->generation(), 6U);
    }
};

QTEST_GUILESS_MAIN(TestLogRecovery)
#include "tst_logrecovery.moc"
