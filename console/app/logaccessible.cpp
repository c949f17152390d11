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
    int cursorPosition() const override { return 0; }
    void setCursorPosition(int) override {}
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
    int64_t behind() const
    {
        const int64_t count = view()->document() ? view()->document()->lineCount() : 0;
        return std::min(count, first() + view()->visibleLines());
    }
    QString visibleText() const
    {
        QStringList lines;
        for (int64_t line = first(); line < behind(); ++line)
            lines.append(view()->textOf(line));
        return lines.join(u'\n');
    }
    int offsetOf(LogPlace place) const
    {
        if (place.line < first())
            return 0;
        int offset = 0;
        for (int64_t line = first(); line < std::min(place.line, behind()); ++line)
            offset += int(view()->textOf(line).size()) + 1;
        return std::min(place.line < behind() ? offset + int(place.index) : offset, characterCount());
    }
    LogPlace placeOf(int offset) const
    {
        for (int64_t line = first(); line < behind(); ++line) {
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

void installLogAccessibility()
{
    static const bool installed = [] {
        QAccessible::installFactory(makeInterface);
        return true;
    }();
    (void)installed;
}

} // namespace danube::console
