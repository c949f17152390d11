// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/style.h"

#include <QStringList>

namespace danube::cli {

enum class Align { Left, Right };

struct Column
{
    QString title;
    Align align = Align::Left;
    bool isFlexible = false; ///< gives way first when the terminal is narrow; at least 8 columns stay
};

struct Cell
{
    QString text;
    Colour colour = Colour::Plain;
};

/// Rows in columns: two blanks between, last column not padded, never wider than the terminal.
class Table
{
public:
    explicit Table(QList<Column> columns) : m_columns(std::move(columns)) {}
    void add(QList<Cell> row) { m_rows.append(std::move(row)); }
    bool isEmpty() const { return m_rows.isEmpty(); }
    QString render(const Style &style) const; ///< header and rows, each line with its newline

private:
    QList<int> widths(const Style &style) const;
    QString line(const QList<Cell> &cells, const QList<int> &widths, const Style &style) const;

    QList<Column> m_columns;
    QList<QList<Cell>> m_rows;
};

} // namespace danube::cli
