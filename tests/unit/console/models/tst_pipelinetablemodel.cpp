// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/pipelinetablemodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestPipelineTableModel : public QObject
{
    Q_OBJECT
    PipelineTableModel m_model;
    QAbstractItemModelTester m_tester{&m_model};

    static QList<PipelineStatistics> named(const QStringList &names, int succeeded = 1)
    {
        QList<PipelineStatistics> all;
        for (const QString &name : names)
            all.append({.pipeline = name, .succeeded = succeeded});
        return all;
    }
    QStringList names() const
    {
        QStringList names;
        for (int row = 0; row < m_model.rowCount(); ++row)
            names.append(m_model.index(row, 0).data().toString());
        return names;
    }

private slots:
    void becomesAnyListWithoutAReset()
    {
        QSignalSpy reset(&m_model, &QAbstractItemModel::modelReset);
        const QString letters = u"abcdefgh"_s;
        uint32_t state = 5;
        for (int round = 0; round < 400; ++round) {
            state = state * 1'664'525U + 1'013'904'223U;
            QStringList wanted;
            for (int i = 0; i < letters.size(); ++i) {
                if (state >> (8 + i) & 1U)
                    wanted.append(letters[i]);
            }
            m_model.setStatistics(named(wanted, round % 3));
            QCOMPARE(names(), wanted);
            QCOMPARE(m_model.statistics(), named(wanted, round % 3));
            for (const QChar letter : letters)
                QCOMPARE(m_model.find(letter) != nullptr, wanted.contains(letter));
        }
        QCOMPARE(reset.size(), 0);
    }
    void tellsOnlyRowsThatChanged()
    {
        m_model.setStatistics(named({u"a"_s, u"b"_s, u"c"_s}));
        QPersistentModelIndex selected(m_model.index(2, 0));
        QSignalSpy told(&m_model, &QAbstractItemModel::dataChanged);
        QList<PipelineStatistics> next = named({u"a"_s, u"b"_s, u"c"_s});
        next[1].failed = 3;
        m_model.setStatistics(next);
        QCOMPARE(told.size(), 1);
        QCOMPARE(told[0][0].toModelIndex().row(), 1);
        QCOMPARE(told[0][1].toModelIndex().row(), 1);
        m_model.setStatistics(next);
        QCOMPARE(told.size(), 1);
        QCOMPARE(selected.data().toString(), u"c"_s);
    }
    void everyPaintedCellIsAlsoInWords()
    {
        PipelineStatistics one{.pipeline = u"web"_s, .succeeded = 2, .failed = 1, .cancelled = 1};
        one.run = {3, seconds(10), seconds(20), seconds(30)};
        one.recent = {{1, seconds(10), JobState::Success},
                      {2, seconds(30), JobState::Failure},
                      {3, milliseconds(-1), JobState::Cancelled},
                      {4, seconds(12), JobState::Success}};
        m_model.setStatistics({one});
        const auto text = [this](int column, int role) { return m_model.index(0, column).data(role).toString(); };
        QCOMPARE(text(PipelineTableModel::SuccessColumn, Qt::DisplayRole), u"66.7 %"_s);
        QCOMPARE(text(PipelineTableModel::SuccessColumn, Qt::ToolTipRole), u"2 succeeded, 1 failed, 1 cancelled"_s);
        QCOMPARE(text(PipelineTableModel::RunsColumn, Qt::DisplayRole), u"4"_s);
        QCOMPARE(text(PipelineTableModel::ResultsColumn, Qt::AccessibleTextRole), u"2 of the last 4 jobs succeeded."_s);
        QCOMPARE(text(PipelineTableModel::TrendColumn, Qt::AccessibleTextRole), u"The last 3 jobs ran 10 s to 30 s."_s);
        QCOMPARE(text(PipelineTableModel::P90Column, Qt::DisplayRole), u"20 s"_s);
        QVERIFY(!m_model.index(0, 0).data(PipelineTableModel::StateRole).isValid()); // none was given as the last
        for (int column = 0; column < PipelineTableModel::ColumnCount; ++column) {
            QVERIFY(!m_model.headerData(column, Qt::Horizontal).toString().isEmpty());
            QVERIFY(!m_model.headerData(column, Qt::Horizontal, Qt::ToolTipRole).toString().isEmpty());
        }
    }
    void hundredPercentIsOnlySaidOfAll_data()
    {
        QTest::addColumn<double>("share");
        QTest::addColumn<QString>("text");
        QTest::newRow("all") << 1.0 << u"100 %"_s;
        QTest::newRow("none") << 0.0 << u"0 %"_s;
        QTest::newRow("nearly all") << 0.99999 << u"99.9 %"_s;
        QTest::newRow("nearly none") << 0.00001 << u"0.1 %"_s;
        QTest::newRow("two thirds") << 2.0 / 3 << u"66.7 %"_s;
    }
    void hundredPercentIsOnlySaidOfAll()
    {
        QFETCH(const double, share);
        QFETCH(const QString, text);
        QCOMPARE(percentText(share), text);
    }
};

QTEST_GUILESS_MAIN(TestPipelineTableModel)
#include "tst_pipelinetablemodel.moc"
