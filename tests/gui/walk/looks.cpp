// SPDX-License-Identifier: GPL-3.0-or-later
// What fits and what does not.
#include "tests/gui/walk/looks.h"

#include "console/app/profilebar.h"
#include "console/controllers/mastersession.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QCheckBox>
#include <QComboBox>
#include <QDockWidget>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStyleOption>
#include <QTabBar>
#include <QToolButton>
#include <QTreeView>

using namespace danube::console;
using namespace Qt::StringLiterals;

namespace danube::tests {

namespace {

QString tooSmall(const QWidget &widget, QSize needed)
{
    if (widget.width() >= needed.width() && widget.height() >= needed.height())
        return {};
    return u"%1: %2x%3, needs %4x%5"_s.arg(describe(widget))
        .arg(widget.width())
        .arg(widget.height())
        .arg(needed.width())
        .arg(needed.height());
}

QString tooNarrow(const QWidget &widget, const QString &what, int width, int needed)
{
    return width >= needed ? QString()
                           : u"%1: \"%2\" has %3, needs %4"_s.arg(describe(widget), what).arg(width).arg(needed);
}

QString ofLabel(const QLabel &label)
{
    if (label.text().isEmpty())
        return {};
    if (!label.wordWrap())
        return tooSmall(label, label.sizeHint());
    return tooSmall(label, {label.minimumSizeHint().width(), label.heightForWidth(label.width())});
}

QString ofCombo(const QComboBox &combo)
{
    QStyleOptionComboBox option;
    option.initFrom(&combo);
    option.editable = combo.isEditable();
    option.frame = combo.hasFrame();
    const QRect field =
        combo.style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, &combo);
    return tooNarrow(combo, combo.currentText(), field.width(),
                     combo.fontMetrics().horizontalAdvance(combo.currentText()));
}

QString ofLine(const QLineEdit &line)
{
    if (!line.text().isEmpty() || line.placeholderText().isEmpty())
        return {};
    QStyleOptionFrame option;
    option.initFrom(&line);
    option.lineWidth = line.style()->pixelMetric(QStyle::PM_DefaultFrameWidth, &option, &line);
    const QRect inside = line.style()->subElementRect(QStyle::SE_LineEditContents, &option, &line);
    return tooNarrow(line, line.placeholderText(), inside.width() - 4,
                     line.fontMetrics().horizontalAdvance(line.placeholderText()));
}

QStringList ofHeader(const QHeaderView &header)
{
    QStringList findings;
    const int margin = 2 * header.style()->pixelMetric(QStyle::PM_HeaderMargin, nullptr, &header);
    const int mark = header.style()->pixelMetric(QStyle::PM_HeaderMarkSize, nullptr, &header);
    for (int section = 0; header.orientation() == Qt::Horizontal && section < header.count(); ++section) {
        if (header.isSectionHidden(section))
            continue;
        const QString text = header.model()->headerData(section, Qt::Horizontal).toString();
        const bool sorted = header.isSortIndicatorShown() && header.sortIndicatorSection() == section;
        findings.append(tooNarrow(header, text, header.sectionSize(section),
                                  header.fontMetrics().horizontalAdvance(text) + margin + (sorted ? mark + 2 : 0)));
    }
    return findings;
}

QStringList ofTabs(const QTabBar &bar)
{
    QStringList findings;
    for (int tab = 0; tab < bar.count(); ++tab) {
        const QString text = bar.tabText(tab).remove(u'&');
        int others = bar.tabIcon(tab).isNull() ? 0 : bar.iconSize().width() + 4;
        for (const auto side : {QTabBar::LeftSide, QTabBar::RightSide})
            others += bar.tabButton(tab, side) ? bar.tabButton(tab, side)->width() : 0;
        findings.append(
            tooNarrow(bar, text, bar.tabRect(tab).width(), bar.fontMetrics().horizontalAdvance(text) + others));
    }
    return findings;
}

// Lists that the console itself wrote; tables hold what others named, and shorten it.
QStringList ofItems(const QAbstractItemView &view)
{
    QStringList findings;
    if (!qobject_cast<const QTreeView *>(&view) && view.objectName() != "sections"_L1)
        return findings;
    for (QModelIndex index = view.indexAt({2, 2}); index.isValid();) {
        const QRect rect = view.visualRect(index);
        if (rect.top() > view.viewport()->height())
            break;
        findings.append(tooNarrow(view, index.data().toString(),
                                  std::min(rect.right(), view.viewport()->width()) - rect.left() + 1,
                                  view.sizeHintForIndex(index).width()));
        const auto *tree = qobject_cast<const QTreeView *>(&view);
        index = tree ? tree->indexBelow(index) : index.siblingAtRow(index.row() + 1);
    }
    return findings;
}

QStringList ofWidget(const QWidget &widget)
{
    if (const auto *label = qobject_cast<const QLabel *>(&widget))
        return {ofLabel(*label)};
    if (const auto *combo = qobject_cast<const QComboBox *>(&widget))
        return {ofCombo(*combo)};
    if (const auto *line = qobject_cast<const QLineEdit *>(&widget))
        return {ofLine(*line)};
    if (const auto *header = qobject_cast<const QHeaderView *>(&widget))
        return ofHeader(*header);
    if (const auto *tabs = qobject_cast<const QTabBar *>(&widget))
        return ofTabs(*tabs);
    if (const auto *view = qobject_cast<const QAbstractItemView *>(&widget))
        return ofItems(*view);
    if (const auto *group = qobject_cast<const QGroupBox *>(&widget))
        return {
            tooNarrow(*group, group->title(), group->width(), group->fontMetrics().horizontalAdvance(group->title()))};
    if (const auto *dock = qobject_cast<const QDockWidget *>(&widget))
        return {tooNarrow(*dock, dock->windowTitle(), dock->width(),
                          dock->fontMetrics().horizontalAdvance(dock->windowTitle()))};
    if (qobject_cast<const QPushButton *>(&widget) || qobject_cast<const ProfileChip *>(&widget) ||
        qobject_cast<const QAbstractSpinBox *>(&widget))
        return {tooSmall(widget, widget.minimumSizeHint())};
    const auto *button = qobject_cast<const QAbstractButton *>(&widget);
    if (button && !button->text().isEmpty())
        return {tooSmall(widget, widget.sizeHint())};
    return {};
}

/// What lies in a viewport may reach out of it where a scroll bar leads to the rest.
bool isScrolled(const QWidget &content, const QRect &rect)
{
    const QWidget *viewport = content.parentWidget();
    const auto *area = qobject_cast<const QAbstractScrollArea *>(viewport->parentWidget());
    if (!area || area->viewport() != viewport)
        return false;
    const bool fitsAcross = rect.left() >= 0 && rect.right() <= viewport->width();
    const bool fitsDown = rect.top() >= 0 && rect.bottom() <= viewport->height();
    return (fitsAcross || area->horizontalScrollBarPolicy() != Qt::ScrollBarAlwaysOff) &&
           (fitsDown || area->verticalScrollBarPolicy() != Qt::ScrollBarAlwaysOff);
}

// Nothing may reach out of what it lies in, where no scroll bar leads to it.
QString reachesOut(const QWidget &widget, const QWidget &shown)
{
    QRect rect = widget.rect();
    const QWidget *at = &widget;
    while (at != &shown) {
        const QWidget *parent = at->parentWidget();
        rect.translate(at->pos());
        if (isScrolled(*at, rect) || qobject_cast<const QTabBar *>(parent))
            return {};
        if (parent->isRightToLeft() && qobject_cast<const QSplitter *>(parent) && rect.right() == parent->width())
            rect.setRight(parent->width() - 1); // QSplitter lays out from right to left one pixel too far right
        if (!parent->rect().contains(rect))
            return u"%1 reaches out of %2"_s.arg(describe(widget), describe(*parent));
        at = parent;
    }
    return {};
}

} // namespace

QStringList clipped(const QWidget &shown)
{
    QStringList findings;
    for (const QWidget *widget : shown.findChildren<QWidget *>()) {
        if (!widget->isVisible() || widget->window() != &shown)
            continue;
        const QStringList own = ofWidget(*widget);
        findings += own;
        if (!own.isEmpty())
            findings.append(reachesOut(*widget, shown));
    }
    findings.removeAll(QString());
    return findings;
}

} // namespace danube::tests
