// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/logrow.h"

#include <QElapsedTimer>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestLogRow : public QObject
{
    Q_OBJECT
    static LogRow rowOf(const QString &text)
    {
        const QByteArray bytes = text.toUtf8();
        return {LogLine{.bytes = bytes}, std::nullopt};
    }

private slots:
    void findsTheNearestBorder_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << QString();
        QTest::newRow("plain") << u"plain text"_s;
        QTest::newRow("tabs") << u"a\tb\t\tc"_s;
        QTest::newRow("wide") << u"\u65e5\u672cx\u672c"_s;
        QTest::newRow("marks") << u"e\u0301x\u0301\u0302y"_s;
        QTest::newRow("beyond 16 bits") << u"a\U0001f600b\U0001f600"_s;
    }
    void findsTheNearestBorder()
    {
        QFETCH(const QString, text);
        const LogRow row = rowOf(text);
        QCOMPARE(row.text(), text);
        for (double cell = -1.5; cell < double(row.cellCount()) + 3; cell += 0.25) {
            const qsizetype found = row.indexAt(cell);
            QVERIFY(found >= 0 && found <= text.size());
            QVERIFY(found == text.size() || !text[found].isLowSurrogate());
            for (qsizetype other = 0; other <= text.size(); ++other)
                QVERIFY(std::abs(double(row.cellOf(found)) - cell) <= std::abs(double(row.cellOf(other)) - cell));
        }
    }
    // Painting asks twice for each of up to 2000 matches.
    void findsItAtOnceInALongLine()
    {
        const LogRow row = rowOf(QString(60'000, u'x') + u'\u00e9');
        QVERIFY(!row.isPlainGrid());
        QElapsedTimer time;
        time.start();
        for (int cell = 0; cell < 20'000; ++cell)
            QCOMPARE(row.indexAt(cell * 3), cell * 3);
        QVERIFY2(time.elapsed() < 1000, qPrintable(QString::number(time.elapsed())));
    }
};

QTEST_MAIN(TestLogRow)
#include "tst_logrow.moc"
