// SPDX-License-Identifier: GPL-3.0-or-later
// A8: a filter of typed tokens, saved as a view, is there after a restart and shows the same rows; a token that says
// nothing is underlined and explained; tokens are offered while one types.
#include "console/app/filterline.h"
#include "console/app/jobspage.h"
#include "console/app/navigator.h"
#include "tests/gui/sample.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QMenu>
#include <QTableView>
#include <QToolButton>
#include <QTreeWidget>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class CheckA8 : public QObject
{
    Q_OBJECT
    static constexpr auto line = "state:failed branch:main"_L1;

    static JobsPage &pageOf(Sample &sample) { return *sample.window->jobsPage(); }
    static QStringList rowsOf(Sample &sample)
    {
        QStringList ids;
        const QAbstractItemModel *model = pageOf(sample).table()->model();
        for (int row = 0; row < model->rowCount(); ++row)
            ids.append(model->index(row, 0).data(JobTableModel::IdRole).toString());
        return ids;
    }
    static void connectTo(Sample &sample)
    {
        sample.window->show();
        QVERIFY(sample.connectWindow());
        QTRY_COMPARE(rowsOf(sample).size(), 200);
    }
    /// Pixel rows of the line that have the colour of problems.
    static bool isUnderlined(FilterLine &line, int from, int length, const QColor &color)
    {
        const QImage picture = line.grab().toImage();
        const int cell = line.fontMetrics().horizontalAdvance(line.text().first(from));
        const int width = line.fontMetrics().horizontalAdvance(line.text().sliced(from, length));
        const int left = 6;
        for (int y = picture.height() / 2; y < picture.height(); ++y) {
            for (int x = left + cell + 2; x < left + cell + width - 2; ++x) {
                const QColor seen = picture.rect().contains(x, y) ? picture.pixelColor(x, y) : QColor(Qt::white);
                if (seen.hsvSaturation() > 90 && std::abs(seen.hsvHue() - color.hsvHue()) < 8)
                    return true;
            }
        }
        return false;
    }

private slots:
    void aViewIsThereAfterARestart()
    {
        Sample sample;
        sample.addMany(200);
        connectTo(sample);
        pageOf(sample).filterLine()->setText(line);
        QTRY_COMPARE(rowsOf(sample).size(), 20); // every eighth failed, four of five on main
        for (const QString &id : rowsOf(sample)) {
            const Job job = sample.master.job(JobId(id)).value();
            QCOMPARE(job.state, JobState::Failure);
            QCOMPARE(job.branch, u"main"_s);
        }
        const QStringList rows = rowsOf(sample);
        QVERIFY(pageOf(sample).saveView(u"Broken main"_s));

        sample.restart();
        connectTo(sample);
        QStringList listed;
        QAction *view = nullptr;
        for (QAction *action : pageOf(sample).viewsButton()->menu()->actions()) {
            listed.append(action->text());
            view = action->text() == "Broken main"_L1 ? action : view;
        }
        QVERIFY2(view, qPrintable(listed.join(u", "_s)));
        QVERIFY(!sample.window->findChild<Navigator *>()
                     ->tree()
                     ->findItems(u"Broken main"_s, Qt::MatchExactly | Qt::MatchRecursive)
                     .isEmpty());
        view->trigger();
        QTRY_COMPARE(rowsOf(sample), rows);
        QCOMPARE(pageOf(sample).filterLine()->text(), line);
    }
    void aBadTokenIsUnderlinedAndExplained_data()
    {
        QTest::addColumn<QString>("token");
        QTest::addColumn<QString>("words");
        QTest::newRow("no such state") << u"state:wobbly"_s << u"No such state"_s;
        QTest::newRow("no time span") << u"since:yesterday"_s << u"time span"_s;
        QTest::newRow("no value") << u"branch:"_s << u"value is missing"_s;
    }
    void aBadTokenIsUnderlinedAndExplained()
    {
        QFETCH(const QString, token);
        QFETCH(const QString, words);
        Sample sample;
        sample.addMany(200);
        connectTo(sample);
        FilterLine &filter = *pageOf(sample).filterLine();
        const QColor red = lightColors().failure;
        filter.setText(u"pipeline:docs "_s + token);
        QTRY_VERIFY2(pageOf(sample).filterProblem().contains(words), qPrintable(pageOf(sample).filterProblem()));
        QVERIFY(pageOf(sample).filterProblem().contains(token));
        QVERIFY(filter.accessibleDescription().contains(words));
        QVERIFY(isUnderlined(filter, 14, int(token.size()), red));
        QVERIFY(!isUnderlined(filter, 0, 13, red));
        QCOMPARE(rowsOf(sample).size(), 50); // the good part filters
        filter.setText(u"pipeline:docs"_s);
        QTRY_VERIFY(pageOf(sample).filterProblem().isEmpty());
        QVERIFY(!isUnderlined(filter, 0, 13, red));
    }
    void tokensAreOffered()
    {
        Sample sample;
        sample.addMany(200);
        connectTo(sample);
        FilterLine &filter = *pageOf(sample).filterLine();
        filter.setFocus();
        QVERIFY(QTest::qWaitForWindowActive(sample.window.get()));
        const auto offered = [&] {
            QStringList tokens;
            for (int row = 0; row < filter.offers()->model()->rowCount(); ++row)
                tokens.append(filter.offers()->model()->index(row, 0).data().toString());
            return tokens;
        };
        QTest::keyClicks(&filter, u"st"_s);
        QCOMPARE(offered(), QStringList{u"state:"_s});
        QTest::keyClicks(filter.offers()->popup(), u"ate:f"_s);
        QCOMPARE(filter.text(), u"state:f"_s);
        QCOMPARE(offered(), QStringList{u"state:failed"_s});
        QTest::keyClick(filter.offers()->popup(), Qt::Key_Down);
        QTest::keyClick(filter.offers()->popup(), Qt::Key_Return);
        QCOMPARE(filter.text(), u"state:failed "_s);
        QTest::keyClicks(&filter, u"pipeline:we"_s);
        QCOMPARE(offered(), QStringList{u"pipeline:web-shop"_s});
        filter.offers()->popup()->hide();
    }
};

QTEST_MAIN(CheckA8)
#include "a08_filter.moc"
