// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/activityview.h"

#include "console/app/delegates.h"
#include "console/app/icons.h"
#include "console/app/tablelook.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QScrollBar>
#include <QTableView>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

/// The level's word in its colour.
class LevelDelegate : public ColorDelegate
{
public:
    using ColorDelegate::ColorDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const auto level = ActivityLevel(index.data(ActivityModel::LevelRole).toInt());
        const QColor color = level == ActivityLevel::Problem   ? m_colors->failure
                             : level == ActivityLevel::Warning ? m_colors->warning
                                                               : m_colors->muted;
        option->palette.setColor(QPalette::Text, color);
    }
};

} // namespace

void ActivityView::Filter::setLowest(int level)
{
    m_lowest = level;
    invalidateRowsFilter();
}

bool ActivityView::Filter::filterAcceptsRow(int row, const QModelIndex &) const
{
    return sourceModel()->index(row, 0).data(ActivityModel::LevelRole).toInt() >= m_lowest;
}

ActivityView::ActivityView(ActivityModel &model, const ThemeColors &colors, QWidget *parent)
    : QWidget(parent),
      m_model(model),
      m_level(new QComboBox(this)),
      m_copy(new QToolButton(this)),
      m_clear(new QToolButton(this)),
      m_table(new QTableView(this))
{
    m_level->addItems({tr("Everything"), tr("Warnings and problems"), tr("Problems")});
    m_level->setAccessibleName(tr("What to show"));
    m_copy->setText(tr("Copy"));
    m_copy->setIcon(icon(u"copy"_s));
    m_copy->setToolTip(tr("Copy the selected rows, or all that are shown"));
    m_clear->setText(tr("Clear"));
    m_clear->setIcon(icon(u"close"_s));
    m_clear->setToolTip(tr("Empty the list; what still runs stays"));
    for (QToolButton *button : {m_copy, m_clear}) {
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::StrongFocus);
    }
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(8, 4, 8, 4);
    bar->addWidget(m_level);
    bar->addStretch();
    bar->addWidget(m_copy);
    bar->addWidget(m_clear);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(m_table, 1);
    setFocusProxy(m_table);
    buildTable();
    m_table->setItemDelegateForColumn(ActivityModel::LevelColumn, new LevelDelegate(this));
    setColors(colors);
    connect(m_level, &QComboBox::currentIndexChanged, this, [this](int level) { m_filter.setLowest(level); });
    connect(m_copy, &QToolButton::clicked, this, &ActivityView::copy);
    connect(m_clear, &QToolButton::clicked, this, [this] { m_model.clear(); });
}

void ActivityView::buildTable()
{
    m_filter.setSourceModel(&m_model);
    m_table->setModel(&m_filter);
    dressTable(*m_table, tr("Activity"),
               {{ActivityModel::TimeColumn, "23:59:59"},
                {ActivityModel::LevelColumn, "Warning M"},
                {ActivityModel::KindColumn, "Connection"},
                {ActivityModel::MasterColumn, "a-master-name"},
                {ActivityModel::TextColumn, ""}});
    m_table->setAlternatingRowColors(false);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    // The newest row stays in sight, unless somebody looks at an older one.
    const auto follow = [this] {
        const QScrollBar *bar = m_table->verticalScrollBar();
        if (bar->value() >= bar->maximum() - bar->singleStep())
            QMetaObject::invokeMethod(m_table, &QAbstractItemView::scrollToBottom, Qt::QueuedConnection);
    };
    connect(&m_filter, &QAbstractItemModel::rowsAboutToBeInserted, this, follow);
}

void ActivityView::setColors(const ThemeColors &colors)
{
    static_cast<LevelDelegate *>(m_table->itemDelegateForColumn(ActivityModel::LevelColumn))->setColors(colors);
    m_table->viewport()->update();
}

void ActivityView::copy()
{
    QList<int> rows;
    for (const QModelIndex &index : m_table->selectionModel()->selectedRows())
        rows.append(m_filter.mapToSource(index).row());
    for (int row = 0; rows.isEmpty() && row < m_filter.rowCount(); ++row)
        rows.append(m_filter.mapToSource(m_filter.index(row, 0)).row());
    std::sort(rows.begin(), rows.end());
    QStringList lines;
    for (const int row : std::as_const(rows))
        lines.append(m_model.toText(row));
    QApplication::clipboard()->setText(lines.join(u'\n'));
}

} // namespace danube::console
