// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/allowlisteditor.h"

#include "console/app/entrydetails.h"
#include "console/app/hostdelegate.h"
#include "console/app/severitydelegate.h"
#include "console/app/tablelook.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::console {

AllowlistEditor::AllowlistEditor(const Clock &clock, const ThemeColors &colors, QWidget *parent)
    : QWidget(parent),
      m_model(clock),
      m_addLine(new QLineEdit(this)),
      m_addButton(new QPushButton(tr("&Add"), this)),
      m_table(new QTableView(this)),
      m_details(new EntryDetails(colors, this)),
      m_findings(new SeverityDelegate(AllowlistModel::SeverityRole, this))
{
    build();
    connect(m_addLine, &QLineEdit::textChanged, this, &AllowlistEditor::showDetails);
    connect(m_addLine, &QLineEdit::returnPressed, this, &AllowlistEditor::addTyped);
    connect(m_addButton, &QPushButton::clicked, this, &AllowlistEditor::addTyped);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        showDetails();
        emit selectionChanged();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &AllowlistEditor::showDetails);
    connect(&m_model, &AllowlistModel::dataChanged, this, &AllowlistEditor::showDetails);
    connect(&m_model, &AllowlistModel::dataChanged, this, &AllowlistEditor::showUses);
    connect(&m_model, &AllowlistModel::refused, this, &AllowlistEditor::problem);
    connect(m_details, &EntryDetails::fixRequested, this,
            [this](const egress::Finding &finding) { report(m_model.applyFix(finding)); });
    auto *remove = new QShortcut(QKeySequence::Delete, m_table);
    remove->setContext(Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &AllowlistEditor::removeSelected);
    setColors(colors);
    showDetails();
}

void AllowlistEditor::build()
{
    m_addLine->setPlaceholderText(tr("Add a host or pattern: *.cdn.example.com"));
    m_addLine->setToolTip(tr("Such as packages.example.org, *.cdn.example.com or git.example.org:22"));
    m_addLine->setAccessibleName(tr("Host or pattern to add"));
    m_addLine->setClearButtonEnabled(true);
    m_addButton->setEnabled(false);
    m_table->setModel(&m_model);
    m_table->setItemDelegateForColumn(AllowlistModel::PatternColumn, new HostDelegate(this));
    m_table->setItemDelegateForColumn(AllowlistModel::FindingColumn, m_findings);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    dressTable(*m_table, tr("Allowlist"),
               {{AllowlistModel::PatternColumn, "registry.danube-system"},
                {AllowlistModel::KindColumn, "Wildcard, one level"},
                {AllowlistModel::MeaningColumn, ""},
                {AllowlistModel::UsedColumn, "Used by"},
                {AllowlistModel::LastSeenColumn, "Last seen"},
                {AllowlistModel::FindingColumn, ""}});
    showUses();
    m_details->setFrameShape(QFrame::NoFrame);
    setFocusProxy(m_table);
    auto *line = new QHBoxLayout;
    line->setContentsMargins(8, 0, 8, 0);
    line->addWidget(m_addLine, 1);
    line->addWidget(m_addButton);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(line);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_details);
}

// Two columns of dashes help nobody: they come when the master has something to put there.
void AllowlistEditor::showUses()
{
    for (const int column : {AllowlistModel::UsedColumn, AllowlistModel::LastSeenColumn})
        m_table->setColumnHidden(column, !m_model.knowsUses());
}

QList<int> AllowlistEditor::selectedRows() const
{
    QList<int> rows;
    for (const QModelIndex &index : m_table->selectionModel()->selectedRows())
        rows.append(index.row());
    std::ranges::sort(rows);
    return rows;
}

void AllowlistEditor::selectRows(const QList<int> &rows)
{
    QItemSelection selection;
    for (const int row : rows)
        selection.select(m_model.index(row, 0), m_model.index(row, AllowlistModel::ColumnCount - 1));
    m_table->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    if (!rows.isEmpty()) {
        m_table->selectionModel()->setCurrentIndex(m_model.index(rows.first(), 0), QItemSelectionModel::NoUpdate);
        m_table->scrollTo(m_model.index(rows.first(), 0));
    }
}

void AllowlistEditor::addEntries(const QStringList &entries)
{
    const auto added = m_model.add(entries);
    if (!added)
        return report(added);
    QList<int> rows;
    for (const QString &entry : entries)
        rows.append(static_cast<int>(m_model.entries().indexOf(entry)));
    selectRows(rows);
    emit told(entries.size() == 1 ? tr("%1 is in the list.").arg(egress::displayText(entries.first()))
                                  : tr("%n hosts are in the list.", nullptr, static_cast<int>(entries.size())));
}

void AllowlistEditor::addTyped()
{
    const QStringList entries = m_addLine->text().split(u' ', Qt::SkipEmptyParts);
    if (entries.isEmpty())
        return;
    addEntries(entries);
    m_addLine->clear();
}

void AllowlistEditor::removeSelected()
{
    report(m_model.removeRows(selectedRows()));
}

void AllowlistEditor::editCurrent()
{
    const QModelIndex current = m_table->currentIndex();
    if (current.isValid())
        m_table->edit(m_model.index(current.row(), AllowlistModel::PatternColumn));
}

void AllowlistEditor::report(const Result<void> &done)
{
    if (!done)
        emit problem(done.error().message);
}

// While something is typed above the table, the words are about that.
void AllowlistEditor::showDetails()
{
    const QString typed = m_addLine->text().trimmed();
    m_addButton->setEnabled(!typed.isEmpty());
    if (!typed.isEmpty()) {
        egress::LintOptions options = m_model.lintOptions();
        options.inherited += m_model.entries();
        QList<egress::Finding> findings = egress::lint({typed.section(u' ', 0, 0)}, options);
        for (egress::Finding &finding : findings)
            finding.fix.reset(); // there is nothing in the list to mend yet
        return m_details->showEntry(typed.section(u' ', 0, 0), m_model.lintOptions(), findings);
    }
    const QModelIndex current = m_table->currentIndex();
    if (!current.isValid() || current.row() >= m_model.entries().size())
        return m_details->showNothing(m_model.entries().isEmpty() ? tr("The list is empty: jobs reach nothing but DNS "
                                                                       "and the master.")
                                                                  : tr("Select an entry to see what it lets through."));
    QList<egress::Finding> findings;
    for (const egress::Finding &finding : m_model.findings()) {
        if (finding.entry == current.row())
            findings.append(finding);
    }
    m_details->showEntry(m_model.entries()[current.row()], m_model.lintOptions(), findings);
}

QString AllowlistEditor::summary() const
{
    const auto count = [this](egress::Severity severity) {
        return static_cast<int>(std::ranges::count(m_model.findings(), severity, &egress::Finding::severity));
    };
    QStringList parts{tr("%n entries", nullptr, m_model.rowCount())};
    if (const int errors = count(egress::Severity::Error))
        parts.append(tr("%n errors", nullptr, errors));
    if (const int warnings = count(egress::Severity::Warning))
        parts.append(tr("%n warnings", nullptr, warnings));
    return parts.join(u", "_s);
}

void AllowlistEditor::setColors(const ThemeColors &colors)
{
    m_findings->setColors(colors);
    m_details->setColors(colors);
    m_table->viewport()->update();
}

} // namespace danube::console
