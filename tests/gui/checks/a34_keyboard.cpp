// SPDX-License-Identifier: GPL-3.0-or-later
// A34: from every page, Tab and Shift+Tab reach every control and get out of each; F6 and Shift+F6 every part of the
// window; one sees where the keyboard is.
#include "console/app/pagehost.h"
#include "console/app/profilebar.h"
#include "tests/gui/walk/looks.h"
#include "tests/gui/walk/walksample.h"

#include <QApplication>
#include <QDockWidget>
#include <QToolBar>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int mostStops = 400; // of a page; more Tabs than that go round for ever
constexpr int fewestPixels = 12;
constexpr int seen = 24; // difference of a colour's part that an eye notices

QImage pictureOf(QWidget &window, const QWidget &control)
{
    const QRect around = QRect(control.mapTo(&window, QPoint()), control.size()).adjusted(-3, -3, 3, 3);
    return window.grab(around & window.rect()).toImage();
}

int differing(const QImage &one, const QImage &other)
{
    if (one.size() != other.size())
        return one.width() * one.height();
    int count = 0;
    for (int y = 0; y < one.height(); ++y) {
        for (int x = 0; x < one.width(); ++x) {
            const QRgb a = one.pixel(x, y);
            const QRgb b = other.pixel(x, y);
            count += std::abs(qRed(a) - qRed(b)) > seen || std::abs(qGreen(a) - qGreen(b)) > seen ||
                     std::abs(qBlue(a) - qBlue(b)) > seen;
        }
    }
    return count;
}

} // namespace

class A34 : public QObject
{
    Q_OBJECT
    QStringList m_findings;
    QSet<QWidget *> m_looked; ///< whether one sees it has the keyboard was looked at

    void find(const QString &place, const QString &what) { m_findings.append(u"%1: %2"_s.arg(place, what)); }

    /// Presses Tab until the keyboard is where it was first; what had it meanwhile.
    QSet<QWidget *> goRound(const QString &place, QWidget &window, Qt::KeyboardModifiers modifiers)
    {
        QSet<QWidget *> reached;
        QWidget *const first = QApplication::focusWidget();
        for (int pressed = 0; pressed < mostStops; ++pressed) {
            QWidget *at = QApplication::focusWidget();
            if (!at) {
                find(place, u"the keyboard is nowhere"_s);
                return reached;
            }
            // The mark of what has the keyboard comes with the first key.
            const bool looks =
                at->window() == &window && window.testAttribute(Qt::WA_KeyboardFocusChange) && !m_looked.contains(at);
            const QImage with = looks ? pictureOf(window, *at) : QImage();
            QTest::keyClick(at, modifiers ? Qt::Key_Backtab : Qt::Key_Tab, modifiers);
            QWidget *now = QApplication::focusWidget();
            if (now == at) {
                find(place, u"%1 keeps %2"_s.arg(danube::tests::describe(*at), modifiers ? u"Shift+Tab"_s : u"Tab"_s));
                return reached;
            }
            if (looks) {
                m_looked.insert(at);
                QApplication::processEvents();
                if (differing(with, pictureOf(window, *at)) < fewestPixels)
                    find(place, u"%1 does not show the focus"_s.arg(danube::tests::describe(*at)));
            }
            reached.insert(now);
            if (now == first || reached.size() > mostStops)
                return reached;
        }
        find(place, u"Tab does not come round"_s);
        return reached;
    }

    void tabThrough(const QString &place, QWidget &window)
    {
        for (const auto modifiers : {Qt::KeyboardModifiers(Qt::NoModifier), Qt::KeyboardModifiers(Qt::ShiftModifier)}) {
            const QList<QWidget *> wanted = tabStops(window);
            const QSet<QWidget *> reached = goRound(place, window, modifiers);
            for (QWidget *stop : wanted) {
                if (!reached.contains(stop))
                    find(place, u"%1 is not reached by %2"_s.arg(danube::tests::describe(*stop),
                                                                 modifiers ? u"Shift+Tab"_s : u"Tab"_s));
            }
        }
    }

    /// The parts of the window that are shown now.
    static QList<QWidget *> panesOf(MainWindow &window)
    {
        QList<QWidget *> panes{window.tabs(), window.findChild<QToolBar *>(u"toolbar"_s)};
        if (window.profileBar()->isVisible())
            panes.append(window.profileBar());
        for (QDockWidget *dock : window.findChildren<QDockWidget *>()) {
            if (dock->isVisible())
                panes.append(dock);
        }
        return panes;
    }

    void throughPanes(const QString &place, MainWindow &window, Qt::KeyboardModifiers modifiers)
    {
        const QList<QWidget *> panes = panesOf(window);
        QWidget *const first = QApplication::focusWidget();
        QSet<QWidget *> reached;
        for (qsizetype pressed = 0; pressed < panes.size(); ++pressed) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_F6, modifiers);
            for (QWidget *pane : panes) {
                if (pane->isAncestorOf(QApplication::focusWidget()))
                    reached.insert(pane);
            }
        }
        for (QWidget *pane : panes) {
            if (!reached.contains(pane))
                find(place, u"F6 does not reach %1"_s.arg(danube::tests::describe(*pane)));
        }
        if (QApplication::focusWidget() != first)
            find(place, u"F6 does not come back to where it began"_s);
    }

private slots:
    void initTestCase() { QApplication::setCursorFlashTime(0); }

    void everyPageAndDialogByKeys()
    {
        WalkSample sample;
        sample.window->resize(1024, 700);
        sample.connectAll();
        sample.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(sample.window.get()));
        Walk walk(sample.scene());
        walk.pages([&](const QString &name, QWidget &shown) {
            if (!QApplication::focusWidget())
                sample.window->tabs()->current()->setFocus();
            for (const QString &finding : mouseOnly(shown, sample.window->actions()))
                find(name, finding + u" takes only the mouse"_s);
            if (name == "palette"_L1)
                return; // takes all keys until Escape
            tabThrough(name, shown);
            sample.window->tabs()->current()->setFocus();
            throughPanes(name, *sample.window, Qt::NoModifier);
            throughPanes(name, *sample.window, Qt::ShiftModifier);
        });
        walk.dialogs([&](const QString &name, QWidget &shown) {
            shown.activateWindow();
            if (!QTest::qWaitForWindowActive(&shown))
                return find(name, u"is not active"_s);
            for (const QString &finding : mouseOnly(shown, sample.window->actions()))
                find(name, finding + u" takes only the mouse"_s);
            if (tabStops(shown).size() > 1)
                tabThrough(name, shown);
        });
        QVERIFY2(walk.problems().isEmpty(), qPrintable(walk.problems().join(u'\n')));
        QVERIFY(m_looked.size() > 60);
        QVERIFY(report(m_findings));
    }
};

QTEST_MAIN(A34)
#include "a34_keyboard.moc"
