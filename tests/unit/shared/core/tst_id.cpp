// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/id.h"

#include "tests/support/fakeclock.h"

#include <QSet>
#include <QTest>

using namespace danube;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestId : public QObject
{
    Q_OBJECT
private slots:
    void knowsWhatMayBecomeAFileName_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("safe");
        QTest::newRow("letters") << u"az"_s << true;
        QTest::newRow("digits") << u"09"_s << true;
        QTest::newRow("dash inside") << u"a-b"_s << true;
        QTest::newRow("dash at the end") << u"a-"_s << true;
        QTest::newRow("one") << u"x"_s << true;
        QTest::newRow("64") << QString(64, u'a') << true;
        QTest::newRow("65") << QString(65, u'a') << false;
        QTest::newRow("empty") << QString() << false;
        QTest::newRow("dash first") << u"-a"_s << false;
        QTest::newRow("upper case") << u"A"_s << false;
        QTest::newRow("dot") << u"a.b"_s << false;
        QTest::newRow("slash") << u"a/b"_s << false;
        QTest::newRow("underscore") << u"a_b"_s << false;
        QTest::newRow("before 0") << u"/"_s << false;
        QTest::newRow("after 9") << u":"_s << false;
        QTest::newRow("before a") << u"`"_s << false;
        QTest::newRow("after z") << u"{"_s << false;
        QTest::newRow("other digits") << u"\u0661"_s << false;
        QTest::newRow("NUL") << QString(QChar(0)) << false;
    }
    void knowsWhatMayBecomeAFileName()
    {
        QFETCH(QString, text);
        QFETCH(bool, safe);
        QCOMPARE(isSafeId(text), safe);
    }

    void jobIdsAreSafeAndSortByTime()
    {
        tests::FakeClock clock;
        QString last;
        for (int i = 0; i < 200; ++i) {
            const QString id = newJobId(clock).value();
            QCOMPARE(id.size(), 16);
            QVERIFY(isSafeId(id));
            QVERIFY2(id > last, qPrintable(id + u" after "_s + last));
            last = id;
            clock.advance(i % 3 == 0 ? 1ms : 50'000ms);
        }
    }

    void theTimePartIsExact()
    {
        // 45 bits, five a character, most significant first: 1 750 000 000 000 ms.
        const tests::FakeClock clock(WallTime(1'750'000'000'000ms));
        static constexpr char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
        QString expected;
        for (int shift = 40; shift >= 0; shift -= 5)
            expected += QLatin1Char(alphabet[(1'750'000'000'000LL >> shift) & 31]);
        QCOMPARE(newJobId(clock).value().left(9), expected);
    }

    void idsOfOneMillisecondDiffer()
    {
        const tests::FakeClock clock;
        QSet<QString> ids;
        QList<QSet<QChar>> seen(7);
        for (int i = 0; i < 1000; ++i) {
            const QString id = newArtifactId(clock).value();
            ids.insert(id);
            for (int at = 0; at < 7; ++at)
                seen[at].insert(id[9 + at]);
        }
        QCOMPARE(ids.size(), 1000);
        for (const auto &characters : seen)
            QCOMPARE(characters.size(), 32); // every random character takes every value
    }

    void randomHexHasItsLengthAndDiffers()
    {
        QCOMPARE(randomHex(0), QString());
        const QString hex = randomHex(32);
        QCOMPARE(hex.size(), 64);
        QCOMPARE(QString::fromLatin1(QByteArray::fromHex(hex.toLatin1()).toHex()), hex);
        QVERIFY(randomHex(32) != hex);
        QSet<QString> bytes;
        for (int i = 0; i < 5000; ++i)
            bytes.insert(randomHex(1));
        QCOMPARE(bytes.size(), 256);
    }

    void idsCompareHashAndTellEmptiness()
    {
        const JobId left(u"a"_s);
        const JobId right(u"b"_s);
        QVERIFY(left < right && right > left && left != right && left == JobId(u"a"_s));
        QVERIFY(JobId().isEmpty() && !left.isEmpty());
        QCOMPARE(qHash(left), qHash(JobId(u"a"_s)));
        QVERIFY(qHash(left) != qHash(right));
    }
};

QTEST_APPLESS_MAIN(TestId)
#include "tst_id.moc"
