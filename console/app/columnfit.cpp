// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/columnfit.h"

#include <QGuiApplication>
#include <QHeaderView>
#include <QResizeEvent>
#include <QScopedValueRollback>
#include <QTableView>

#include <algorithm>
#include <cmath>

namespace danube::console {

namespace {

/// A column that takes what is left gives up the rest of a longer text.
constexpr int stretchedLetters = 32;

} // namespace

ColumnFit::ColumnFit(QTableView &table) : QObject(&table), m_table(table)
{
    QHeaderView &header = *table.horizontalHeader();
    header.setResizeContentsPrecision(0); // of the rows in sight only
    adopt();
    m_soon.setSingleShot(true);
    connect(&m_soon, &QTimer::timeout, this, &ColumnFit::fit);
    connect(&header, &QHeaderView::sectionResized, this,
            [this](int, int oldSize, int newSize) { noteResize(oldSize, newSize); });
    connect(&header, &QHeaderView::sectionHandleDoubleClicked, this, [this] { m_byHand = true; });
    const QAbstractItemModel &rows = *table.model();
    connect(&rows, &QAbstractItemModel::modelReset, &m_soon, qOverload<>(&QTimer::start));
    connect(&rows, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &parent, int first, int last) {
        if (m_table.model()->rowCount(parent) == last - first + 1)
            m_soon.start(); // the first ones
    });
    table.viewport()->installEventFilter(this);
}

void ColumnFit::adopt()
{
    const QHeaderView &header = *m_table.horizontalHeader();
    m_wanted.clear();
    for (int column = 0; column < header.count(); ++column) {
        const bool isLast = header.stretchLastSection() && header.visualIndex(column) == header.count() - 1;
        const bool takesTheRest = isLast || header.sectionResizeMode(column) == QHeaderView::Stretch;
        m_wanted += takesTheRest ? 0 : header.sectionSize(column);
    }
}

ColumnFit *ColumnFit::of(const QTableView &table)
{
    return table.findChild<ColumnFit *>(Qt::FindDirectChildrenOnly);
}

void ColumnFit::fit()
{
    m_soon.stop();
    QHeaderView &header = *m_table.horizontalHeader();
    if (m_byHand || m_wanted.size() != header.count())
        return;
    int missing = -m_table.viewport()->width();
    int spare = 0;
    QList<int> needed(header.count());
    for (int column = 0; column < header.count(); ++column) {
        if (header.isSectionHidden(column))
            continue;
        const int wanted = m_wanted[column];
        needed[column] = wanted == 0 ? neededBy(column) : std::min(wanted, neededBy(column));
        missing += std::max(wanted, needed[column]);
        spare += std::max(wanted - needed[column], 0);
    }
    const double share = spare == 0 ? 0 : std::clamp(double(missing) / spare, 0.0, 1.0);
    const QScopedValueRollback fitting(m_fitting, true);
    for (int column = 0; column < header.count(); ++column) {
        if (m_wanted[column] > 0 && !header.isSectionHidden(column))
            header.resizeSection(column,
                                 m_wanted[column] - int(std::ceil(share * (m_wanted[column] - needed[column]))));
    }
}

bool ColumnFit::eventFilter(QObject *watched, QEvent *event)
{
    // Other events come while the table is being destroyed and is a table no more.
    if (event->type() == QEvent::Resize && watched == m_table.viewport()) {
        const auto *resize = static_cast<QResizeEvent *>(event);
        if (resize->size().width() != resize->oldSize().width()) // a scroll bar below counts for nothing
            m_soon.start();
    }
    return QObject::eventFilter(watched, event);
}

int ColumnFit::neededBy(int column) const
{
    const QHeaderView &header = *m_table.horizontalHeader();
    int contents = static_cast<const QAbstractItemView &>(m_table).sizeHintForColumn(column) + 1; // and the grid's line
    if (m_wanted[column] == 0)
        contents = std::min(contents, m_table.fontMetrics().averageCharWidth() * stretchedLetters);
    return std::max({contents, header.sectionSizeHint(column), header.minimumSectionSize()});
}

void ColumnFit::noteResize(int oldSize, int newSize)
{
    if (m_fitting)
        return;
    if (oldSize == 0 || newSize == 0)
        m_soon.start(); // a column came or went
    else if (QGuiApplication::mouseButtons() & Qt::LeftButton)
        m_byHand = true;
}

} // namespace danube::console
