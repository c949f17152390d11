// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/columnfit.h"
#include "console/app/tablelook.h"

#include <QHeaderView>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QTableView>
#include <QTest>

using namespace danube::console;
using namespace Qt::StringLiterals;

class TestColumnFit : public QObject
{
    Q_OBJECT
    enum Column { Name, State, Where, When };

    static QList<QStandardItem *> row()
    {
        return {new QStandardItem(u"a"_s), new QStandardItem(u"on"_s), new QStandardItem(u"here"_s),
                new QStandardItem(u"now"_s)};
    }
    struct Sample
    {
        QStandardItemModel rows;
        QTableView table;
        Sample()
        {
            rows.setHorizontalHeaderLabels({u"Name"_s, u"State"_s, u"Where"_s, u"When"_s});
            rows.appendRow(row());
            table.setModel(&rows);
            dressTable(table, u"Sample"_s,
                       {{Name, "a-name-as-long-as-they-come"},
                        {State, "as good as it gets"},
                        {Where, ""},
                        {When, "2026-12-31 23:59:59"}});
        }
        void showAt(int width)
        {
            table.resize(width, 200);
            table.show();
            QVERIFY(QTest::qWaitForWindowExposed(&table));
            QCoreApplication::processEvents();
            ColumnFit::of(table)->fit();
        }
        QList<int> widths() const
        {
            QList<int> all;
            for (int column = 0; column < 4; ++column)
                all += table.columnWidth(column);
            return all;
        }
        bool isAllInSight() const { return table.horizontalScrollBar()->maximum() == 0; }
    };

private slots:
    void keepsTheSamplesWhereThereIsRoom()
    {
        Sample sample;
        const QList<int> before = sample.widths();
        sample.showAt(1200);
        for (const int column : {Name, State, When})
            QCOMPARE(sample.table.columnWidth(column), before[column]);
        QVERIFY(sample.isAllInSight());
    }
    void shrinksUntilAllAreInSight()
    {
        Sample sample;
        const QList<int> before = sample.widths();
        sample.showAt(before[Name] + before[State] + before[When]);
        QVERIFY(sample.isAllInSight());
        for (const int column : {Name, State, When})
            QVERIFY(sample.table.columnWidth(column) < before[column]);
    }
    void adoptsWidthsThatAreSetLater()
    {
        Sample sample;
        sample.table.setColumnWidth(State, 300);
        ColumnFit::of(sample.table)->adopt();
        sample.showAt(1200);
        QCOMPARE(sample.table.columnWidth(State), 300);
        sample.table.resize(500, 200);
        QTRY_VERIFY(sample.table.columnWidth(State) < 300);
        sample.table.resize(1200, 200);
        QTRY_COMPARE(sample.table.columnWidth(State), 300);
    }
    void neverBelowHeadingsAndContents()
    {
        Sample sample;
        sample.rows.item(0, State)->setText(u"half as good"_s);
        sample.showAt(100);
        QVERIFY(!sample.isAllInSight());
        const QHeaderView &header = *sample.table.horizontalHeader();
        for (int column = 0; column < 4; ++column)
            QVERIFY(sample.table.columnWidth(column) >= header.sectionSizeHint(column));
        QVERIFY(sample.table.columnWidth(State) > sample.table.fontMetrics().horizontalAdvance(u"half as good"_s));
    }
    void growsBack()
    {
        Sample sample;
        const QList<int> before = sample.widths();
        sample.showAt(200);
        sample.table.resize(1200, 200);
        QTRY_COMPARE(sample.table.columnWidth(Name), before[Name]);
    }
    void makesRoomForAColumnThatComes()
    {
        Sample sample;
        const QList<int> before = sample.widths();
        sample.table.hideColumn(When);
        sample.showAt(before[Name] + before[State] + 60);
        const int alone = sample.table.columnWidth(Name);
        sample.table.showColumn(When);
        QTRY_VERIFY(sample.table.columnWidth(Name) < alone);
        QTRY_VERIFY(sample.isAllInSight());
    }
    void standsStillWhileContentsLive()
    {
        Sample sample;
        sample.showAt(sample.table.columnWidth(Name) + sample.table.columnWidth(State));
        const QList<int> before = sample.widths();
        sample.rows.item(0, State)->setText(u"as good as it"_s);
        sample.rows.appendRow(row());
        QTest::qWait(20);
        QCOMPARE(sample.widths(), before);
    }
    void leavesWhatSomebodyMoved()
    {
        Sample sample;
        sample.showAt(1200);
        QHeaderView &header = *sample.table.horizontalHeader();
        const QPoint border(header.sectionViewportPosition(State), header.height() / 2);
        QTest::mousePress(header.viewport(), Qt::LeftButton, {}, border);
        QTest::mouseMove(header.viewport(), border + QPoint(10, 0));
        QTest::mouseMove(header.viewport(), border + QPoint(40, 0));
        QTest::mouseRelease(header.viewport(), Qt::LeftButton, {}, border + QPoint(40, 0));
        QVERIFY(ColumnFit::of(sample.table)->isByHand());
        const int moved = sample.table.columnWidth(Name);
        sample.table.resize(200, 200);
        QTest::qWait(20);
        QCOMPARE(sample.table.columnWidth(Name), moved);
    }
};

QTEST_MAIN(TestColumnFit)
#include "tst_columnfit.moc"
