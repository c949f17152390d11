// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/detailsview.h"

#include <QLabel>
#include <QScrollBar>
#include <QTest>
#include <QTextDocumentFragment>

using namespace danube::console;
using namespace Qt::StringLiterals;

class TestDetailsView : public QObject
{
    Q_OBJECT
    /// A heading, and rows that do not all fit; the duration is the last.
    static QList<Detail> details(const QString &duration)
    {
        QList<Detail> details{{u"Job"_s, {}}};
        for (int row = 1; row < 60; ++row)
            details.append({u"Label %1"_s.arg(row), u"text %1"_s.arg(row)});
        details.append({u"Duration"_s, duration});
        return details;
    }
    static QLabel *labelOf(const DetailsView &view, const QString &text)
    {
        for (QLabel *label : view.findChildren<QLabel *>()) {
            if (label->text() == text)
                return label;
        }
        return nullptr;
    }

private slots:
    void anotherDurationLeavesPlaceAndSelection()
    {
        DetailsView view;
        view.resize(300, 200);
        view.setDetails(details(u"1 s"_s));
        view.show();
        QTRY_VERIFY(view.verticalScrollBar()->maximum() > 100);
        view.verticalScrollBar()->setValue(100);
        QLabel *selected = labelOf(view, u"text 7"_s);
        QVERIFY(selected);
        selected->setSelection(0, 4);
        view.setDetails(details(u"2 s"_s));
        QTest::qWait(50); // what is posted is done
        QVERIFY(labelOf(view, u"2 s"_s) && !labelOf(view, u"1 s"_s));
        QCOMPARE(view.verticalScrollBar()->value(), 100);
        QCOMPARE(labelOf(view, u"text 7"_s), selected);
        QCOMPARE(selected->selectedText(), u"text"_s);
    }
    void otherRowsAreOtherLabels()
    {
        DetailsView view;
        view.setDetails({{u"Job"_s, {}}, {u"State"_s, u"Running"_s}});
        view.setDetails({{u"Artifact"_s, {}}, {u"Name"_s, u"web-shop.tar"_s}, {u"Size"_s, u"3 B"_s}});
        QVERIFY(labelOf(view, u"web-shop.tar"_s) && labelOf(view, u"3 B"_s));
        QVERIFY(!labelOf(view, u"Running"_s));
        view.setDetails({{u"Artifact"_s, {}}, {u"Name"_s, u"web-shop.tar"_s}, {u"Size"_s, {}}}); // now a heading
        QVERIFY(!labelOf(view, u"3 B"_s));
        view.setDetails({});
        QVERIFY(labelOf(view, u"Nothing is selected."_s));
    }
    void toolTipsSayTheText()
    {
        DetailsView view;
        const QString command = u"make && make test"_s;
        view.setDetails({{u"Command"_s, u"make"_s}});
        view.setDetails({{u"Command"_s, command}});
        const QString tip = labelOf(view, command)->toolTip();
        QCOMPARE(Qt::mightBeRichText(tip) ? QTextDocumentFragment::fromHtml(tip).toPlainText() : tip, command);
    }
};

QTEST_MAIN(TestDetailsView)
#include "tst_detailsview.moc"
