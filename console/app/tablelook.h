// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <initializer_list>

class QLabel;
class QTableView;

namespace danube::console {

struct ColumnSample
{
    int column = 0;
    const char *sample = ""; ///< as wide as this text; empty = takes what is left
};
/// The look of every table of the console: rows without grid, whole rows selected, no tab trap, name for screen
/// readers, columns that shrink with it (ColumnFit) but never below their headings. Call after the model is set; widths
/// that are set later stay when the ColumnFit adopts them.
void dressTable(QTableView &table, const QString &accessibleName, std::initializer_list<ColumnSample> widths);

/// Makes `row` the current and only selected one. QTableView's selectRow() does nothing in a right-to-left interface.
void selectTableRow(QTableView &table, int row);

/// For a sentence in the middle of a table, while it has no rows: plain text, wrapped, the table's own.
QLabel *emptyNote(QTableView &table);

} // namespace danube::console
