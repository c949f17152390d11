// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/server/logs/baddisk.h"
#include "tests/unit/server/logs/logfixture.h"

#include <QCryptographicHash>

using namespace danube;
using namespace danube::logs;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr StepNumber one{1};

} // namespace

/// A disk that fails costs time, never bytes: the same call again goes on as if nothing had been.
class TestLogFaults : public QObject
{
    Q_OBJECT
    std::unique_ptr<LogFixture> m_log;
    BadDisk m_disk;
    QByteArray m_printed;

    Result<void> append(qsizetype from, qsizetype size)
    {
        return m_log->writer->append(one, LogStream::Stdout, static_cast<uint64_t>(from), m_printed.sliced(from, size),
                                     m_log->clock.wall());
    }

private slots:
    void init()
    {
        m_disk = BadDisk();
        m_log = std::make_unique<LogFixture>();
        QVERIFY(m_log->openWriter(m_disk));
        m_printed = Dice(9).bytes(5'000, "abcdefgh\n") + '\n';
    }

    void interruptedAndShortWritesGoOn()
    {
        m_disk.isJumpy = true;
        QVERIFY(append(0, m_printed.size()));
        QVERIFY(m_log->writer->sync());
        QCOMPARE(m_log->text(), m_printed);
    }

    void aFullDiskLosesAndRepeatsNothing()
    {
        for (int room = 0; room < 400; room += room < 110 ? 3 : 13) {
            init();
            m_disk.room = room;
            qsizetype at = 0;
            int failures = 0;
            while (at < 600) {
                const auto written = append(at, std::min<qsizetype>(50, 600 - at));
                if (written) {
                    at += 50;
                    continue;
                }
                QCOMPARE(written.error().code, ErrorCode::ResourceExhausted);
                QVERIFY(m_printed.startsWith(m_log->text())); // readers see whole runs only
                QCOMPARE(m_log->writer->accepted(one).standardOutput / 50, static_cast<uint64_t>(at / 50));
                m_disk.room = ++failures < 3 ? room : 1 << 30; // a little, then enough is freed
            }
            QVERIFY(m_log->writer->endStep(one));
            QCOMPARE(m_log->extract(one, LogStream::Stdout), m_printed.first(600));
            const auto seal = m_log->writer->seal();
            QCOMPARE(seal->sha256,
                     QCryptographicHash::hash(readFile(m_log->logPath()), QCryptographicHash::Sha256).toHex());
        }
    }

    void aFailedWriteOfAnyKindIsTypedAndRepeatable_data()
    {
        QTest::addColumn<int>("writesBefore");
        QTest::newRow("log") << 0;
        QTest::newRow("index") << 1;
    }
    void aFailedWriteOfAnyKindIsTypedAndRepeatable()
    {
        QFETCH(int, writesBefore);
        m_log->writer->addSecret(Secret(QByteArray("hunter2")));
        m_printed = "before hunter2 hunt";
        QVERIFY(append(0, 17)); // unfinished, two bytes of a secret held back
        m_disk.writeError = EIO;
        m_disk.writesUntilError = writesBefore;
        m_printed += "er2 after\n";
        const auto failed = append(17, m_printed.size() - 17);
        QCOMPARE(failed.error().code, ErrorCode::Io);
        QVERIFY(failed.error().message.contains(u"job1"_s));
        QCOMPARE(m_log->writer->accepted(one).standardOutput, 17U);
        QCOMPARE(m_log->text(), "");
        QCOMPARE(append(17, m_printed.size() - 17).error().code, ErrorCode::Io);
        m_disk.writeError = 0;
        QVERIFY(append(17, m_printed.size() - 17));
        QCOMPARE(m_log->text(), "before *** *** after\n");
    }

    void aFailedFragmentAndEndAreRepeatable()
    {
        m_log->writer->addSecret(Secret(QByteArray("hunter2")));
        m_printed = "value hunt";
        QVERIFY(append(0, m_printed.size()));
        m_disk.writeError = EIO;
        m_log->clock.advance(seconds(5));
        QVERIFY(!m_log->writer->flushOldFragments());
        QVERIFY(!m_log->writer->endStep(one));
        QVERIFY(!m_log->writer->seal());
        m_disk.writeError = 0;
        QVERIFY(m_log->writer->flushOldFragments());
        QCOMPARE(m_log->text(), "value \n");
        QVERIFY(m_log->writer->endStep(one));
        QCOMPARE(m_log->extract(one, LogStream::Stdout), "value hunt");
        QVERIFY(m_log->writer->seal());
    }

    void nothingIsDurableUntilASyncSucceeds()
    {
        QVERIFY(append(0, 100));
        m_disk.syncError = EIO;
        QCOMPARE(m_log->writer->sync().error().code, ErrorCode::Io);
        QCOMPARE(m_log->writer->durable(one), StreamOffsets());
        QVERIFY(append(100, 100)); // goes on meanwhile
        m_disk.syncError = 0;
        const int roomBefore = m_disk.room;
        QVERIFY(m_log->writer->sync());
        QVERIFY(roomBefore - m_disk.room > 100); // written again: the kernel may have dropped the dirty pages
        QCOMPARE(m_log->writer->durable(one).standardOutput, uint64_t(m_printed.first(200).lastIndexOf('\n') + 1));
        QVERIFY(append(200, m_printed.size() - 200));
        QCOMPARE(m_log->text(), m_printed);
    }

    void whileSyncsFailNoMoreIsTakenThanRecoveryLooksAt()
    {
        m_printed = Dice(3).bytes(1 << 20, "abcdefgh\n").repeated(20) + '\n';
        m_disk.syncError = EIO;
        qsizetype at = 0;
        auto taken = append(at, 64 << 10);
        for (; taken && at < m_printed.size() - (128 << 10); taken = append(at, 64 << 10))
            at += 64 << 10;
        QVERIFY(!taken);
        QCOMPARE(taken.error().code, ErrorCode::Io);
        QCOMPARE_LE(m_log->text().size(), mostUnsynced);
        QCOMPARE_GT(m_log->text().size(), mostUnsynced - (128 << 10));
        m_disk.syncError = 0;
        const auto known = static_cast<qsizetype>(m_log->writer->accepted(one).standardOutput);
        QVERIFY(append(known, m_printed.size() - known));
        QVERIFY(m_log->text() == m_printed);
        QVERIFY(m_log->writer->sync());
        QCOMPARE(m_log->writer->durable(one).standardOutput, uint64_t(m_printed.size()));
    }
};

QTEST_GUILESS_MAIN(TestLogFaults)
#include "tst_logfaults.moc"
