// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logdocument.h"
#include "console/models/logfolds.h"

#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestLogFolds : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    int m_count = 0;
    std::unique_ptr<LogDocument> m_document;
    std::vector<uint32_t> m_steps; ///< of each line

    void open()
    {
        m_document =
            std::make_unique<LogDocument>(LogStore::openCache(m_folder.filePath(u"%1.log"_s.arg(++m_count))).value());
        m_steps.clear();
    }
    void print(uint32_t step, int lines)
    {
        for (int i = 0; i < lines; ++i) {
            m_document->append("text\n",
                               {0, WallTime(milliseconds(1000 * (m_steps.size() + 1))), {step, LogStream::Stdout}});
            m_steps.push_back(step);
        }
    }
    void flush() { QTRY_COMPARE(m_document->lineCount(), int64_t(m_steps.size())); }
    /// The lines that are left, by looking at each.
    std::vector<int64_t> expected(const std::set<uint32_t> &folded) const
    {
        std::vector<int64_t> lines;
        std::set<uint32_t> headed;
        for (size_t line = 0; line < m_steps.size(); ++line) {
            if (!folded.contains(m_steps[line]) || headed.insert(m_steps[line]).second)
                lines.push_back(int64_t(line));
        }
        return lines;
    }
    void compare(const FoldedLines &folds) const
    {
        const auto lines = expected(folds.folded());
        QCOMPARE(folds.count(), int64_t(lines.size()));
        for (size_t row = 0; row < lines.size(); ++row) {
            QCOMPARE(folds.lineOf(int64_t(row)), lines[row]);
            QCOMPARE(folds.rowOf(lines[row]), int64_t(row));
        }
        for (int64_t line = 0; line < int64_t(m_steps.size()); ++line) {
            const auto after = std::upper_bound(lines.begin(), lines.end(), line) - lines.begin();
            QCOMPARE(folds.rowOf(line), std::max<int64_t>(0, int64_t(after) - 1));
        }
    }

private slots:
    void aFoldedStepKeepsItsFirstLine()
    {
        open();
        print(1, 3);
        print(2, 5);
        print(3, 2);
        flush();
        FoldedLines folds(m_document.get());
        folds.setFolded({2});
        QCOMPARE(folds.count(), 6);
        QCOMPARE(folds.headingOf(3), 2U);
        QCOMPARE(folds.headingOf(4), 0U);
        QCOMPARE(folds.hiddenLines(2), 4);
        compare(folds);
        folds.setFolded({});
        QCOMPARE(folds.count(), 10);
    }
    void whatIsOfNoStepIsNeverFolded()
    {
        open();
        print(0, 4);
        flush();
        FoldedLines folds(m_document.get());
        folds.setFolded({0, 1});
        QCOMPARE(folds.count(), 4);
    }
    void interleavedStepsAgreeWithLookingAtEachLine_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 8; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }
    void interleavedStepsAgreeWithLookingAtEachLine()
    {
        QFETCH(const int, seed);
        QRandomGenerator random{quint32(seed)};
        open();
        FoldedLines folds(m_document.get());
        folds.setFolded({1, 3});
        for (int piece = 0; piece < 40; ++piece) {
            print(random.bounded(5U), random.bounded(1, 6));
            if (piece % 10 == 9) {
                flush();
                folds.documentGrown();
                compare(folds);
            }
        }
        folds.setFolded({0, 2, 4});
        compare(folds);
    }
    void aRestartedLogForgetsItsFolds()
    {
        open();
        print(2, 5);
        flush();
        FoldedLines folds(m_document.get());
        folds.setFolded({2});
        m_document->restart(2);
        folds.documentRestarted();
        QCOMPARE(folds.count(), 0);
        m_steps.clear();
        print(2, 3);
        flush();
        folds.documentGrown();
        QCOMPARE(folds.count(), 1);
    }
};

QTEST_MAIN(TestLogFolds)
#include "tst_logfolds.moc"
