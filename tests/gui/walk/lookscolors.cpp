// SPDX-License-Identifier: GPL-3.0-or-later
// What is drawn, and whether it can be told from what is behind it.
#include "tests/gui/walk/looks.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabBar>
#include <QToolButton>

using namespace danube::console;
using namespace Qt::StringLiterals;

namespace danube::tests {

namespace {

constexpr double leastOfIcons = 3; // WCAG 2.2, 1.4.11
constexpr int fewestPixels = 10;

/// The colour that most of a rectangle has; the shades of a gradient count as one.
QColor mostOf(const QImage &picture, QRect rect)
{
    QHash<QRgb, int> shades;
    QHash<QRgb, int> colors;
    const auto shadeOf = [](QRgb color) { return color & 0xfff0f0f0; };
    rect &= picture.rect();
    for (int y = rect.top(); y <= rect.bottom(); ++y) {
        const auto *line = reinterpret_cast<const QRgb *>(picture.constScanLine(y));
        for (int x = rect.left(); x <= rect.right();) { // most pixels are like the one before
            const int from = x;
            while (++x <= rect.right() && line[x] == line[from]) {
            }
            shades[shadeOf(line[from])] += x - from;
            colors[line[from]] += x - from;
        }
    }
    QRgb most = 0;
    std::pair best{0, 0};
    for (const auto &[color, count] : colors.asKeyValueRange()) {
        const std::pair weight{shades.value(shadeOf(color)), count};
        if (weight > best) {
            most = color;
            best = weight;
        }
    }
    return QColor::fromRgb(most);
}

QRect inPicture(const QWidget &widget, QRect rect, const QWidget &shown, const QImage &picture)
{
    const double ratio = picture.devicePixelRatio();
    const QPoint place = widget.mapTo(&shown, rect.topLeft());
    return {QPoint(qRound(place.x() * ratio), qRound(place.y() * ratio)), rect.size() * ratio};
}

struct Drawn
{
    int pixels = 0;
    double contrast = 1; ///< of the best seen pixel
};

Drawn drawn(const QIcon &icon, QSize size, const QColor &behind)
{
    Drawn result;
    const QImage image = icon.pixmap(size, 2.0).toImage().convertToFormat(QImage::Format_ARGB32);
    QRgb judged = 0;
    for (int y = 0; y < image.height(); ++y) {
        const auto *line = reinterpret_cast<const QRgb *>(image.constScanLine(y));
        for (int x = 0; x < image.width(); ++x) {
            if (qAlpha(line[x]) < 128)
                continue;
            ++result.pixels;
            if (std::exchange(judged, line[x]) != line[x])
                result.contrast = std::max(result.contrast, contrast(QColor::fromRgb(line[x]), behind));
        }
    }
    return result;
}

QString ofIcon(const QString &what, const QIcon &icon, QSize size, const QColor &behind)
{
    const Drawn result = drawn(icon, size, behind);
    if (result.pixels < fewestPixels)
        return u"%1: its icon is not drawn"_s.arg(what);
    if (result.contrast < leastOfIcons)
        return u"%1: its icon has a contrast of %2"_s.arg(what).arg(result.contrast, 0, 'f', 2);
    return {};
}

QStringList ofButton(const QAbstractButton &button, const QColor &behind)
{
    const auto *tool = qobject_cast<const QToolButton *>(&button);
    const bool wantsIcon = tool && tool->toolButtonStyle() == Qt::ToolButtonTextBesideIcon;
    if (tool && tool->arrowType() != Qt::NoArrow)
        return {};
    if (button.icon().isNull()) {
        if (!tool && !qobject_cast<const QPushButton *>(&button))
            return {}; // check boxes; or it draws itself
        if (button.objectName().startsWith("qt_"_L1))
            return {}; // the style draws it
        return button.text().isEmpty() || wantsIcon ? QStringList{describe(button) + u": no icon"_s} : QStringList();
    }
    if (!button.isEnabled())
        return {};
    return {ofIcon(describe(button), button.icon(), button.iconSize(), behind)};
}

QStringList ofItems(const QAbstractItemView &view)
{
    QStringList findings;
    const QAbstractItemModel *model = view.model();
    const QColor behind = view.palette().color(QPalette::Base);
    for (int y = 2; model && y < view.viewport()->height(); y += 12) {
        const QModelIndex index = view.indexAt({4, y});
        const QVariant decoration = index.data(Qt::DecorationRole);
        if (index.isValid() && decoration.canConvert<QIcon>() && !view.selectionModel()->isSelected(index))
            findings.append(ofIcon(u"%1: \"%2\""_s.arg(describe(view), index.data().toString()),
                                   decoration.value<QIcon>(), {16, 16}, behind));
    }
    return findings;
}

} // namespace

QStringList emptyIcons(const QWidget &shown)
{
    QStringList findings;
    const QColor window = shown.palette().color(QPalette::Window);
    for (const QWidget *widget : shown.findChildren<QWidget *>()) {
        if (!widget->isVisible() || widget->window() != &shown)
            continue;
        if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
            findings += ofButton(*button, window);
        if (const auto *view = qobject_cast<const QAbstractItemView *>(widget))
            findings += ofItems(*view);
        const auto *tabs = qobject_cast<const QTabBar *>(widget);
        for (int tab = 0; tabs && tabs->tabsClosable() && tab < tabs->count(); ++tab)
            findings.append(
                ofIcon(u"tab \"%1\""_s.arg(tabs->tabText(tab)), tabs->tabIcon(tab), tabs->iconSize(), window));
    }
    findings.removeAll(QString());
    findings.removeDuplicates();
    return findings;
}

QStringList unreadable(const QWidget &shown, const QImage &grabbed, double least)
{
    const QImage picture = grabbed.convertToFormat(QImage::Format_RGB32);
    QStringList findings;
    const auto judge = [&](const QWidget &widget, const QString &what, const QColor &text, QRect rect) {
        const QColor behind = mostOf(picture, inPicture(widget, rect, shown, picture));
        if (contrast(text, behind) < least)
            findings.append(u"%1: \"%2\" is %3 on %4, %5"_s.arg(describe(widget), what, text.name(), behind.name())
                                .arg(contrast(text, behind), 0, 'f', 2));
    };
    for (const QWidget *widget : shown.findChildren<QWidget *>()) {
        if (!widget->isVisible() || widget->window() != &shown || !widget->isEnabled() ||
            widget->visibleRegion().isEmpty())
            continue;
        const QPalette &palette = widget->palette();
        if (const auto *label = qobject_cast<const QLabel *>(widget); label && !label->text().isEmpty())
            judge(*label, label->text().left(40), palette.color(label->foregroundRole()), label->rect());
        else if (const auto *button = qobject_cast<const QAbstractButton *>(widget);
                 button && !button->text().isEmpty())
            judge(*button, button->text(), palette.color(button->foregroundRole()), button->rect());
        else if (const auto *line = qobject_cast<const QLineEdit *>(widget))
            judge(*line, line->text().left(40),
                  palette.color(line->text().isEmpty() ? QPalette::PlaceholderText : QPalette::Text), line->rect());
        const auto *view = qobject_cast<const QAbstractItemView *>(widget);
        for (int y = 4; view && view->model() && y < view->viewport()->height(); y += 16) {
            const QModelIndex first = view->indexAt({4, y});
            for (int column = 0; first.isValid() && column < view->model()->columnCount(first.parent()); ++column) {
                const QModelIndex index = first.siblingAtColumn(column);
                const QVariant color = index.data(Qt::ForegroundRole);
                if (color.isValid() && !view->selectionModel()->isSelected(index))
                    judge(*view->viewport(), index.data().toString().left(40), color.value<QBrush>().color(),
                          view->visualRect(index) & view->viewport()->rect());
            }
        }
    }
    findings.removeDuplicates();
    return findings;
}

QStringList unreadable(const ThemeColors &colors, double least)
{
    QStringList findings;
    const auto judge = [&](const QString &what, const QColor &text, const QColor &behind) {
        if (!text.isValid() || !behind.isValid())
            findings.append(what + u": no colour"_s);
        else if (contrast(text, behind) < least)
            findings.append(
                u"%1: %2 on %3, %4"_s.arg(what, text.name(), behind.name()).arg(contrast(text, behind), 0, 'f', 2));
    };
    const QPalette &palette = colors.palette;
    for (const auto role : {QPalette::Window, QPalette::Base, QPalette::AlternateBase, QPalette::Button}) {
        const QColor behind = palette.color(role);
        const QString on = u" on role %1"_s.arg(int(role));
        for (const auto text :
             {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::PlaceholderText, QPalette::Link})
            judge(u"palette %1"_s.arg(int(text)) + on, palette.color(text), behind);
        judge(u"muted"_s + on, colors.muted, behind);
        judge(u"accent"_s + on, colors.accent, behind);
        judge(u"success"_s + on, colors.success, behind);
        judge(u"failure"_s + on, colors.failure, behind);
        judge(u"warning"_s + on, colors.warning, behind);
        judge(u"running"_s + on, colors.running, behind);
        judge(u"idle"_s + on, colors.idle, behind);
        judge(u"production"_s + on, colors.production, behind);
    }
    judge(u"selected"_s, palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight));
    judge(u"tooltip"_s, palette.color(QPalette::ToolTipText), palette.color(QPalette::ToolTipBase));
    judge(u"log"_s, colors.logText, colors.logBackground);
    judge(u"gutter"_s, colors.gutterText, colors.gutterBackground);
    judge(u"number of the current line"_s, colors.logText, colors.currentLine);
    for (const QColor &behind : {colors.gutterBackground, colors.currentLine}) {
        judge(u"E in the gutter"_s, colors.failure, behind);
        judge(u"W in the gutter"_s, colors.warning, behind);
    }
    judge(u"step in the gutter"_s, colors.accent, colors.gutterBackground);
    judge(u"selected log"_s, colors.logText, colors.selection);
    judge(u"match"_s, colors.matchText, colors.match);
    judge(u"current match"_s, colors.currentMatchText, colors.currentMatch);
    judge(u"Danube's own lines"_s, colors.system, colors.logBackground);
    for (uint32_t index = 0; index < 16; ++index) {
        for (const bool bold : {false, true}) {
            for (const bool faint : {false, true}) {
                for (const bool inverse : {false, true}) {
                    AnsiStyle style;
                    style.foreground = {AnsiColor::Kind::Indexed, index};
                    style.bold = bold;
                    style.faint = faint;
                    style.inverse = inverse;
                    const CellColors cell = cellColors(colors, style);
                    judge(u"SGR %1%2%3%4"_s.arg(index).arg(bold ? u" bold"_s : u""_s, faint ? u" faint"_s : u""_s,
                                                           inverse ? u" inverse"_s : u""_s),
                          cell.text, cell.background.isValid() ? cell.background : colors.logBackground);
                }
            }
        }
        judge(u"SGR %1 selected"_s.arg(index), selectedText(colors, colors.ansi[index]), colors.selection);
    }
    for (uint32_t index = 0; index < 256; ++index) {
        AnsiStyle style;
        style.background = {AnsiColor::Kind::Indexed, index};
        const CellColors cell = cellColors(colors, style);
        if (contrast(cell.text, cell.background) < 4.5) // black and white can do no better on greys in the middle
            judge(u"text on SGR background %1"_s.arg(index), cell.text, cell.background);
    }
    return findings;
}

} // namespace danube::tests
