// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/jobpage.h"

#include "console/app/actionregistry.h"
#include "console/app/icons.h"
#include "console/app/jobdetails.h"
#include "console/app/jobheader.h"
#include "console/app/logpane.h"
#include "console/app/messagebar.h"
#include "console/app/timelinestrip.h"
#include "console/controllers/mastersession.h"
#include "console/models/joblink.h"

#include <QListView>
#include <QSplitter>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

JobPage::JobPage(MasterSession &master, JobSession *session, const Clock &clock, const ActionRegistry &actions,
                 const ThemeColors &colors, QWidget *parent)
    : Page(parent),
      m_master(master),
      m_session(session),
      m_clock(clock),
      m_header(new JobHeader(clock, this)),
      m_timeline(new TimelineStrip(*session->steps(), clock, this)),
      m_colors(&colors),
      m_steps(new QListView(this)),
      m_delegate(new StepDelegate(this)),
      m_log(new LogPane(actions, colors, this)),
      m_messages(new MessageBar(this))
{
    m_session->setParent(this);
    build(actions);
    setColors(colors);
    m_log->setDocument(m_session->log());
    connect(m_session, &JobSession::jobChanged, this, &JobPage::showJob);
    connect(m_session, &JobSession::problem, m_messages, &MessageBar::showProblem);
    connect(m_log, &LogPane::told, this, &JobPage::told);
    connect(m_timeline, &TimelineStrip::stepClicked, this, &JobPage::showStep);
    connect(m_steps, &QListView::clicked, this,
            [this](const QModelIndex &index) { showStep(StepNumber(index.data(StepListModel::NumberRole).toUInt())); });
    connect(m_steps, &QListView::activated, this,
            [this](const QModelIndex &index) { showStep(StepNumber(index.data(StepListModel::NumberRole).toUInt())); });
    m_second.setInterval(std::chrono::seconds(1));
    connect(&m_second, &QTimer::timeout, this, [this] {
        if (!isVisible() || isFinal(m_session->job().state))
            return;
        m_header->refresh();
        m_timeline->update();
        m_steps->viewport()->update();
    });
    m_second.start();
    showJob();
}

// The log pane reads the session's document until it is gone; children would go in the order they were made.
JobPage::~JobPage()
{
    m_log->setDocument(nullptr);
}

void JobPage::build(const ActionRegistry &actions)
{
    m_header->setActions({actions.action("job.cancel"_L1), actions.action("job.retry"_L1)});
    m_steps->setModel(m_session->steps());
    m_steps->setItemDelegate(m_delegate);
    m_steps->setFrameShape(QFrame::NoFrame);
    m_steps->setAccessibleName(tr("Steps"));
    m_steps->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_steps->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *splitter = new QSplitter(this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_steps);
    splitter->addWidget(m_log);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({240, 900});
    splitter->handle(1)->setAccessibleName(tr("Border between steps and log"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_messages);
    layout->addWidget(m_header);
    layout->addWidget(m_timeline);
    layout->addWidget(splitter, 1);
    setFocusProxy(m_log->view());
}

void JobPage::setColors(const ThemeColors &colors)
{
    m_colors = &colors;
    m_header->setColors(colors);
    m_timeline->setColors(colors);
    m_delegate->setColors(colors);
    m_log->setColors(colors);
    m_steps->viewport()->update();
}

QString JobPage::title() const
{
    const Job &job = m_session->job();
    const QString number = job.number > 0 ? u"#%1"_s.arg(job.number) : job.id.value();
    return job.pipeline.isEmpty() ? number : u"%1 %2"_s.arg(number, job.pipeline);
}

QIcon JobPage::tabIcon() const
{
    return icon(stateIcon(job().state), stateColor(*m_colors, job().state));
}

QList<Detail> JobPage::details() const
{
    return jobDetails(job(), m_master.profile().name, m_clock.wall());
}

void JobPage::showJob()
{
    m_header->setJob(m_session->job());
    m_timeline->setJob(m_session->job());
    emit changed();
}

QString JobPage::link() const
{
    JobLink link{m_master.profile().url, job().id, -1};
    if (m_log->view()->follow() != LogView::Follow::Following)
        link.line = m_log->view()->firstLine();
    return link.toText();
}

void JobPage::showLine(int64_t line)
{
    LogView *view = m_log->view();
    view->pauseFollowing();
    const auto show = [this, view, line] {
        if (m_session->log()->lineCount() <= line)
            return false;
        view->showLine(line);
        return true;
    };
    if (show())
        return;
    auto *waiting = new QObject(this);
    connect(m_session->log(), &LogDocument::grown, waiting, [waiting, show] {
        if (show())
            waiting->deleteLater();
    });
}

void JobPage::showFailure()
{
    const auto show = [this] {
        for (int row = 0; row < m_session->steps()->rowCount(); ++row) {
            const QVariant value = m_session->steps()->index(row).data(StepListModel::StepRole);
            const Step step = value.value<Step>();
            if (step.outcome && !step.outcome->isSuccess() && m_session->log()->lineCount() > 0) {
                m_log->view()->pauseFollowing();
                showStep(step.number);
                return true;
            }
        }
        return false;
    };
    if (show())
        return;
    auto *waiting = new QObject(this);
    const auto retry = [waiting, show] {
        if (show())
            waiting->deleteLater();
    };
    connect(m_session->steps(), &QAbstractItemModel::rowsInserted, waiting, retry);
    connect(m_session->log(), &LogDocument::grown, waiting, retry);
}

// To where the step's first line stands; a step without output stays a selection.
void JobPage::showStep(StepNumber step)
{
    m_steps->setCurrentIndex(m_session->steps()->indexOf(step));
    m_timeline->select(step);
    const QList<LogRun> &runs = m_session->log()->snapshot().runs.list();
    const auto first =
        std::find_if(runs.begin(), runs.end(), [step](const LogRun &run) { return run.source.step == toInt(step); });
    if (first == runs.end()) {
        emit told(tr("This step has no output."));
        return;
    }
    m_log->view()->showLine(m_session->log()->lineAt(first->offset));
}

} // namespace danube::console
