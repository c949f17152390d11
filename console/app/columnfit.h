// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>
#include <QTimer>

class QTableView;

namespace danube::console {

/// Keeps the columns of a table in sight when it gets narrow: then they shrink from the widths they had when this was
/// made (or adopt() was called) towards what the rows in sight and the headings need, those with the most to spare by
/// the most. Fits when the table's width, its columns in sight, or its rows as a whole change, never because a row
/// does: columns stand still while their contents live. A border that somebody moves ends it.
class ColumnFit : public QObject
{
    Q_OBJECT
public:
    /// The table's own child; its model is set.
    explicit ColumnFit(QTableView &table);
    static ColumnFit *of(const QTableView &table);

    /// From now on the present widths are those that it shrinks from, as at the beginning.
    void adopt();
    bool isByHand() const { return m_byHand; }
    void setByHand(bool byHand) { m_byHand = byHand; }
    void fit(); ///< now, not when the events that are waiting have been handled

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    int neededBy(int column) const; ///< pixels
    void noteResize(int oldSize, int newSize);

    QTableView &m_table;
    QList<int> m_wanted; ///< pixels, by logical column; 0 = takes what is left
    QTimer m_soon;
    bool m_fitting = false;
    bool m_byHand = false;
};

} // namespace danube::console
