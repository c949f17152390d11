// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/logaccessible.h"

#include "console/app/logview.h"

#include <QAccessible>
#include <QAccessibleWidget>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

// Text offsets count within the visible lines, joined by newlines: a whole log would be too long for any reader.
class LogAccessible : public QAccessibleWidget, public QAccessibleTextInterface
{
public:
    explicit LogAccessible(LogView *view) : QAccessibleWidget(view, QAccessible::Terminal) {}

    void *interface_cast(QAccessible::InterfaceType type) override
    {
        if (type == QAccessible::TextInterface)
            return static_cast<QAccessibleTextInterface *>(this);
        return QAccessibleWidget::interface_cast(type);
    }
    QAccessible::State state() const override
    {
        QAccessible::State state = QAccessibleWidget::state();
        state.readOnly = true;
        state.multiLine = true;
        return state;
    }

    QString text(int begin, int end) const override
    {
        const QString all = visibleText();
        const int from = std::clamp(begin, 0, int(all.size()));
        return all.sliced(from, std::clamp(end, from, int(all.size())) - from);
    }
    using QAccessibleWidget::text;
    int characterCount() const override { return int(visibleText().size()); }
    int cursorPosition() const override { return offsetOf({std::max<int64_t>(view()->currentLine(), first()), 0}); }
    void setCursorPosition(int offset) override { view()->setCurrentLine(placeOf(offset).line); }
    int selectionCount() const override { return view()->hasSelection() ? 1 : 0; }
    void selection(int index, int *begin, int *end) const override
    {
        const bool any = index == 0 && view()->hasSelection();
        *begin = any ? offsetOf(view()->selectionBegin()) : 0;
        *end = any ? offsetOf(view()->selectionEnd()) : 0;
    }
    void addSelection(int begin, int end) override { view()->select(placeOf(begin), placeOf(end)); }
    void removeSelection(int) override { view()->select({}, {}); }
    void setSelection(int, int begin, int end) override { addSelection(begin, end); }
    QRect characterRect(int offset) const override
    {
        const QRect rect = view()->cellRect(placeOf(offset));
        return {view()->viewport()->mapToGlobal(rect.topLeft()), rect.size()};
    }
    int offsetAtPoint(const QPoint &point) const override
    {
        return offsetOf(view()->placeAt(view()->viewport()->mapFromGlobal(point)));
    }
    void scrollToSubstring(int begin, int) override { view()->showLine(placeOf(begin).line); }
    QString attributes(int, int *begin, int *end) const override
    {
        *begin = 0;
        *end = characterCount();
        return {};
    }

private:
    LogView *view() const { return static_cast<LogView *>(widget()); }
    int64_t first() const { return view()->firstLine(); }
    /// The lines on the screen, each once and as a whole.
    std::vector<int64_t> shownLines() const
    {
        std::vector<int64_t> lines;
        const auto &slices = view()->slices();
        for (size_t i = 0; i < std::min(slices.size(), size_t(view()->visibleLines())); ++i) {
            if (lines.empty() || lines.back() != slices[i].line)
                lines.push_back(slices[i].line);
        }
        return lines;
    }
    QString visibleText() const
    {
        QStringList texts;
        for (const int64_t line : shownLines())
            texts.append(view()->textOf(line));
        return texts.join(u'\n');
    }
    int offsetOf(LogPlace place) const
    {
        int offset = 0;
        for (const int64_t line : shownLines()) {
            const int size = int(view()->textOf(line).size());
            if (place.line <= line)
                return place.line < line ? offset : offset + std::min(int(place.index), size);
            offset += size + 1;
        }
        return characterCount();
    }
    LogPlace placeOf(int offset) const
    {
        for (const int64_t line : shownLines()) {
            const int size = int(view()->textOf(line).size());
            if (offset <= size)
                return {line, offset};
            offset -= size + 1;
        }
        return {first(), 0};
    }
};

QAccessibleInterface *makeInterface(const QString &, QObject *object)
{
    auto *view = qobject_cast<LogView *>(object);
    return view ? new LogAccessible(view) : nullptr;
}

} // namespace

void tellCursorMoved(LogView &view)
{
    if (!QAccessible::isActive() || !view.isLineVisible(view.currentLine()))
        return;
    QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(&view);
    if (!accessible || !accessible->textInterface())
        return;
    QAccessibleTextCursorEvent event(&view, accessible->textInterface()->cursorPosition());
    QAccessible::updateAccessibility(&event);
}

void installLogAccessibility()
{
    static const bool installed = [] {
        QAccessible::installFactory(makeInterface);
        return true;
    }();
    (void)installed;
}

} // namespace danube::console
