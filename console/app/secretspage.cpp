// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/secretspage.h"

#include "console/app/blueprintbar.h"
#include "console/app/icons.h"
#include "console/app/messagebar.h"
#include "console/app/plainlabel.h"
#include "console/app/renamesecretdialog.h"
#include "console/app/setsecretdialog.h"
#include "console/app/tablelook.h"
#include "console/app/toolbar.h"
#include "console/controllers/blueprintsession.h"
#include "console/controllers/mastersession.h"
#include "console/controllers/secretssession.h"

#include <QAction>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

SecretsPage::SecretsPage(const PageContext &context, QWidget *parent)
    : Page(parent),
      m_master(context.master),
      m_blueprint(context.master->blueprint()),
      m_secrets(context.master->secrets()),
      m_model(context.clock),
      m_bar(new ToolBar(this)),
      m_messages(new MessageBar(this)),
      m_table(new QTableView(this)),
      m_note(new QLabel(this))
{
    build();
    followGuard(*m_master, context.guard, *this);
    connect(&m_secrets, &SecretsSession::changed, this, &SecretsPage::fill);
    connect(&m_blueprint, &BlueprintSession::stateChanged, this, &SecretsPage::fill);
    connect(&m_blueprint.workspace(), &BlueprintWorkspace::loaded, this, &SecretsPage::fill);
    connect(&m_blueprint.workspace(), &BlueprintWorkspace::edited, this, &SecretsPage::fill);
    connect(&m_blueprint.workspace(), &BlueprintWorkspace::modifiedChanged, this, &Page::changed);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &SecretsPage::updateActions);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &SecretsPage::updateActions);
    if (!m_blueprint.workspace().isLoaded())
        m_blueprint.load();
    m_secrets.load();
    fill();
    setColors(context.colors);
}

void SecretsPage::build()
{
    m_bar->setAccessibleName(tr("Secret actions"));
    m_add = m_bar->addAction(icon(u"add"_s), tr("New secret…"), this, [this] { askValue({}); });
    m_set = m_bar->addAction(icon(u"edit"_s), tr("Set value…"), this,
                             [this] { askValue(selected() ? selected()->info.name : QString()); });
    m_rename = m_bar->addAction(icon(u"duplicate"_s), tr("Rename…"), this, [this] { askRename(); });
    m_remove = m_bar->addAction(icon(u"remove"_s), tr("Delete…"), this, &SecretsPage::removeSelected);
    m_bar->addSeparator();
    m_reload = m_bar->addAction(icon(u"reconnect"_s), tr("Reload"), this, [this] { m_secrets.load(); });
    m_table->setModel(&m_model);
    dressTable(*m_table, tr("Secrets"),
               {{SecretsModel::NameColumn, "REGISTRY_PULL_PASSWORD"},
                {SecretsModel::ScopeColumn, "All pipelines"},
                {SecretsModel::VersionColumn, "Version"},
                {SecretsModel::AgeColumn, "28 Sep 2025 14:02:11"},
                {SecretsModel::UsedByColumn, ""},
                {SecretsModel::LastUsedColumn, "28 Sep 2025 14:02:11"},
                {SecretsModel::StateColumn, "not known x"}});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_note->setContentsMargins(8, 6, 8, 6);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bar);
    layout->addWidget(m_messages);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_note);
    setFocusProxy(m_table);
}

void SecretsPage::fill()
{
    const SecretInfo chosen = selected() ? selected()->info : SecretInfo();
    BlueprintWorkspace &workspace = m_blueprint.workspace();
    m_model.setSecrets(m_secrets.secrets(),
                       workspace.isLoaded() ? std::optional(secretReferences(workspace)) : std::nullopt);
    for (int row = 0; row < m_model.rowCount() && !chosen.name.isEmpty(); ++row) {
        const SecretInfo &info = m_model.row(row).info;
        if (info.name == chosen.name && info.scope == chosen.scope)
            selectTableRow(*m_table, row);
    }
    const int missing = m_model.missingCount();
    m_note->setText(!m_secrets.problem().isEmpty() ? m_secrets.problem()
                    : missing > 0
                        ? tr("%n secrets are asked for and not defined: jobs that need them fail.", nullptr, missing)
                        : tr("Values are written, never read: nobody can see them here."));
    updateActions();
}

const SecretsModel::Row *SecretsPage::selected() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : &m_model.row(rows.first().row());
}

void SecretsPage::updateActions()
{
    const SecretsModel::Row *row = selected();
    const QString blocked = m_secrets.isAbsent()     ? tr("this master does not manage secrets over REST")
                            : !m_secrets.isOffered() ? tr("the secrets are not loaded")
                                                     : m_blueprint.writeBlock();
    const auto why = [&](bool needsDefined) {
        return !blocked.isEmpty()               ? blocked
               : !row                           ? tr("no secret is selected")
               : needsDefined && row->isMissing ? tr("it is not defined")
                                                : QString();
    };
    allow(m_add, {blocked.isEmpty(), blocked});
    allow(m_set, {why(false).isEmpty(), why(false)});
    // What it would rename has to be known.
    const bool isLoaded = m_blueprint.workspace().isLoaded();
    const QString noRename = why(true).isEmpty() && !isLoaded ? tr("the configuration is not loaded") : why(true);
    allow(m_rename, {noRename.isEmpty(), noRename});
    allow(m_remove, {why(true).isEmpty(), why(true)});
    emit changed();
}

SetSecretDialog *SecretsPage::askValue(const QString &name)
{
    const SecretsModel::Row *row = selected();
    const QString scope = row && row->info.name == name ? row->info.scope : QString();
    auto *dialog = new SetSecretDialog(m_secrets, name, scope, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SetSecretDialog::stored, this, [this](const QString &stored) {
        emit told(tr("%1 has a new value. Jobs that start from now on get it.").arg(stored));
    });
    dialog->open();
    return dialog;
}

RenameSecretDialog *SecretsPage::askRename()
{
    const SecretsModel::Row *row = selected();
    if (!row)
        return nullptr;
    auto *dialog = new RenameSecretDialog(m_secrets, m_blueprint.workspace(), row->info.name, row->info.scope, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RenameSecretDialog::renamed, this, [this](int references) {
        emit told(tr("The Blueprint names the new secret in %n places: commit it, then delete the old one.", nullptr,
                     references));
    });
    dialog->open();
    return dialog;
}

void SecretsPage::removeSelected()
{
    const SecretsModel::Row *row = selected();
    if (!row)
        return;
    const QString users = !row->users.isEmpty() ? tr("Used by %1: their next jobs fail.").arg(row->users.join(u", "_s))
                          : m_blueprint.workspace().isLoaded()
                              ? tr("Nobody uses it.")
                              : tr("Who uses it is not known: the configuration is not loaded.");
    auto *box =
        new QMessageBox(QMessageBox::Warning, tr("Delete secret"),
                        tr("Delete %1? It cannot be undone. %2").arg(row->info.name, users), QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    const QPushButton *yes = box->addButton(tr("&Delete"), QMessageBox::DestructiveRole);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QPushButton::clicked, this, [this, info = row->info] {
        m_secrets.remove(info.name, info.scope, this, [this](const Result<void> &done) {
            if (!done)
                m_messages->showProblem(done.error().message);
        });
    });
    box->open();
}

QIcon SecretsPage::tabIcon() const
{
    return icon(u"secrets"_s);
}

QString SecretsPage::status() const
{
    return tr("%n secrets", nullptr, m_model.rowCount());
}

QString SecretsPage::unsaved() const
{
    return unsavedEdits(m_blueprint.workspace());
}

void SecretsPage::discard()
{
    discardEdits(m_blueprint.workspace());
}

QString SecretsPage::noteText() const
{
    return m_note->text();
}

QList<Detail> SecretsPage::details() const
{
    const SecretsModel::Row *row = selected();
    if (!row)
        return {};
    QList<Detail> details{{tr("Secret"), row->info.name}};
    for (const SecretReference &reference :
         referencesTo(m_blueprint.workspace(), m_secrets.secrets().value_or(QList<SecretInfo>()), row->info.name,
                      row->info.scope))
        details.append({reference.user, reference.file});
    return details;
}

void SecretsPage::setColors(const ThemeColors &colors)
{
    setTextColor(*m_note, colors.muted);
}

} // namespace danube::console
