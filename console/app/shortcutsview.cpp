// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/shortcutsview.h"

#include "console/app/tablelook.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>

namespace danube::console {

ShortcutsView::ShortcutsView(ActionRegistry &actions, QSettings &settings, QWidget *parent)
    : QWidget(parent),
      m_actions(actions),
      m_settings(settings),
      m_model(actions),
      m_table(new QTableView(this)),
      m_keys(new QKeySequenceEdit(this)),
      m_set(new QPushButton(tr("&Use these keys"), this)),
      m_none(new QPushButton(tr("&No keys"), this)),
      m_reset(new QPushButton(tr("&Default"), this)),
      m_problem(new QLabel(this))
{
    auto *search = new QLineEdit(this);
    search->setPlaceholderText(tr("Search actions and keys"));
    search->setAccessibleName(tr("Search actions and keys"));
    search->setClearButtonEnabled(true);
    m_filter.setSourceModel(&m_model);
    m_filter.setFilterKeyColumn(-1);
    m_filter.setFilterCaseSensitivity(Qt::CaseInsensitive);
    connect(search, &QLineEdit::textChanged, &m_filter, &QSortFilterProxyModel::setFilterFixedString);
    m_table->setModel(&m_filter);
    dressTable(*m_table, tr("Actions and their keys"),
               {{ShortcutsModel::ActionColumn, ""}, {ShortcutsModel::KeysColumn, "Ctrl+Shift+Z; Ctrl+Shift+Y"}});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setFrameShape(QFrame::StyledPanel);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_keys->setMaximumSequenceLength(1);
    m_keys->setAccessibleName(tr("Keys"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    auto *keys = new QHBoxLayout;
    auto *label = new QLabel(tr("Keys of the &selected action:"), this);
    label->setBuddy(m_keys);
    keys->addWidget(label);
    keys->addWidget(m_keys, 1);
    auto *buttons = new QHBoxLayout; // a row of their own: the preferences have little width left
    buttons->addStretch(1);
    for (QPushButton *button : {m_set, m_none, m_reset})
        buttons->addWidget(button);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(search);
    layout->addWidget(m_table, 1);
    layout->addLayout(keys);
    layout->addLayout(buttons);
    layout->addWidget(m_problem);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ShortcutsView::showSelected);
    connect(m_set, &QPushButton::clicked, this, [this] { change({m_keys->keySequence()}); });
    connect(m_none, &QPushButton::clicked, this, [this] { change({}); });
    connect(m_reset, &QPushButton::clicked, this, [this] {
        if (const QAction *action = selected())
            change(m_actions.defaultKeys(action));
    });
    showSelected();
}

QAction *ShortcutsView::selected() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : m_model.action(m_filter.mapToSource(rows.front()).row());
}

void ShortcutsView::showSelected()
{
    const QAction *action = selected();
    for (QWidget *widget : {static_cast<QWidget *>(m_keys), static_cast<QWidget *>(m_set),
                            static_cast<QWidget *>(m_none), static_cast<QWidget *>(m_reset)})
        widget->setEnabled(action);
    m_keys->setKeySequence(action ? action->shortcut() : QKeySequence());
    m_problem->clear();
}

void ShortcutsView::change(const QList<QKeySequence> &keys)
{
    QAction *action = selected();
    if (!action)
        return;
    const auto changed = m_actions.setKeys(*action, keys);
    showSelected();
    if (changed)
        m_actions.storeKeys(m_settings);
    else
        m_problem->setText(changed.error().message);
}

} // namespace danube::console
