// SPDX-License-Identifier: GPL-3.0-or-later
// What jobs, files, branches and operators call things is shown as it is: never as markup, no "&" lost.
#include "console/app/allowlisteditor.h"
#include "console/app/allowlistpage.h"
#include "console/app/blueprintbar.h"
#include "console/app/commitdialog.h"
#include "console/app/detailsview.h"
#include "console/app/filterline.h"
#include "console/app/jobspage.h"
#include "console/app/mergeview.h"
#include "tests/gui/blueprintsample.h"

#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QToolTip>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestForeignText : public QObject
{
    Q_OBJECT
private slots:
    void aToolTipIsNoMarkup()
    {
        const Sample sample; // with the console's style
        QToolTip::showText({10, 10}, u"<b>Succeeded</b>"_s);
        const QLabel *tip = nullptr;
        for (const QWidget *widget : QApplication::allWidgets()) {
            if (widget->inherits("QTipLabel"))
                tip = qobject_cast<const QLabel *>(widget);
        }
        QVERIFY(tip);
        QCOMPARE(tip->text(), u"<b>Succeeded</b>"_s);
        QCOMPARE(tip->textFormat(), Qt::PlainText);
        QToolTip::hideText();
    }
    void aLongDetailsToolTipHasLines()
    {
        DetailsView view;
        const QString text = u"It failed because <b>something</b> went wrong. "_s.repeated(10).trimmed();
        view.setDetails({{u"Message"_s, text}});
        QString tip;
        for (const QLabel *label : view.findChildren<QLabel *>())
            tip += label->toolTip();
        QCOMPARE(QString(tip).replace(u'\n', u' '), text);
        for (const QString &line : tip.split(u'\n'))
            QVERIFY2(line.size() <= 80, qPrintable(line));
        QVERIFY(tip.contains(u'\n'));
    }
    void aTabHasTheNameOfItsFile()
    {
        Sample sample;
        QFile file(sample.folder.filePath(u"R&D.log"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("line\n"));
        file.close();
        QVERIFY(sample.window->openFile(file.fileName()));
        QCOMPARE(sample.window->tabs()->tabText(1), u"R&&D.log"_s); // "&&" is shown as one
    }
    void aViewHasItsName()
    {
        Sample sample;
        QVERIFY(sample.connectWindow());
        JobsPage *page = sample.window->jobsPage();
        page->filterLine()->setText(u"<b>web</b>"_s);
        QVERIFY(page->saveView(u"R&D"_s));
        QStringList names;
        for (const QAction *action : page->findChild<QMenu *>()->actions())
            names.append(action->text());
        QVERIFY(names.contains(u"R&&D"_s));
        for (QAction *action : page->findChild<QMenu *>()->actions()) {
            if (action->text().contains(u"Save view"_s))
                action->trigger();
        }
        const auto *dialog = page->findChild<QInputDialog *>();
        QVERIFY(dialog);
        QCOMPARE(dialog->findChild<QLabel *>()->textFormat(), Qt::PlainText);
    }
    void aQuestionAboutAPageIsNoMarkup()
    {
        BlueprintSample sample;
        auto *page = sample.open<AllowlistPage>(u"allowlist"_s);
        QVERIFY(page);
        page->editor()->addEntries({u"mine.example.org"_s});
        sample.window->tabs()->requestClose(sample.window->tabs()->currentIndex());
        const auto *box = sample.window->tabs()->findChild<QMessageBox *>();
        QVERIFY(box);
        QCOMPARE(box->textFormat(), Qt::PlainText);
    }
    void aConflictShowsBothSides()
    {
        BlueprintSample sample;
        auto *page = sample.open<AllowlistPage>(u"allowlist"_s);
        QVERIFY(page);
        const QByteArray description = "What every job may reach";
        sample.blueprint.move({{u"config.json"_s, QByteArray(sampleConfig).replace(description, "R&D")}});
        QVERIFY(sample.config().setValue(u"/metadata/description"_s, u"Q&A"_s, u"describe"_s));
        CommitDialog *dialog = page->bar()->openCommit();
        QVERIFY(dialog);
        dialog->message()->setPlainText(u"describe"_s);
        dialog->commitButton()->click();
        QTRY_COMPARE(sample.session->blueprint().commitRun().state(), CommitRun::State::MergeNeeded);
        QStringList sides;
        for (const QRadioButton *side : dialog->mergeView()->findChildren<QRadioButton *>())
            sides.append(side->text());
        QCOMPARE(sides, (QStringList{u"branch: \"R&&D\""_s, u"yours: \"Q&&A\""_s}));
    }
};

QTEST_MAIN(TestForeignText)
#include "tst_foreigntext.moc"
