// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/tablelook.h"

#include "console/app/columnfit.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

namespace danube::console {

namespace {

// No column gets so narrow that its heading cannot be read.
void keepHeadings(QTableView &table)
{
    QHeaderView &header = *table.horizontalHeader();
    const int around = 2 * header.style()->pixelMetric(QStyle::PM_HeaderMargin, nullptr, &header) +
                       header.style()->pixelMetric(QStyle::PM_HeaderMarkSize, nullptr, &header) + 4;
    int stretched = 0;
    for (int column = 0; column < header.count(); ++column) {
        const QString heading = table.model()->headerData(column, Qt::Horizontal).toString();
        const int needed = header.fontMetrics().horizontalAdvance(heading) + around;
        if (header.sectionResizeMode(column) == QHeaderView::Stretch)
            stretched = std::max(stretched, needed);
        else
            table.setColumnWidth(column, std::max(table.columnWidth(column), needed));
    }
    header.setMinimumSectionSize(std::max(header.minimumSectionSize(), stretched));
}

} // namespace

void dressTable(QTableView &table, const QString &accessibleName, std::initializer_list<ColumnSample> widths)
{
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::ExtendedSelection);
    table.setShowGrid(false);
    table.setAlternatingRowColors(true);
    table.setWordWrap(false);
    table.setFrameShape(QFrame::NoFrame);
    table.setTabKeyNavigation(false);
    table.setAccessibleName(accessibleName);
    table.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.verticalHeader()->hide();
    table.verticalHeader()->setDefaultSectionSize(table.fontMetrics().height() + 10);
    table.horizontalHeader()->setHighlightSections(false);
    table.horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (const ColumnSample &width : widths) {
        if (*width.sample)
            table.setColumnWidth(width.column,
                                 table.fontMetrics().horizontalAdvance(QString::fromUtf8(width.sample)) + 24);
        else
            table.horizontalHeader()->setSectionResizeMode(width.column, QHeaderView::Stretch);
    }
    keepHeadings(table);
    new ColumnFit(table);
}

void selectTableRow(QTableView &table, int row)
{
    const QHeaderView &header = *table.horizontalHeader();
    int first = 0; // that is shown, so that the arrow keys go on from there
    while (first + 1 < header.count() && header.isSectionHidden(header.logicalIndex(first)))
        ++first;
    table.selectionModel()->setCurrentIndex(table.model()->index(row, header.logicalIndex(first), table.rootIndex()),
                                            QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

QLabel *emptyNote(QTableView &table)
{
    auto *note = new QLabel(table.viewport());
    note->setAlignment(Qt::AlignCenter);
    note->setTextFormat(Qt::PlainText);
    note->setWordWrap(true);
    auto *over = new QVBoxLayout(table.viewport());
    over->addWidget(note);
    return note;
}

} // namespace danube::console
