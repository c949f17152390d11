// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/rowstab.h"

#include "console/app/columnfit.h"
#include "console/app/delegates.h"
#include "console/app/plainlabel.h"
#include "console/app/tablelook.h"
#include "console/models/rowsmodel.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

namespace danube::console {

namespace {

constexpr int widestColumn = 360;

} // namespace

class RowsTab::LevelDelegate : public ColorDelegate
{
public:
    using ColorDelegate::ColorDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const auto level = index.data(RowsModel::LevelRole).value<RowsModel::Level>();
        if (level != RowsModel::Level::Plain && index.column() == 0)
            option->palette.setColor(QPalette::Text,
                                     level == RowsModel::Level::Problem ? m_colors->failure : m_colors->warning);
    }
};

RowsTab::RowsTab(RowsModel &rows, const QString &name, int wide, QWidget *parent)
    : QWidget(parent),
      m_rows(rows),
      m_wide(wide),
      m_table(new QTableView(this)),
      m_note(emptyNote(*m_table)),
      m_delegate(new LevelDelegate(this))
{
    m_table->setModel(&rows);
    m_table->setItemDelegate(m_delegate);
    dressTable(*m_table, name, {{wide, ""}});
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_table);
    setFocusProxy(m_table);
    auto *copyRows = new QAction(tr("Copy"), m_table);
    copyRows->setShortcut(QKeySequence::Copy);
    copyRows->setShortcutContext(Qt::WidgetShortcut);
    m_table->addAction(copyRows);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(copyRows, &QAction::triggered, this, &RowsTab::copy);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&rows, signal, this, &RowsTab::showState);
    showState();
}

void RowsTab::setNote(const QString &note)
{
    m_note->setText(note);
    showState();
}

QString RowsTab::note() const
{
    return m_note->text();
}

// Columns are as wide as their first rows need; later rows do not move them.
void RowsTab::showState()
{
    const bool none = m_rows.rowCount() == 0;
    m_note->setVisible(none);
    m_table->horizontalHeader()->setVisible(!none);
    m_table->setHorizontalScrollBarPolicy(none ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    if (none || m_table->property("sized").toBool())
        return;
    m_table->setProperty("sized", true);
    for (int column = 0; column < m_rows.columnCount(); ++column) {
        if (column == m_wide)
            continue;
        m_table->resizeColumnToContents(column);
        m_table->setColumnWidth(column, std::min(widestColumn, m_table->columnWidth(column) + 16));
    }
    ColumnFit::of(*m_table)->adopt();
}

void RowsTab::setColors(const ThemeColors &colors)
{
    m_delegate->setColors(colors);
    setTextColor(*m_note, colors.muted);
    m_table->viewport()->update();
}

void RowsTab::copy()
{
    QStringList lines;
    QModelIndexList rows = m_table->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    for (const QModelIndex &row : std::as_const(rows))
        lines.append(m_rows.rows()[row.row()].cells.join(u'\t'));
    if (!lines.isEmpty())
        QGuiApplication::clipboard()->setText(lines.join(u'\n'));
}

} // namespace danube::console
