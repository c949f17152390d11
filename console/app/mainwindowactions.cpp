// SPDX-License-Identifier: GPL-3.0-or-later
// What the window's actions do, and when they can be done.
#include "console/app/connectdialog.h"
#include "console/app/icons.h"
#include "console/app/jobpage.h"
#include "console/app/jobspage.h"
#include "console/app/logpane.h"
#include "console/app/mainwindow.h"
#include "console/app/profilebar.h"

#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QSettings>
#include <QTabWidget>

using namespace Qt::StringLiterals;

namespace danube::console {

void MainWindow::connectActions()
{
    const auto on = [this](QLatin1StringView id, auto slot) {
        connect(m_actions.action(id), &QAction::triggered, this, slot);
    };
    on("app.connect"_L1, [this] { askForMaster(); });
    on("app.reconnect"_L1, [this] { m_current->reconnectNow(); });
    on("app.disconnect"_L1, [this] { removeMaster(m_current); });
    on("app.closeTab"_L1, [this] { closeTab(m_tabs->currentIndex()); });
    on("app.quit"_L1, [this] { close(); });
    on("app.openFile"_L1, [this] {
        auto *chooser = new QFileDialog(this, tr("Open log file"));
        chooser->setAttribute(Qt::WA_DeleteOnClose);
        chooser->setFileMode(QFileDialog::ExistingFile);
        connect(chooser, &QFileDialog::fileSelected, this, [this](const QString &path) {
            if (const auto opened = openFile(path); !opened)
                tell(opened.error().message);
        });
        chooser->open();
    });
    on("jobs.filter"_L1, [this] {
        m_tabs->setCurrentIndex(0);
        if (JobsPage *page = jobsPage())
            page->filterLine()->setFocus(Qt::ShortcutFocusReason);
    });
    const auto choose = [this](ThemeChoice choice, const QString &setting) {
        m_settings.setValue("view/theme"_L1, setting);
        m_theme.choose(choice);
    };
    on("view.themeSystem"_L1, [choose] { choose(ThemeChoice::System, u"system"_s); });
    on("view.themeLight"_L1, [choose] { choose(ThemeChoice::Light, u"light"_s); });
    on("view.themeDark"_L1, [choose] { choose(ThemeChoice::Dark, u"dark"_s); });
    on("job.open"_L1, [this] {
        for (const JobId &job : chosenJobs())
            openJob(*m_current, job);
    });
    on("job.cancel"_L1, [this] {
        if (MasterSession *master = chosenMaster())
            master->cancel(chosenJobs());
    });
    on("job.retry"_L1, [this] {
        if (MasterSession *master = chosenMaster())
            master->retry(chosenJobs().value(0));
    });
    on("help.about"_L1, [this] {
        auto *box = new QMessageBox(QMessageBox::Information, tr("About Danube"),
                                    tr("Danube console %1\nSelf-hosted CI/CD. Licensed under GPL-3.0-or-later.")
                                        .arg(QLatin1StringView(DANUBE_VERSION)),
                                    QMessageBox::Ok, this);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
    });
}

void MainWindow::connectLogActions()
{
    const auto on = [this](QLatin1StringView id, auto method) {
        connect(m_actions.action(id), &QAction::triggered, this, [this, method] {
            if (LogPane *pane = logPane())
                method(*pane);
        });
    };
    on("log.copy"_L1, [](LogPane &pane) { pane.view()->copy(); });
    on("log.selectAll"_L1, [](LogPane &pane) { pane.view()->selectAll(); });
    on("log.find"_L1, [](LogPane &pane) { pane.openFind(); });
    on("log.next"_L1, [](LogPane &pane) { pane.nextMatch(); });
    on("log.previous"_L1, [](LogPane &pane) { pane.previousMatch(); });
    on("log.nextError"_L1, [](LogPane &pane) { pane.nextError(); });
    on("log.previousError"_L1, [](LogPane &pane) { pane.previousError(); });
    on("log.goToLine"_L1, [](LogPane &pane) { pane.goToLine(); });
    on("log.follow"_L1, [](LogPane &pane) { pane.followEnd(); });
    on("view.zoomIn"_L1, [](LogPane &pane) { pane.view()->zoom(1); });
    on("view.zoomOut"_L1, [](LogPane &pane) { pane.view()->zoom(-1); });
    on("view.zoomReset"_L1, [](LogPane &pane) { pane.view()->zoom(0); });
}

void MainWindow::askForMaster()
{
    if (m_dialog)
        return m_dialog->activateWindow();
    m_dialog = new ConnectDialog(ProfileStore(m_settings).load(), m_theme.colors(), this);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (m_current && m_current->connection().state == ConnectionState::SignInNeeded)
        m_dialog->setProfile(m_current->profile());
    connect(m_dialog, &ConnectDialog::connectRequested, this, [this] { makeSession(*m_dialog); });
    m_dialog->open();
}

void MainWindow::makeSession(ConnectDialog &dialog)
{
    const auto session = connectTo(dialog.profile(), dialog.takeToken());
    if (session)
        dialog.accept();
    else
        dialog.showProblem(session.error().message);
}

MasterSession *MainWindow::chosenMaster() const
{
    const JobPage *page = jobPage();
    return page ? &page->master() : m_current;
}

QList<JobId> MainWindow::chosenJobs() const
{
    if (const JobPage *page = jobPage())
        return {page->job().id};
    const JobsPage *page = m_tabs->currentIndex() == 0 ? jobsPage() : nullptr;
    return page ? page->selectedJobs() : QList<JobId>();
}

// An action that cannot be done says why in its tooltip.
void MainWindow::updateActions()
{
    const auto allow = [this](QLatin1StringView id, bool can, const QString &why) {
        QAction *action = m_actions.action(id);
        if (action->isEnabled() == can && action->statusTip() == (can ? QString() : why))
            return;
        action->setEnabled(can);
        action->setStatusTip(can ? QString() : why);
        const QString name = action->text().remove(u'&').remove(u'…');
        action->setToolTip(can || why.isEmpty() ? name : u"%1: %2"_s.arg(name, why));
    };
    MasterSession *master = chosenMaster();
    const QList<JobId> jobs = chosenJobs();
    const bool live = master && master->isLive();
    const auto stateOf = [&](const JobId &id) {
        const Job *job = master->jobs()->job(id);
        return job ? job->state : jobPage() ? jobPage()->job().state : JobState::Pending;
    };
    const bool anyRuns =
        master && std::any_of(jobs.begin(), jobs.end(), [&](const JobId &id) { return !isFinal(stateOf(id)); });
    const bool oneEnded = master && jobs.size() == 1 && isFinal(stateOf(jobs.front()));
    const QString away =
        master ? tr("the master is not live (%1)").arg(describe(master->connection())) : tr("no master is connected");
    allow("job.cancel"_L1, live && anyRuns, live ? tr("no running job is selected") : away);
    allow("job.retry"_L1, live && oneEnded, live ? tr("select one job that has ended") : away);
    allow("job.open"_L1, m_tabs->currentIndex() == 0 && !jobs.isEmpty(), tr("no job is selected"));
    allow("app.reconnect"_L1, m_current != nullptr, tr("no master is connected"));
    allow("app.disconnect"_L1, m_current != nullptr, tr("no master is connected"));
    allow("app.closeTab"_L1, m_tabs->currentIndex() > 0, tr("this tab stays"));
    for (QAction *action : m_actions.logActions())
        allow(QLatin1StringView(action->objectName().toLatin1()), logPane() != nullptr, tr("no log is open"));
    updateStatus();
}

void MainWindow::updateStatus()
{
    const LogPane *pane = logPane();
    const JobsPage *page = jobsPage();
    m_summary->setText(pane || !page ? QString() : page->summary());
}

void MainWindow::applyTheme()
{
    const ThemeColors &colors = m_theme.colors();
    m_actions.renewIcons();
    m_profiles->setColors(colors);
    for (const Master &master : m_masters)
        master.page->setColors(colors);
    for (int index = 1; index < m_tabs->count(); ++index) {
        if (auto *page = qobject_cast<JobPage *>(m_tabs->widget(index))) {
            page->setColors(colors);
            m_tabs->setTabIcon(index, icon(stateIcon(page->job().state), stateColor(colors, page->job().state)));
        } else if (auto *pane = qobject_cast<LogPane *>(m_tabs->widget(index))) {
            pane->setColors(colors);
            m_tabs->setTabIcon(index, icon(u"file"_s));
        }
    }
}

} // namespace danube::console
