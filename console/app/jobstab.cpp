// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/jobstab.h"

#include "console/app/columnfit.h"
#include "console/app/filterline.h"
#include "console/app/icons.h"
#include "console/app/jobdetails.h"
#include "console/app/jobspage.h"
#include "console/app/mastersactions.h"
#include "console/app/masterslist.h"
#include "console/app/messagebar.h"
#include "console/controllers/masters.h"

#include <QHeaderView>
#include <QSettings>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

QString columnsKey(const MasterSession *session)
{
    return session ? u"jobs/columns"_s : u"jobs/columnsOfAll"_s;
}

QString byHandKey(const MasterSession *session)
{
    return columnsKey(session) + u"ByHand"_s;
}

} // namespace

JobsTab::JobsTab(const PageContext &context, QWidget *parent)
    : Page(parent),
      m_context(context),
      m_colors(&context.colors),
      m_stack(new QStackedWidget(this)),
      m_welcome(new MastersList(context.profiles, context.actions, context.colors, this))
{
    m_stack->addWidget(m_welcome);
    connect(m_welcome, &MastersList::selectionChanged, this, &Page::changed);
    connect(m_welcome, &MastersList::connectWanted, &context.mastersActions, &MastersActions::connectTo);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(&context.masters, &Masters::added, this, &JobsTab::add);
    connect(&context.masters, &Masters::aboutToRemove, this, &JobsTab::remove);
    connect(&context.masters, &Masters::scopeChanged, this, &JobsTab::showScope);
    showScope();
}

void JobsTab::addPage(const MasterSession *session, JobsPage *page)
{
    m_pages.insert(session, page);
    m_stack->addWidget(page);
    if (!session) // whose job it is, is what tells rows apart
        page->table()->horizontalHeader()->moveSection(JobTableModel::MasterColumn, 1);
    page->table()->horizontalHeader()->restoreState(m_context.settings.value(columnsKey(session)).toByteArray());
    ColumnFit::of(*page->table())->setByHand(m_context.settings.value(byHandKey(session)).toBool());
    page->table()->setColumnHidden(JobTableModel::MasterColumn, session != nullptr);
    page->setViews(m_context.views);
    page->setStandings(m_context.standings);
    connect(page, &JobsPage::jobActivated, this, [this](const JobId &job, const QString &url) {
        if (MasterSession *master = m_context.masters.find(url))
            emit jobWanted(master, job);
    });
    connect(page, &JobsPage::selectionChanged, this, &Page::changed);
}

void JobsTab::add(MasterSession *session)
{
    auto *page = new JobsPage(*session->jobs(), false, m_context.clock, *m_colors, m_stack);
    addPage(session, page);
    connect(session->jobs(), &QAbstractItemModel::dataChanged, this, &Page::changed);
    connect(session, &MasterSession::connectionChanged, this, [this, session] { showConnection(session); });
    connect(session, &MasterSession::problem, page->messages(), &MessageBar::showProblem);
    showConnection(session);
}

void JobsTab::remove(MasterSession *session)
{
    saveView();
    delete m_pages.take(session);
    session->disconnect(this);
    session->jobs()->disconnect(this);
}

void JobsTab::showScope()
{
    saveView();
    Masters &masters = m_context.masters;
    if (!masters.showsAll() && masters.all().size() < 2) {
        delete m_pages.take(nullptr);
    } else if (masters.showsAll() && !m_pages.contains(nullptr)) { // not earlier: a table of no model has no columns
        auto *all = new JobsPage(*masters.allJobs(), true, m_context.clock, *m_colors, m_stack);
        all->setEmptyText(tr("No master has jobs yet."));
        addPage(nullptr, all);
    }
    m_front = m_pages.value(masters.scope());
    m_stack->setCurrentWidget(m_front ? static_cast<QWidget *>(m_front) : m_welcome);
    setFocusProxy(m_stack->currentWidget());
    emit changed();
}

void JobsTab::showConnection(MasterSession *session)
{
    JobsPage *page = m_pages.value(session);
    page->setEmptyText(session->isLive() ? tr("This master has no jobs yet.") : describe(session->connection()));
    emit changed();
}

JobsPage *JobsTab::jobsPage() const
{
    return qobject_cast<JobsPage *>(m_stack->currentWidget());
}

// One layout for tables of one master, one for those of all: they have other columns. The one that was in front last
// decides.
void JobsTab::saveView()
{
    if (!m_front)
        return;
    const MasterSession *session = m_pages.key(m_front.data());
    m_context.settings.setValue(columnsKey(session), m_front->table()->horizontalHeader()->saveState());
    m_context.settings.setValue(byHandKey(session), ColumnFit::of(*m_front->table())->isByHand());
}

void JobsTab::showFilter(const QString &line)
{
    if (JobsPage *page = jobsPage())
        page->filterLine()->setText(line);
}

QIcon JobsTab::tabIcon() const
{
    return icon(u"jobs"_s);
}

MasterSession *JobsTab::master() const
{
    return m_context.masters.scope();
}

QList<JobRef> JobsTab::jobs() const
{
    QList<JobRef> jobs;
    const JobsPage *page = jobsPage();
    for (const auto &[url, job] : page ? page->selectedKeys() : QList<std::pair<QString, JobId>>()) {
        if (MasterSession *master = m_context.masters.find(url))
            jobs.append({master, job});
    }
    return jobs;
}

QString JobsTab::status() const
{
    const JobsPage *page = jobsPage();
    return page ? page->summary() : QString();
}

QList<Detail> JobsTab::details() const
{
    const QList<JobRef> selected = jobs();
    if (selected.size() != 1)
        return {};
    const Job *job = selected.front().master->jobs()->job(selected.front().job);
    return job ? jobDetails(*job, selected.front().master->profile().name, m_context.clock.wall()) : QList<Detail>();
}

void JobsTab::setColors(const ThemeColors &colors)
{
    m_colors = &colors;
    m_welcome->setColors(colors);
    for (JobsPage *page : std::as_const(m_pages))
        page->setColors(colors);
}

// The actions of the list of masters, while that is what the tab shows.
std::optional<ActionState> JobsTab::actionState(const QString &id) const
{
    if (m_stack->currentWidget() != m_welcome)
        return std::nullopt;
    return MastersActions::stateOf(id, m_welcome->selectedUrls());
}

void JobsTab::trigger(const QString &id)
{
    m_context.mastersActions.trigger(id, m_welcome->selectedUrls());
}

} // namespace danube::console
