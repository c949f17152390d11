// SPDX-License-Identifier: GPL-3.0-or-later
// What the window's actions do, and when they can be done.
#include "console/app/actionstate.h"
#include "console/app/activityview.h"
#include "console/app/batchdialog.h"
#include "console/app/detailsview.h"
#include "console/app/filterline.h"
#include "console/app/jobpage.h"
#include "console/app/jobspage.h"
#include "console/app/jobstab.h"
#include "console/app/logactions.h"
#include "console/app/logpane.h"
#include "console/app/mainwindow.h"
#include "console/app/navigator.h"
#include "console/app/pagehost.h"
#include "console/app/palette.h"
#include "console/app/profilebar.h"
#include "console/app/signinbar.h"
#include "console/app/sorting.h"

#include <QFileDialog>
#include <QLabel>
#include <QMessageBox>

using namespace Qt::StringLiterals;

namespace danube::console {

void MainWindow::connectActions()
{
    const auto on = [this](QLatin1StringView id, auto slot) {
        connect(m_actions.action(id), &QAction::triggered, this, slot);
    };
    on("app.connect"_L1, [this] { askForMaster(); });
    on("app.signIn"_L1, [this] { m_does->signInAgain(*masterOf(m_tabs->current())); });
    on("app.reconnect"_L1, [this] { masterOf(m_tabs->current())->reconnectNow(); });
    on("app.disconnect"_L1, [this] { m_does->disconnectFrom(*masterOf(m_tabs->current())); });
    on("app.closeTab"_L1, [this] { m_tabs->closeCurrent(); });
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
    on("job.open"_L1, [this] {
        for (const JobRef &ref : m_tabs->current()->jobs())
            openJob(*ref.master, ref.job);
    });
    const auto act = [this](JobAction action) {
        QList<std::pair<MasterSession *, JobId>> jobs;
        for (const JobRef &ref : m_tabs->current()->jobs())
            jobs.append({ref.master, ref.job});
        BatchDialog::act(action, jobs, this);
    };
    on("job.cancel"_L1, [act] { act(JobAction::Cancel); });
    on("job.retry"_L1, [act] { act(JobAction::Retry); });
    on("job.watch"_L1, [this](bool watched) {
        for (const JobRef &ref : m_tabs->current()->jobs())
            m_watched.set(ref.master->profile().url, ref.job, watched);
    });
    on("job.copyLink"_L1, [this] { copyLink(); });
    for (QAction *action : m_actions.pageActions()) {
        connect(action, &QAction::triggered, this, [this, action] {
            Page *page = m_tabs->current();
            if (page && page->actionState(action->objectName()))
                page->trigger(action->objectName());
            else
                m_does->trigger(action->objectName(), {});
        });
    }
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
    console::connectLogActions(m_actions, this, [this] { return logPane(); });
}

void MainWindow::askForMaster()
{
    m_does->askForMaster();
}

void MainWindow::updatePage()
{
    const Page *page = m_tabs->current();
    m_signInBar->showFor(page ? page->master() : nullptr);
    m_summary->setText(page ? page->status() : QString());
    if (m_details->isVisible())
        m_details->setDetails(page ? page->details() : QList<Detail>());
    updateActions();
}

void MainWindow::updateActions()
{
    const Page *page = m_tabs->current();
    const bool jobsTab = page == m_jobs;
    updateJobActions(page ? page->jobs() : QList<JobRef>());
    for (const auto id : {"app.signIn"_L1, "app.reconnect"_L1, "app.disconnect"_L1})
        allow(m_actions.action(id), {masterOf(page) != nullptr, tr("no master is chosen")});
    const MasterSession *master = page ? page->master() : nullptr;
    allow(m_actions.action("app.unlock"_L1), {m_guard.isLocked(master), tr("nothing here is locked")});
    allow(m_actions.action("app.lock"_L1),
          {m_guard.isGuarded(master) && !m_guard.isLocked(master), tr("nothing here is unlocked")});
    for (const auto id : {"view.sortNext"_L1, "view.sortPrevious"_L1, "view.sortReverse"_L1})
        allow(m_actions.action(id), {page && sortableTable(*page), tr("no table here can be sorted")});
    const bool isTorn = page && m_tabs->indexOf(page) < 0;
    allow(m_actions.action("window.tearOff"_L1),
          {!jobsTab && !isTorn, isTorn ? tr("it has one") : tr("this tab stays")});
    allow(m_actions.action("views.restore"_L1), {m_removedView.has_value(), tr("no view was removed")});
    allow(m_actions.action("app.closeTab"_L1), {!jobsTab, tr("this tab stays")});
    QList<QAction *> ofLogs = m_actions.logActions();
    for (const auto id : {"view.zoomIn"_L1, "view.zoomOut"_L1, "view.zoomReset"_L1})
        ofLogs.append(m_actions.action(id));
    for (QAction *action : std::as_const(ofLogs))
        allow(action, {logPane() != nullptr, tr("no log is open")});
    for (QAction *action : m_actions.pageActions()) {
        auto state = page ? page->actionState(action->objectName()) : std::nullopt;
        if (!state) // adding a master needs no page
            state = MastersActions::stateOf(action->objectName(), {});
        allow(action, state.value_or(ActionState{false, tr("not on this page")}));
    }
}

void MainWindow::updateJobActions(const QList<JobRef> &jobs)
{
    const auto stateOf = [this](const JobRef &ref) {
        const Job *job = ref.master->jobs()->job(ref.job);
        return job ? job->state : jobPage() ? jobPage()->job().state : JobState::Pending;
    };
    const auto live = [](const JobRef &ref) { return ref.master->isLive(); };
    const auto locked =
        std::find_if(jobs.begin(), jobs.end(), [this](const JobRef &ref) { return m_guard.isLocked(ref.master); });
    const bool anyRuns =
        std::any_of(jobs.begin(), jobs.end(), [&](const JobRef &ref) { return !isFinal(stateOf(ref)); });
    const auto cut = std::find_if_not(jobs.begin(), jobs.end(), live);
    const bool anyEnded =
        std::any_of(jobs.begin(), jobs.end(), [&](const JobRef &ref) { return isFinal(stateOf(ref)); });
    const QString away = cut != jobs.end() ? tr("the master is not live (%1)").arg(describe(cut->master->connection()))
                         : locked != jobs.end() ? m_guard.lockReason(locked->master)
                                                : QString();
    const auto state = [&](bool can, const QString &why) {
        return ActionState{can && away.isEmpty(), away.isEmpty() ? why : away};
    };
    allow(m_actions.action("job.cancel"_L1), state(anyRuns, tr("no running job is selected")));
    allow(m_actions.action("job.retry"_L1), state(anyEnded, tr("no job that has ended is selected")));
    const QList<JobRef> one = jobs.size() == 1 ? jobs : QList<JobRef>();
    allow(m_actions.action("job.watch"_L1), {!jobs.isEmpty(), tr("no job is selected")});
    m_actions.action("job.watch"_L1)->setCheckable(true);
    m_actions.action("job.watch"_L1)
        ->setChecked(!one.isEmpty() && m_watched.contains(one[0].master->profile().url, one[0].job));
    allow(m_actions.action("job.copyLink"_L1), {!one.isEmpty(), tr("select one job")});
    allow(m_actions.action("job.open"_L1), {m_tabs->current() == m_jobs && !jobs.isEmpty(), tr("no job is selected")});
}

void MainWindow::applyTheme()
{
    const ThemeColors &colors = m_theme.colors();
    m_profiles->setColors(colors);
    m_signInBar->renewIcons();
    m_details->setColors(colors);
    m_activity->setColors(colors);
    m_palette->setColors(colors);
    m_tabs->setColors(colors);
}

} // namespace danube::console
