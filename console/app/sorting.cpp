// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/sorting.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QTableView>

namespace danube::console {

namespace {

QString say(const char *text)
{
    return QCoreApplication::translate("Sorting", text);
}

QString headingOf(const QTableView &table, int column)
{
    return table.model()->headerData(column, Qt::Horizontal).toString();
}

void sortBy(QTableView &table, int column, Qt::SortOrder order)
{
    table.sortByColumn(column, order);
    table.scrollTo(table.currentIndex().siblingAtColumn(column)); // the heading that says so comes into sight
}

} // namespace

QTableView *sortableTable(const QWidget &page)
{
    QTableView *first = nullptr;
    for (QTableView *table : page.findChildren<QTableView *>()) {
        if (!table->isVisible() || !table->isSortingEnabled())
            continue;
        if (table->hasFocus())
            return table;
        if (!first)
            first = table;
    }
    return first;
}

void sortByNeighbour(QTableView &table, int step)
{
    const QHeaderView &header = *table.horizontalHeader();
    int place = std::max(0, header.visualIndex(header.sortIndicatorSection()));
    for (int tried = 0; tried < header.count(); ++tried) {
        place = (place + step + header.count()) % header.count();
        const int column = header.logicalIndex(place);
        if (!header.isSectionHidden(column) && !headingOf(table, column).isEmpty())
            return sortBy(table, column, Qt::AscendingOrder);
    }
}

void reverseSorting(QTableView &table)
{
    const QHeaderView &header = *table.horizontalHeader();
    sortBy(table, header.sortIndicatorSection(),
           header.sortIndicatorOrder() == Qt::AscendingOrder ? Qt::DescendingOrder : Qt::AscendingOrder);
}

QString sortingText(const QTableView &table)
{
    const QHeaderView &header = *table.horizontalHeader();
    const bool isUpwards = header.sortIndicatorOrder() == Qt::AscendingOrder;
    return (isUpwards ? say(QT_TRANSLATE_NOOP("Sorting", "Sorted by %1, upwards"))
                      : say(QT_TRANSLATE_NOOP("Sorting", "Sorted by %1, downwards")))
        .arg(headingOf(table, header.sortIndicatorSection()));
}

} // namespace danube::console
