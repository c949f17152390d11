// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QTableView;
class QWidget;

namespace danube::console {

/// What the keyboard sorts on a page: the table that has it, else the first that is shown. Null = none can be sorted.
QTableView *sortableTable(const QWidget &page);

/// By the column that stands `step` columns further in reading order, round the ends; upwards at first.
void sortByNeighbour(QTableView &table, int step);
void reverseSorting(QTableView &table);
/// "Sorted by Branch, upwards", for the status bar and screen readers.
QString sortingText(const QTableView &table);

} // namespace danube::console
