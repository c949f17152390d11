// SPDX-License-Identifier: GPL-3.0-or-later
// A17: next and previous error with none, one and many: a jump or a sentence; the view never moves without the key.
#include "tests/gui/checks/logcheck.h"

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class CheckA17 : public QObject
{
    Q_OBJECT
    static QByteArray logWith(const QList<int> &errors, int lines = 2000)
    {
        QByteArray bytes;
        for (int line = 0; line < lines; ++line)
            bytes += errors.contains(line) ? "cc: fatal error: no such file\n" : "compiled error.c, 0 errors\n";
        return bytes;
    }

private slots:
    void errors_data()
    {
        QTest::addColumn<QList<int>>("errors");
        QTest::newRow("none") << QList<int>();
        QTest::newRow("one") << QList<int>{1200};
        QTest::newRow("first and last line") << QList<int>{0, 1999};
        QList<int> many;
        for (int line = 13; line < 2000; line += 37)
            many.append(line);
        QTest::newRow("many") << many;
    }
    void errors()
    {
        QFETCH(const QList<int>, errors);
        LogFixture fixture;
        fixture.openCache(logWith(errors));
        QSignalSpy told(&fixture.pane(), &LogPane::told);
        if (!errors.isEmpty())
            QTRY_VERIFY2(fixture.pane().status().startsWith(QString::number(errors.size())),
                         qPrintable(fixture.pane().status()));
        QCOMPARE(fixture.view().follow(), LogView::Follow::Following); // knowing of errors moves nothing
        fixture.press(Qt::Key_Home);
        int64_t top = fixture.view().firstLine();
        for (const int line : errors) {
            QTest::qWait(20);
            QCOMPARE(fixture.view().firstLine(), top);
            fixture.press(Qt::Key_E);
            QTRY_COMPARE(fixture.hitLine(), int64_t(line));
            QVERIFY(fixture.view().isLineVisible(line));
            QCOMPARE(told.size(), 0);
            top = fixture.view().firstLine();
        }
        fixture.press(Qt::Key_E);
        QTRY_COMPARE(told.size(), 1);
        QVERIFY(told.constFirst().constFirst().toString().contains(u"No further error"_s));
        QCOMPARE(fixture.view().firstLine(), top);
        for (auto line = errors.crbegin(); line != errors.crend(); ++line) {
            if (line == errors.crbegin())
                continue; // that is where one stands
            fixture.press(Qt::Key_E, Qt::ShiftModifier);
            QTRY_COMPARE(fixture.hitLine(), int64_t(*line));
        }
        top = fixture.view().firstLine();
        fixture.press(Qt::Key_E, Qt::ShiftModifier);
        QTRY_COMPARE(told.size(), 2);
        QCOMPARE(fixture.view().firstLine(), top);
    }
    void anErrorThatArrivesLaterMovesNothing()
    {
        LogFixture fixture;
        fixture.openCache(logWith({}));
        QSignalSpy told(&fixture.pane(), &LogPane::told);
        fixture.press(Qt::Key_Home);
        fixture.press(Qt::Key_E);
        QTRY_COMPARE(told.size(), 1);
        fixture.add("error: late\n");
        QTRY_VERIFY(fixture.pane().status().startsWith(u"1 "_s));
        QCOMPARE(fixture.view().firstLine(), int64_t(0));
        fixture.press(Qt::Key_E);
        QTRY_COMPARE(fixture.hitLine(), int64_t(2000));
    }
};

QTEST_MAIN(CheckA17)
#include "a17_errors.moc"
