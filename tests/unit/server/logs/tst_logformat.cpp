// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/crc32c.h"
#include "server/logs/logformat.h"
#include "tests/unit/server/logs/logfixture.h"

using namespace danube;
using namespace danube::logs;
using namespace danube::tests;
using namespace Qt::StringLiterals;

/// The bytes of the index: what is written is read, what is torn is recognised, and the layout never changes.
class TestLogFormat : public QObject
{
    Q_OBJECT

    static IndexRecord sample()
    {
        return {.offset = 0x0102030405,
                .rawEnd = 0xfedcba9876543210,
                .time = WallTime(milliseconds(1'750'000'000'123)),
                .length = 4097,
                .step = StepNumber(7),
                .dataCheck = 0xdeadbeef,
                .maskedAhead = 5,
                .stream = LogStream::Stderr,
                .syntheticNewline = true,
                .endsMasked = true};
    }

private slots:
    void checkIsTheKnownOne_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<uint>("check");
        QTest::newRow("empty") << QByteArray() << 0U;
        QTest::newRow("RFC 3720 zeros") << QByteArray(32, '\0') << 0x8a9136aaU;
        QTest::newRow("RFC 3720 ones") << QByteArray(32, '\xff') << 0x62a8ab43U;
        QTest::newRow("digits") << QByteArray("123456789") << 0xe3069283U;
    }
    void checkIsTheKnownOne()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(uint, check);
        QCOMPARE(crc32c(bytes), check);
        QCOMPARE(crc32cPortable(bytes), check);
    }

    void bothWaysToCheckAgree()
    {
        Dice dice(1);
        for (int size = 0; size < 200; ++size) {
            const QByteArray bytes = dice.anyBytes(size);
            QCOMPARE(crc32c(bytes), crc32cPortable(bytes));
        }
    }

    void recordComesBack()
    {
        QCOMPARE(encodeRecord(sample()).size(), indexRecordSize);
        QCOMPARE(decodeRecord(encodeRecord(sample())), std::optional(sample()));
    }

    void layoutIsAsDocumented()
    {
        const QByteArray bytes = encodeRecord(sample());
        QCOMPARE(bytes.first(44).toHex(), "0504030201000000" // offset
                                          "1032547698badcfe" // rawEnd
                                          "7bdc207497010000" // time
                                          "01100000"         // length
                                          "07000000"         // step
                                          "efbeadde"         // dataCheck
                                          "05000000"         // maskedAhead
                                          "02030000"_ba);    // stream, flags
    }

    void anyChangedByteIsRecognised()
    {
        const QByteArray whole = encodeRecord(sample());
        for (qsizetype i = 0; i < whole.size(); ++i) {
            QByteArray torn = whole;
            torn[i] = static_cast<char>(torn[i] ^ 0x10);
            QVERIFY(!decodeRecord(torn));
        }
        QVERIFY(!decodeRecord(whole.first(47)));
        QVERIFY(!decodeRecord(QByteArray(48, '\0')));
    }

    void headerComesBack()
    {
        const IndexHeader header{42, JobId(u"0123456789abcdef"_s), QByteArray("bootboot")};
        QCOMPARE(encodeHeader(header).size(), indexHeaderSize);
        QCOMPARE(decodeHeader(encodeHeader(header)), Result<IndexHeader>(header));
        QByteArray torn = encodeHeader(header);
        torn[12] = 43;
        QCOMPARE(decodeHeader(torn).error().code, ErrorCode::DataLoss);
    }
};

QTEST_GUILESS_MAIN(TestLogFormat)
#include "tst_logformat.moc"
