// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/allowlistpage.h"

#include "console/app/allowlisteditor.h"
#include "console/app/blueprintbar.h"
#include "console/app/deniedpane.h"
#include "console/app/hosttestpane.h"
#include "console/app/icons.h"
#include "console/app/importdialog.h"
#include "console/app/messagebar.h"
#include "console/app/policypreviewpane.h"
#include "console/controllers/blueprintsession.h"
#include "console/controllers/egresssession.h"
#include "console/controllers/mastersession.h"
#include "console/models/allowlists.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

AllowlistPage::AllowlistPage(const PageContext &context, QWidget *parent)
    : Page(parent),
      m_master(context.master),
      m_blueprint(context.master->blueprint()),
      m_egress(context.master->egress()),
      m_bar(new BlueprintBar(*context.master, context.colors, this)),
      m_messages(new MessageBar(this)),
      m_lists(new QComboBox(this)),
      m_editor(new AllowlistEditor(context.clock, context.colors, this)),
      m_side(new QTabWidget(this)),
      m_hostTest(new HostTestPane(context.colors, this)),
      m_preview(new PolicyPreviewPane(context.colors, this)),
      m_denied(new DeniedPane(context.clock, context.colors, this))
{
    build();
    connectParts();
    m_bar->attach(context.guard, *m_messages);
    if (!m_egress.status())
        m_egress.load();
    fillLists();
    showEgress();
}

void AllowlistPage::build()
{
    m_add = m_bar->addEdit(u"add"_s, tr("Add"), tr("Add a host or pattern"));
    m_remove = m_bar->addEdit(u"remove"_s, tr("Remove"), tr("Remove the selected entries"));
    m_edit = m_bar->addEdit(u"edit"_s, tr("Edit"), tr("Edit the selected entry"));
    m_sort = m_bar->addEdit(u"sort"_s, tr("Sort"), tr("Sort the list by name"));
    m_redundant = m_bar->addEdit(u"duplicate"_s, tr("Find duplicates"),
                                 tr("Select entries that are there twice or allowed by another one"));
    m_import = m_bar->addEdit(u"import"_s, tr("Import from job…"), tr("Add what a job was refused"));
    m_lists->setAccessibleName(tr("List"));
    m_lists->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    auto *label = new QLabel(tr("&Hosts for"), this);
    label->setBuddy(m_lists);
    auto *choice = new QHBoxLayout;
    choice->setContentsMargins(8, 8, 8, 0);
    choice->setSpacing(8);
    choice->addWidget(label);
    choice->addWidget(m_lists);
    choice->addStretch(1);
    auto *left = new QWidget(this);
    auto *leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 0, 0);
    leftLayout->setSpacing(0);
    leftLayout->addLayout(choice);
    leftLayout->addWidget(m_editor, 1);
    m_side->setDocumentMode(true);
    m_side->addTab(m_hostTest, tr("&Test hosts"));
    m_side->addTab(m_preview, tr("&Policy preview"));
    m_side->addTab(m_denied, tr("&Denied"));
    auto *split = new QSplitter(this);
    split->setChildrenCollapsible(false);
    split->addWidget(left);
    split->addWidget(m_side);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    split->setSizes({720, 460});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bar);
    layout->addWidget(m_messages);
    layout->addWidget(split, 1);
    setFocusProxy(m_editor);
}

void AllowlistPage::connectParts()
{
    BlueprintWorkspace &workspace = m_blueprint.workspace();
    connect(&workspace, &BlueprintWorkspace::loaded, this, &AllowlistPage::fillLists);
    connect(&workspace, &BlueprintWorkspace::edited, this, &AllowlistPage::judge);
    connect(&workspace, &BlueprintWorkspace::findingsChanged, this, &AllowlistPage::judge);
    connect(&m_blueprint, &BlueprintSession::stateChanged, this, &AllowlistPage::updateActions);
    connect(m_bar, &BlueprintBar::stateChanged, this, &Page::changed);
    connect(&m_egress, &EgressSession::changed, this, &AllowlistPage::showEgress);
    connect(m_lists, &QComboBox::currentIndexChanged, this, &AllowlistPage::showDocument);
    connect(m_editor, &AllowlistEditor::selectionChanged, this, &AllowlistPage::updateActions);
    connect(m_editor, &AllowlistEditor::problem, m_messages, &MessageBar::showProblem);
    connect(m_editor, &AllowlistEditor::told, this, &Page::told);
    connect(m_denied, &DeniedPane::entriesChosen, m_editor, &AllowlistEditor::addEntries);
    connect(m_preview, &PolicyPreviewPane::ciliumChanged, this, &AllowlistPage::judge);
    connect(m_side, &QTabWidget::currentChanged, this, &AllowlistPage::showPreview);
    connect(m_add, &QAction::triggered, m_editor->addLine(), [this] { m_editor->addLine()->setFocus(); });
    connect(m_remove, &QAction::triggered, m_editor, &AllowlistEditor::removeSelected);
    connect(m_edit, &QAction::triggered, m_editor, &AllowlistEditor::editCurrent);
    connect(m_sort, &QAction::triggered, this, [this] {
        if (const auto done = m_editor->model().sort(); !done)
            m_messages->showProblem(done.error().message);
    });
    connect(m_redundant, &QAction::triggered, this, &AllowlistPage::findRedundant);
    connect(m_import, &QAction::triggered, this, &AllowlistPage::importFromJob);
}

void AllowlistPage::fillLists()
{
    const QString shown = shownPath();
    const QSignalBlocker quiet(m_lists);
    m_lists->clear();
    for (const QString &path : m_blueprint.workspace().paths()) {
        if (path == BlueprintWorkspace::configFile || path.startsWith("pipelines/"_L1))
            m_lists->addItem(listTitle(path), path);
    }
    m_lists->setCurrentIndex(std::max(0, m_lists->findData(shown)));
    showDocument();
}

void AllowlistPage::showList(const QString &path)
{
    m_lists->setCurrentIndex(std::max(0, m_lists->findData(path)));
}

QString AllowlistPage::shownPath() const
{
    return m_lists->currentData().toString();
}

void AllowlistPage::showDocument()
{
    BlueprintDocument *document =
        m_blueprint.workspace().isLoaded() ? m_blueprint.workspace().document(shownPath()) : nullptr;
    m_editor->model().setDocument(document);
    m_bar->setDocument(document);
    showRefusals();
    judge();
}

// Cheap enough for every edit: the policy alone waits until its tab is looked at.
void AllowlistPage::judge()
{
    BlueprintWorkspace &workspace = m_blueprint.workspace();
    if (!workspace.isLoaded())
        return updateActions();
    egress::LintOptions options = workspace.lintOptions();
    options.cilium = m_preview->cilium();
    const egress::Allowlists before = allowlistsBefore(workspace, shownPath());
    const egress::Allowlists after = allowlistsAfter(workspace, shownPath());
    egress::LintOptions listed = options;
    if (shownPath() != BlueprintWorkspace::configFile)
        listed.inherited = after.base;
    m_editor->model().setLintOptions(listed);
    m_hostTest->model().setLists(before, after, options);
    m_denied->setLists(after, options);
    const qsizetype jobs = jobsLetThrough(shownRefusals(), before, after, options);
    m_hostTest->setHistory(
        !m_egress.refusalProblem().isEmpty()
            ? tr("What your edit would have changed for past jobs is not known: %1").arg(m_egress.refusalProblem())
            : tr("%n job runs of the last 30 days that were refused something would change verdict. "
                 "What jobs were allowed is not recorded.",
                 nullptr, static_cast<int>(jobs)));
    showPreview();
    updateActions();
}

void AllowlistPage::showPreview()
{
    BlueprintWorkspace &workspace = m_blueprint.workspace();
    if (m_side->currentWidget() != m_preview)
        return;
    if (!workspace.isLoaded())
        return m_preview->showNothing(tr("The configuration is not loaded."));
    egress::PolicySettings settings;
    settings.cilium = m_preview->cilium();
    m_preview->showPreview(previewPolicy(policyRequestOf(workspace.before()), policyRequestAfter(workspace), settings));
}

void AllowlistPage::showEgress()
{
    m_preview->showStatus(m_egress.status(), m_egress.problem());
    m_editor->model().setUses(m_egress.status() ? m_egress.status()->uses : std::nullopt);
    showRefusals();
    judge();
}

// Of the jobs that the shown list holds for.
QList<EgressRefusal> AllowlistPage::shownRefusals() const
{
    QList<EgressRefusal> refusals = m_egress.refusals();
    const BlueprintDocument *document = m_editor->model().document();
    if (document && document->path() != BlueprintWorkspace::configFile)
        refusals.removeIf([name = document->valueAt(u"/metadata/name"_s).toString()](const EgressRefusal &refusal) {
            return refusal.pipeline != name;
        });
    return refusals;
}

void AllowlistPage::showRefusals()
{
    m_denied->showRefusals(shownRefusals(), m_egress.refusalProblem());
}

void AllowlistPage::updateActions()
{
    const BlueprintDocument *document = m_editor->model().document();
    const bool readable = document && document->isReadable();
    const QString why = !document ? tr("the configuration is not loaded") : tr("the text of the file is no JSON");
    const qsizetype selected = m_editor->selectedRows().size();
    m_editor->addLine()->setEnabled(readable);
    allow(m_add, {readable, why});
    allow(m_remove, {readable && selected > 0, readable ? tr("no entry is selected") : why});
    allow(m_edit, {readable && selected == 1, readable ? tr("select one entry") : why});
    allow(m_sort,
          {readable && !std::ranges::is_sorted(m_editor->model().entries()), readable ? tr("it is sorted") : why});
    allow(m_redundant,
          {readable && !m_editor->model().redundantRows().isEmpty(), readable ? tr("there are none") : why});
    allow(m_import, {readable, why});
    emit changed();
}

void AllowlistPage::findRedundant()
{
    const QList<int> rows = m_editor->model().redundantRows();
    m_editor->selectRows(rows);
    emit told(
        tr("%n entries allow nothing of their own; Remove takes them out.", nullptr, static_cast<int>(rows.size())));
}

void AllowlistPage::importFromJob()
{
    QList<EgressRefusal> refusals = m_egress.refusals();
    std::ranges::sort(refusals, std::greater(), &EgressRefusal::last);
    QStringList jobs;
    for (const EgressRefusal &refusal : std::as_const(refusals)) {
        if (!jobs.contains(refusal.job.value()))
            jobs.append(refusal.job.value());
    }
    auto *dialog = new ImportDialog(m_egress, jobs, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, m_editor, [this, dialog] { m_editor->addEntries(dialog->entries()); });
    dialog->open();
}

QIcon AllowlistPage::tabIcon() const
{
    return icon(u"allowlist"_s);
}

QString AllowlistPage::status() const
{
    return m_editor->summary();
}

QString AllowlistPage::unsaved() const
{
    return unsavedEdits(m_blueprint.workspace());
}

void AllowlistPage::discard()
{
    discardEdits(m_blueprint.workspace());
}

std::optional<ActionState> AllowlistPage::actionState(const QString &id) const
{
    if (id == "blueprint.testHosts"_L1 || id == "blueprint.preview"_L1)
        return ActionState{true};
    return m_bar->actionState(id);
}

QList<Findable> AllowlistPage::findable() const
{
    QList<Findable> hosts;
    for (const QString &entry : m_editor->model().entries())
        hosts.append({entry, [this, entry] {
                          m_editor->selectRows({static_cast<int>(m_editor->model().entries().indexOf(entry))});
                          m_editor->table()->setFocus();
                      }});
    return hosts;
}

void AllowlistPage::trigger(const QString &id)
{
    if (id == "blueprint.testHosts"_L1)
        m_side->setCurrentWidget(m_hostTest);
    else if (id == "blueprint.preview"_L1)
        m_side->setCurrentWidget(m_preview);
    else
        return m_bar->trigger(id);
    m_side->currentWidget()->setFocus();
}

void AllowlistPage::setColors(const ThemeColors &colors)
{
    m_bar->setColors(colors);
    m_editor->setColors(colors);
    m_hostTest->setColors(colors);
    m_preview->setColors(colors);
    m_denied->setColors(colors);
}

} // namespace danube::console
