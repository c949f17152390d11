// SPDX-License-Identifier: GPL-3.0-or-later
// What the keyboard and a screen reader find.
#include "console/app/actionregistry.h"
#include "tests/gui/walk/looks.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QComboBox>
#include <QLineEdit>
#include <QScrollBar>
#include <QTabBar>
#include <QToolButton>

#include <cstdio>

using namespace danube::console;
using namespace Qt::StringLiterals;

namespace danube::tests {

namespace {

/// Part of a control that speaks and takes keys for it.
bool isPartOfControl(const QWidget &widget)
{
    const QWidget *parent = widget.parentWidget();
    return qobject_cast<const QAbstractSpinBox *>(parent) || qobject_cast<const QLineEdit *>(parent) ||
           qobject_cast<const QComboBox *>(parent) || qobject_cast<const QScrollBar *>(parent) ||
           qobject_cast<const QTabBar *>(parent);
}

bool isShownIn(const QWidget &widget, const QWidget &window)
{
    return widget.isVisible() && widget.window() == &window;
}

} // namespace

bool report(QStringList findings)
{
    findings.removeDuplicates();
    for (const QString &finding : std::as_const(findings))
        std::fputs(qPrintable(u"finding: "_s + finding + u'\n'), stdout);
    std::fflush(stdout);
    return findings.isEmpty();
}

QString describe(const QWidget &widget)
{
    QStringList parts;
    const auto *button = qobject_cast<const QAbstractButton *>(&widget);
    const QString text = button ? button->text() : widget.property("text").toString();
    parts.append(QString::fromLatin1(widget.metaObject()->className()).section(u"::"_s, -1));
    if (!widget.objectName().isEmpty())
        parts.append(u"'%1'"_s.arg(widget.objectName()));
    if (!text.isEmpty())
        parts.append(u"\"%1\""_s.arg(text.left(60)));
    for (const QWidget *parent = widget.parentWidget(); parent; parent = parent->parentWidget()) {
        const QString name = QString::fromLatin1(parent->metaObject()->className());
        if (name.startsWith("danube"_L1)) {
            parts.append(u"in "_s + name.section(u"::"_s, -1));
            break;
        }
    }
    return parts.join(u' ');
}

namespace {

/// Of exclusive buttons Tab stops at the checked one; arrow keys lead to the others.
bool isReachedByArrows(const QWidget &widget)
{
    const auto *button = qobject_cast<const QAbstractButton *>(&widget);
    return button && (button->autoExclusive() || button->group()) && !button->isChecked();
}

} // namespace

QList<QWidget *> tabStops(const QWidget &window)
{
    QList<QWidget *> stops;
    for (QWidget *widget : window.findChildren<QWidget *>()) {
        if (isShownIn(*widget, window) && widget->isEnabled() && !widget->focusProxy() &&
            (widget->focusPolicy() & Qt::TabFocus) == Qt::TabFocus && !isPartOfControl(*widget) &&
            !isReachedByArrows(*widget))
            stops.append(widget);
    }
    return stops;
}

QStringList nameless(const QWidget &shown)
{
    QStringList findings;
    for (QWidget *widget : shown.findChildren<QWidget *>()) {
        if (!isShownIn(*widget, shown) || widget->focusPolicy() == Qt::NoFocus || widget->focusProxy() ||
            isPartOfControl(*widget))
            continue;
        QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(widget);
        if (!accessible || accessible->text(QAccessible::Name).trimmed().isEmpty())
            findings.append(describe(*widget));
    }
    return findings;
}

QStringList mouseOnly(const QWidget &shown, const ActionRegistry &actions)
{
    QStringList findings;
    for (const QAbstractButton *button : shown.findChildren<QAbstractButton *>()) {
        if (!isShownIn(*button, shown) || !button->isEnabled() || isPartOfControl(*button))
            continue;
        if ((button->focusPolicy() & Qt::TabFocus) == Qt::TabFocus || button->group() || button->autoExclusive())
            continue;
        const auto *tool = qobject_cast<const QToolButton *>(button);
        const bool isInMenu = tool && tool->defaultAction() && actions.all().contains(tool->defaultAction());
        const bool isOfDock = button->objectName().startsWith("qt_dockwidget_"_L1); // the View menu shows and hides
        if (!isInMenu && !isOfDock)
            findings.append(describe(*button));
    }
    return findings;
}

} // namespace danube::tests
