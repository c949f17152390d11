// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/jobpage.h"

#include "console/app/actionregistry.h"
#include "console/app/artifactsview.h"
#include "console/app/icons.h"
#include "console/app/jobartifactstab.h"
#include "console/app/jobdetails.h"
#include "console/app/jobheader.h"
#include "console/app/jobtabs.h"
#include "console/app/logpane.h"
#include "console/app/messagebar.h"
#include "console/app/statelook.h"
#include "console/app/timelinestrip.h"
#include "console/controllers/mastersession.h"
#include "console/models/failure.h"
#include "console/models/joblink.h"
#include "console/models/words.h"

#include <QListView>
#include <QLocale>
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
      m_tabs(new JobTabs(*m_log->bottom(), *session, master, clock)),
      m_messages(new MessageBar(this))
{
    m_session->setParent(this);
    build(actions);
    setColors(colors);
    m_log->setMarksFile(m_master.marksFileOf(m_session->job().id));
    m_log->setSteps(m_session->steps());
    m_log->setDocument(m_session->log());
    connect(m_session, &JobSession::told, this, &JobPage::told);
    connect(m_session, &JobSession::logConnectionChanged, this, &JobPage::showLogState);
    connect(m_session->log(), &LogDocument::grown, this, &JobPage::tryWantedLine);
    connect(m_session->log(), &LogDocument::finished, this, &JobPage::tryWantedLine);
    connect(m_log->view(), &LogView::currentLineChanged, this, [this](qint64 line) {
        if (line >= 0)
            selectStep(StepNumber(m_session->log()->line(line).run.source.step));
    });
    connect(m_header, &JobHeader::failureWanted, this, &JobPage::showFailure);
    connect(m_session, &JobSession::jobChanged, this, &JobPage::showJob);
    connect(m_session, &JobSession::problem, m_messages, &MessageBar::showProblem);
    connect(m_tabs->artifacts(), &JobArtifactsTab::changed, this, &Page::changed);
    connect(m_log, &LogPane::told, this, &JobPage::told);
    connect(m_log, &LogPane::unsavedChanged, this, &Page::changed);
    connect(m_timeline, &TimelineStrip::stepClicked, this, &JobPage::showStep);
    connect(m_steps, &QListView::clicked, this,
            [this](const QModelIndex &index) { showStep(StepNumber(index.data(StepListModel::NumberRole).toUInt())); });
    connect(m_steps, &QListView::activated, this,
            [this](const QModelIndex &index) { showStep(StepNumber(index.data(StepListModel::NumberRole).toUInt())); });
    m_second.setInterval(std::chrono::seconds(1));
    connect(&m_second, &QTimer::timeout, this, [this] {
        measureRate();
        if (!isVisible() || isFinal(m_session->job().state))
            return;
        m_header->refresh();
        m_timeline->update();
        m_steps->viewport()->update();
    });
    m_second.start();
    showJob();
    showLogState();
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
    m_tabs->setColors(colors);
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
    return jobDetails(job(), m_master.profile().name, m_clock.wall(), m_session->egress());
}

QString JobPage::unsaved() const
{
    return m_log->unsaved();
}

std::optional<ActionState> JobPage::actionState(const QString &id) const
{
    return id == "artifacts.download"_L1 ? std::optional(m_tabs->artifacts()->table()->downloadState()) : std::nullopt;
}

void JobPage::trigger(const QString &)
{
    m_tabs->artifacts()->table()->askFolder();
}

QString JobPage::status() const
{
    const LogDocument *log = m_session->log();
    if (log->isFinished())
        return {};
    const int64_t rate = m_rate.perSecond(m_clock.steady());
    return rate > 0 ? tr("Log: %1/s").arg(QLocale().formattedDataSize(rate)) : QString();
}

void JobPage::measureRate()
{
    const QString before = m_shownRate;
    m_rate.take(m_clock.steady(), m_session->log()->receivedBytes());
    m_shownRate = status();
    if (m_shownRate != before)
        emit changed();
}

void JobPage::showJob()
{
    const Job &job = m_session->job();
    m_header->setJob(job, reasonOf(job, m_session->steps()->steps()));
    m_log->setStart(job.startedAt);
    tryFailure();
    m_timeline->setJob(m_session->job());
    emit changed();
}

void JobPage::selectStep(StepNumber step)
{
    const QModelIndex index = m_session->steps()->indexOf(step);
    if (!index.isValid())
        return;
    m_steps->setCurrentIndex(index);
    m_timeline->select(step);
}

// To where the step's first line stands; a step without output stays a selection.
void JobPage::showStep(StepNumber step)
{
    const QList<LogRun> &runs = m_session->log()->snapshot().runs.list();
    const auto first =
        std::find_if(runs.begin(), runs.end(), [step](const LogRun &run) { return run.source.step == toInt(step); });
    if (first == runs.end()) {
        selectStep(step);
        emit told(tr("This step has no output."));
        return;
    }
    m_log->view()->showLine(m_session->log()->lineAt(first->offset));
    selectStep(step); // also when that line was the current one already
}

// What went wrong is said last.
void JobPage::showFailure()
{
    m_wantsFailure = true;
    tryFailure();
}

void JobPage::tryFailure()
{
    if (!m_wantsFailure)
        return;
    const Step *step = blamedStep(m_session->steps()->steps());
    const QList<LogRun> &runs = m_session->log()->snapshot().runs.list();
    const auto last = std::find_if(runs.rbegin(), runs.rend(), [step](const LogRun &run) {
        return step && run.source.step == toInt(step->number);
    });
    if (last == runs.rend() && !m_session->log()->isFinished())
        return; // not all is here yet
    m_wantsFailure = false;
    if (last == runs.rend())
        return m_log->previousError();
    const int64_t behind = last == runs.rbegin() ? m_session->log()->bytes() : std::prev(last)->offset;
    m_log->view()->centreLine(m_session->log()->lineAt(std::max<int64_t>(0, behind - 1)));
    selectStep(step->number);
}

void JobPage::showLine(int64_t line)
{
    m_wantedLine = line;
    tryWantedLine();
}

void JobPage::tryWantedLine()
{
    tryFailure();
    const LogDocument *log = m_session->log();
    if (m_wantedLine < 0 || log->lineCount() == 0 || (m_wantedLine >= log->lineCount() && !log->isFinished()))
        return;
    if (m_wantedLine >= log->lineCount())
        emit told(tr("The log has only %Ln lines.", nullptr, pluralCount(log->lineCount())));
    m_log->view()->centreLine(std::exchange(m_wantedLine, -1));
}

QString JobPage::link() const
{
    return JobLink{m_master.profile().url, job().id, m_log->view()->currentLine()}.toText();
}

void JobPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    m_session->setLogWanted();
}

// Why nothing new comes, where that is not because nothing new is said.
void JobPage::showLogState()
{
    const Connection &connection = m_session->logConnection();
    if (m_session->isLogWaiting())
        m_log->setNotice(tr("Waiting: %n other logs of this master are open", nullptr, MasterSession::mostLogStreams));
    else if (m_session->log()->isFinished() || connection.state == ConnectionState::Live ||
             connection.state == ConnectionState::CatchingUp)
        m_log->setNotice({});
    else
        m_log->setNotice(describe(connection));
}

} // namespace danube::console
