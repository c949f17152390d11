// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/deniedpane.h"

#include "console/app/plainlabel.h"
#include "console/app/tablelook.h"
#include "console/app/wildcarddialog.h"
#include "console/models/rulewords.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace danube::console {

DeniedPane::DeniedPane(const Clock &clock, const ThemeColors &colors, QWidget *parent)
    : QWidget(parent),
      m_model(clock),
      m_table(new QTableView(this)),
      m_text(new QLabel(this)),
      m_addExact(new QPushButton(tr("Add e&xact"), this)),
      m_addWildcard(new QPushButton(tr("Add &wildcard…"), this))
{
    m_table->setModel(&m_model);
    dressTable(*m_table, tr("Refused places"),
               {{DeniedModel::HostColumn, "mirror.files.example.org"},
                {DeniedModel::PortColumn, "8443"},
                {DeniedModel::JobsColumn, "Jobs"},
                {DeniedModel::FlowsColumn, "10 000"},
                {DeniedModel::PipelinesColumn, "web, firmware"},
                {DeniedModel::LastColumn, "14:02:11"},
                {DeniedModel::StateColumn, "allowed by the edited list"}});
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_addExact);
    buttons->addWidget(m_addWildcard);
    buttons->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(m_text);
    layout->addWidget(m_table, 1);
    layout->addLayout(buttons);
    setFocusProxy(m_table);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &DeniedPane::updateButtons);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &DeniedPane::updateButtons);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &DeniedPane::updateButtons);
    connect(m_addExact, &QPushButton::clicked, this, &DeniedPane::addExact);
    connect(m_addWildcard, &QPushButton::clicked, this, &DeniedPane::askWildcard);
    showRefusals({}, {});
    setColors(colors);
    updateButtons();
}

void DeniedPane::showRefusals(const QList<EgressRefusal> &refusals, const QString &problem)
{
    m_model.setRefusals(refusals);
    m_text->setText(!problem.isEmpty() ? tr("What was refused is not known: %1").arg(problem)
                    : refusals.isEmpty()
                        ? tr("No job that this list holds for was refused anything in the last 30 days.")
                        : tr("Refused to jobs of the last 30 days: %n places", nullptr, m_model.rowCount()));
}

void DeniedPane::setLists(const egress::Allowlists &after, const egress::LintOptions &options)
{
    m_options = options;
    m_model.setLists(after, options);
}

QList<int> DeniedPane::selectedRows() const
{
    QList<int> rows;
    for (const QModelIndex &index : m_table->selectionModel()->selectedRows())
        rows.append(index.row());
    return rows;
}

void DeniedPane::updateButtons()
{
    const QList<int> rows = selectedRows();
    const bool anyExact = std::ranges::any_of(rows, [this](int row) { return !m_model.exactEntry(row).isEmpty(); });
    m_addExact->setEnabled(anyExact);
    m_addExact->setToolTip(anyExact         ? tr("Adds the narrowest entry that lets it through")
                           : rows.isEmpty() ? tr("Select what was refused")
                                            : inOwnWords(m_model.place(rows.first()).verdict.reason));
    const bool oneWildcard = rows.size() == 1 && !m_model.wildcards(rows.first()).isEmpty();
    m_addWildcard->setEnabled(oneWildcard);
    m_addWildcard->setToolTip(oneWildcard        ? tr("Shows what else it opens before it is added")
                              : rows.size() != 1 ? tr("Select one place")
                                                 : tr("No wildcard can be written for it"));
}

void DeniedPane::addExact()
{
    QStringList entries;
    for (const int row : selectedRows()) {
        const QString entry = m_model.exactEntry(row);
        if (!entry.isEmpty() && !entries.contains(entry))
            entries.append(entry);
    }
    emit entriesChosen(entries);
}

void DeniedPane::askWildcard()
{
    const int row = selectedRows().value(0, -1);
    if (row < 0)
        return;
    QList<WildcardChoice> choices;
    for (const QString &entry : m_model.wildcards(row))
        choices.append({entry, m_model.alsoOpened(entry, row)});
    auto *dialog = new WildcardDialog(m_model.place(row).host, m_model.exactEntry(row), choices, m_options, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { emit entriesChosen({dialog->entry()}); });
    dialog->open();
}

void DeniedPane::setColors(const ThemeColors &colors)
{
    setTextColor(*m_text, colors.muted);
}

} // namespace danube::console
