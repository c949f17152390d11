// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/allowlisteditor.h"
#include "console/app/allowlistpage.h"
#include "console/app/archivedialog.h"
#include "console/app/blueprintbar.h"
#include "console/app/commitdialog.h"
#include "console/app/connectiontestdialog.h"
#include "console/app/deniedpane.h"
#include "console/app/jobspage.h"
#include "console/app/logpane.h"
#include "console/app/mergeview.h"
#include "console/app/pagehost.h"
#include "console/app/preferencespage.h"
#include "console/app/secretspage.h"
#include "console/app/signindialog.h"
#include "console/app/tablelook.h"
#include "console/controllers/blueprintsession.h"
#include "console/controllers/egresssession.h"
#include "tests/gui/walk/walk.h"

#include <KTar>
#include <QApplication>
#include <QDialog>
#include <QDirIterator>
#include <QFile>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace danube::console;
using namespace Qt::StringLiterals;

namespace danube::tests {

namespace {

QList<QDialog *> openDialogs()
{
    QList<QDialog *> dialogs;
    for (QWidget *widget : QApplication::topLevelWidgets()) {
        if (auto *dialog = qobject_cast<QDialog *>(widget); dialog && dialog->isVisible())
            dialogs.append(dialog);
    }
    return dialogs;
}

} // namespace

QStringList Walk::classesInSource()
{
    static const QRegularExpression dialog(
        u"class (\\w+)(?: final)? : public (?:QDialog|QMessageBox|QWizard|QFileDialog|QInputDialog)\\b"_s);
    QStringList classes;
    QDirIterator headers(QStringLiteral(DANUBE_SOURCE_DIR "/console/app"), {u"*.h"_s}, QDir::Files);
    while (headers.hasNext()) {
        QFile file(headers.next());
        if (!file.open(QIODevice::ReadOnly))
            continue;
        for (const auto &match : dialog.globalMatch(QString::fromUtf8(file.readAll())))
            classes.append(match.captured(1));
    }
    return classes;
}

void Walk::dialog(const QString &name, const Look &look, const std::function<void()> &open,
                  const std::function<void(QDialog &)> &inside)
{
    const QList<QDialog *> before = openDialogs();
    open();
    QPointer<QDialog> dialog;
    const auto appeared = [&] {
        for (QDialog *one : openDialogs()) {
            if (!before.contains(one))
                dialog = one;
        }
        return dialog != nullptr;
    };
    if (!wait(u"dialog "_s + name, appeared))
        return;
    for (const QMetaObject *meta = dialog->metaObject(); meta; meta = meta->superClass())
        m_classes.insert(QString::fromLatin1(meta->className()).section(u"::"_s, -1));
    show(name, *dialog, look);
    if (inside && dialog)
        inside(*dialog);
    if (dialog)
        dialog->reject();
    wait(u"end of dialog "_s + name, [&] { return !dialog || !dialog->isVisible(); });
    settle();
}

template <class Made> Made *Walk::open(const QString &page)
{
    m_scene.window.masters().setScope(&m_scene.master);
    m_scene.window.openPage(page);
    auto *made = qobject_cast<Made *>(m_scene.window.tabs()->current());
    if (!made)
        m_problems.append(u"page "_s + page);
    return made;
}

void Walk::press(QWidget &page, const QString &action)
{
    for (QAction *one : page.findChildren<QAction *>()) {
        if (one->text() == action && one->isEnabled())
            return one->trigger();
    }
    m_problems.append(u"nothing enabled is called "_s + action);
}

void Walk::undoAll()
{
    BlueprintWorkspace &workspace = m_scene.master.blueprint().workspace();
    for (const QString &path : workspace.paths()) {
        QUndoStack &stack = workspace.document(path)->undoStack();
        while (workspace.document(path)->isModified() && stack.canUndo())
            stack.undo();
    }
}

void Walk::dialogs(const Look &look)
{
    mastersDialogs(look);
    signIn(look);
    jobDialogs(look);
    blueprintDialogs(look);
    secretDialogs(look);
    windowDialogs(look);
}

void Walk::mastersDialogs(const Look &look)
{
    MastersActions &does = m_scene.window.mastersActions();
    const QString url = m_scene.master.profile().url;
    dialog(u"dialog-connect"_s, look, [&] { m_scene.window.askForMaster(); });
    dialog(u"dialog-master-add"_s, look, [&] { does.trigger(u"masters.add"_s, {}); });
    dialog(u"dialog-master-edit"_s, look, [&] { does.trigger(u"masters.edit"_s, {url}); });
    dialog(u"dialog-master-remove"_s, look, [&] { does.trigger(u"masters.remove"_s, {url}); });
    dialog(
        u"dialog-master-test"_s, look, [&] { does.trigger(u"masters.test"_s, {url}); },
        [&](QDialog &shown) {
            const auto *test = qobject_cast<ConnectionTestDialog *>(&shown);
            wait(u"the connection test's token step"_s, [&] {
                return test->test().state(ConnectionTest::Token) == ConnectionTest::State::Passed ||
                       test->test().state(ConnectionTest::Token) == ConnectionTest::State::Failed;
            });
            show(u"dialog-master-test-steps"_s, shown, look);
        });
    if (!m_scene.production)
        return m_problems.append(u"unlock: no production master"_s);
    m_scene.window.tabs()->setCurrentIndex(0);
    m_scene.window.masters().setScope(m_scene.production);
    dialog(u"dialog-unlock"_s, look, [&] { m_scene.window.actions().action("app.unlock"_L1)->trigger(); });
    m_scene.window.masters().setScope(&m_scene.master);
}

void Walk::signIn(const Look &look)
{
    const Profile profile{u"rehearsal"_s, u"https://danube.rehearsal.example.org"_s, ProfileKind::Staging,
                          m_scene.issuer};
    if (const auto saved = m_scene.window.profiles().save({}, profile); !saved)
        return m_problems.append(saved.error().message);
    const auto click = [](QWidget &shown, const QString &name) { shown.findChild<QPushButton *>(name)->click(); };
    dialog(
        u"dialog-sign-in"_s, look, [&] { m_scene.window.mastersActions().connectTo(profile.url); },
        [&](QDialog &shown) {
            click(shown, u"browser"_s);
            if (wait(u"sign-in by browser"_s,
                     [&] { return shown.findChild<QPushButton *>(u"copyLink"_s)->isVisible(); }))
                show(u"dialog-sign-in-browser"_s, shown, look);
            for (QPushButton *button : shown.findChildren<QPushButton *>()) {
                if (button->text() == SignInDialog::tr("&Back"))
                    button->click();
            }
            click(shown, u"code"_s);
            if (wait(u"sign-in by code"_s, [&] { return shown.findChild<QLabel *>(u"userCode"_s)->isVisible(); }))
                show(u"dialog-sign-in-code"_s, shown, look);
        });
    m_scene.window.profiles().remove(profile.url);
}

void Walk::jobDialogs(const Look &look)
{
    MainWindow &window = m_scene.window;
    window.tabs()->setCurrentIndex(0);
    window.masters().setScope(&m_scene.master);
    JobsPage *page = window.jobsPage();
    page->table()->selectAll();
    dialog(u"dialog-batch-retry"_s, look, [&] { window.actions().action("job.retry"_L1)->trigger(); });
    dialog(u"dialog-batch-cancel"_s, look, [&] { window.actions().action("job.cancel"_L1)->trigger(); });
    page->table()->clearSelection();
    dialog(u"dialog-save-view"_s, look, [&] { press(*page, JobsPage::tr("&Save view…")); });
    window.openJob(m_scene.master, m_scene.job);
    dialog(u"dialog-go-to-line"_s, look, [&] { window.actions().action("log.goToLine"_L1)->trigger(); });
}

void Walk::blueprintDialogs(const Look &look)
{
    auto *page = open<AllowlistPage>(u"allowlist"_s);
    if (!page || !wait(u"Blueprint"_s, [&] {
            return m_scene.master.blueprint().workspace().isLoaded() && !m_scene.master.egress().isLoading();
        }))
        return;
    dialog(u"dialog-import"_s, look, [&] { press(*page, AllowlistPage::tr("Import from job…")); });
    page->sideTabs()->setCurrentWidget(page->denied());
    for (int row = 0; row < page->denied()->model().rowCount(); ++row) {
        selectTableRow(*page->denied()->table(), row);
        if (page->denied()->addWildcardButton()->isEnabled())
            break;
    }
    if (page->denied()->addWildcardButton()->isEnabled())
        dialog(u"dialog-wildcard"_s, look, [&] { page->denied()->addWildcardButton()->click(); });
    else
        m_problems.append(u"wildcard: no job was refused a name"_s);
    commit(look);
}

// The review, the three-way view with one value that both changed, and the way into force.
void Walk::commit(const Look &look)
{
    auto *page = open<AllowlistPage>(u"allowlist"_s);
    BlueprintDocument *config = m_scene.master.blueprint().workspace().document(BlueprintWorkspace::configFile);
    if (!page || !config)
        return m_problems.append(u"commit"_s);
    const QString host = u"mirror-%1.example.org"_s.arg(page->editor()->model().entries().size());
    const QString days = u"/spec/retention/logs_days"_s;
    const int kept = config->valueAt(days).toInt();
    page->editor()->addEntries({host});
    QByteArray theirs = config->savedText();
    theirs.replace("\"logs_days\": " + QByteArray::number(kept), "\"logs_days\": " + QByteArray::number(kept + 2));
    if (theirs == config->savedText() || !config->setValue(days, kept + 1, u"days"_s))
        return m_problems.append(u"the Blueprint has no logs_days"_s);
    dialog(
        u"dialog-commit"_s, look, [&] { page->bar()->openCommit(); },
        [&](QDialog &shown) {
            auto *commit = qobject_cast<CommitDialog *>(&shown);
            m_scene.commitElsewhere(theirs);
            commit->commitButton()->click();
            if (!wait(u"three-way view"_s, [&] { return commit->mergeView()->isVisible(); }))
                return;
            show(u"dialog-commit-merge"_s, shown, look);
            commit->mergeView()->acceptButton()->click();
            commit->commitButton()->click();
            const CommitRun &run = m_scene.master.blueprint().commitRun();
            wait(u"commit in force"_s,
                 [&] { return run.state() == CommitRun::State::Finished || run.state() == CommitRun::State::Failed; });
            if (run.state() != CommitRun::State::Finished)
                m_problems.append(u"the commit did not come into force"_s);
            show(u"dialog-commit-progress"_s, shown, look);
        });
    undoAll();
}

void Walk::secretDialogs(const Look &look)
{
    auto *page = open<SecretsPage>(u"secrets"_s);
    if (!page)
        return;
    dialog(u"dialog-secret-new"_s, look, [&] { press(*page, SecretsPage::tr("New secret…")); });
    auto *table = page->findChild<QTableView *>();
    if (!wait(u"secrets"_s, [&] { return table->model()->rowCount() > 0; }))
        return;
    selectTableRow(*table, 0);
    dialog(u"dialog-secret-set"_s, look, [&] { press(*page, SecretsPage::tr("Set value…")); });
    dialog(u"dialog-secret-rename"_s, look, [&] { press(*page, SecretsPage::tr("Rename…")); });
    dialog(u"dialog-secret-delete"_s, look, [&] { press(*page, SecretsPage::tr("Delete…")); });
}

void Walk::archiveDialog(const Look &look)
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"app-1.4.tar"_s);
    KTar tar(file);
    const bool made = tar.open(QIODevice::WriteOnly) && tar.writeFile(u"app-1.4/README.md"_s, "# App\n") && tar.close();
    if (!made)
        return m_problems.append(u"archive"_s);
    dialog(u"dialog-archive"_s, look, [&] {
        auto *shown = new ArchiveDialog(file, &m_scene.window);
        shown->setAttribute(Qt::WA_DeleteOnClose);
        shown->show();
        wait(u"list of the archive"_s, [&] { return shown->isListed(); });
    });
}

void Walk::windowDialogs(const Look &look)
{
    MainWindow &window = m_scene.window;
    archiveDialog(look);
    dialog(u"dialog-about"_s, look, [&] { window.actions().action("help.about"_L1)->trigger(); });
    if (auto *page = open<PreferencesPage>(u"preferences"_s)) {
        page->findChild<QListWidget *>(u"sections"_s)->setCurrentRow(6);
        dialog(u"dialog-sign-out"_s, look, [&] { page->findChild<QPushButton *>(u"signOut"_s)->click(); });
        page->findChild<QListWidget *>(u"sections"_s)->setCurrentRow(0);
    }
    auto *allowlist = open<AllowlistPage>(u"allowlist"_s);
    if (!allowlist)
        return;
    allowlist->editor()->addEntries({u"unsaved.example.org"_s});
    dialog(u"dialog-discard"_s, look, [&] { window.tabs()->requestClose(window.tabs()->currentIndex()); });
    dialog(u"dialog-close"_s, look, [&] { window.close(); });
    undoAll();
}

} // namespace danube::tests
