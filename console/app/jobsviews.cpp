// SPDX-License-Identifier: GPL-3.0-or-later
// What a JobsPage does with saved views and offered filters.
#include "console/app/filterline.h"
#include "console/app/icons.h"
#include "console/app/jobspage.h"
#include "console/app/messagebar.h"
#include "console/app/plainlabel.h"
#include "console/controllers/jobstandings.h"
#include "console/controllers/savedviews.h"

#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QToolButton>

#include <set>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int mostRowsLookedAt = 5000; // for values to offer: they repeat

QStringList toList(const std::set<QString> &values)
{
    return {values.begin(), values.end()};
}

} // namespace

QString JobsPage::filterProblem() const
{
    return m_filterProblem->isHidden() ? QString() : m_filterProblem->text();
}

void JobsPage::offerValues()
{
    std::set<QString> branches;
    std::set<QString> pipelines;
    std::set<QString> triggers;
    const int rows = m_jobs.rowCount();
    for (int row = std::max(0, rows - mostRowsLookedAt); row < rows; ++row) {
        const Job job = m_jobs.index(row, 0).data(JobTableModel::JobRole).value<Job>();
        branches.insert(job.branch.isEmpty() ? job.ref : job.branch);
        pipelines.insert(job.pipeline);
        triggers.insert(job.triggerType);
        triggers.insert(job.triggeredBy);
    }
    m_filterLine->setKnown({toList(branches), toList(pipelines), toList(triggers)});
}

void JobsPage::setViews(SavedViews &views)
{
    m_views = &views;
    m_viewsButton->show();
    connect(&views, &SavedViews::changed, this, &JobsPage::fillViews);
    fillViews();
}

void JobsPage::setStandings(const JobStandings &standings)
{
    m_standings = &standings;
    m_filter.setStanding(
        [&standings](const QString &masterUrl, const Job &job) { return standings.of(masterUrl, job); });
    connect(&standings, &JobStandings::changed, this, [this] {
        const JobQuery &query = m_filter.query();
        if (!query.mine && !query.watched)
            return;
        m_filter.renew();
        showEmptyState();
    });
}

void JobsPage::fillViews()
{
    m_viewsMenu->clear();
    for (const SavedView &view : m_views->all()) {
        QAction *action = m_viewsMenu->addAction(withoutKeys(view.name));
        action->setToolTip(view.filter);
        connect(action, &QAction::triggered, this, [this, view] {
            m_filterLine->setText(view.filter);
            applyFilter();
        });
    }
    m_viewsMenu->addSeparator();
    connect(m_viewsMenu->addAction(icon(u"save"_s), tr("&Save view…")), &QAction::triggered, this,
            &JobsPage::askForName);
}

void JobsPage::askForName()
{
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Save view"));
    const QString filter = m_filterLine->text();
    dialog->setLabelText(filter.isEmpty() ? tr("Name of the view of all jobs:")
                                          : tr("Name of the view \"%1\":").arg(filter));
    dialog->findChild<QLabel *>()->setTextFormat(Qt::PlainText);
    connect(dialog, &QInputDialog::textValueSelected, this, &JobsPage::saveView);
    dialog->open();
}

bool JobsPage::saveView(const QString &name)
{
    if (m_filterLine->text().trimmed().isEmpty()) {
        m_messages->showProblem(tr("Type a filter first: a view is a filter with a name."));
        return false;
    }
    const auto saved = m_views->save(name.trimmed(), m_filterLine->text().trimmed());
    if (!saved)
        m_messages->showProblem(saved.error().message);
    return saved.has_value();
}

} // namespace danube::console
