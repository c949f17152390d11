// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/artifactspage.h"

#include "console/app/artifactsview.h"
#include "console/app/downloadspane.h"
#include "console/app/icons.h"
#include "console/app/messagebar.h"
#include "console/app/plainlabel.h"
#include "console/app/tablelook.h"
#include "console/controllers/artifactsession.h"
#include "console/controllers/downloadqueue.h"
#include "console/controllers/mastersession.h"

#include <QDir>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSplitter>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr milliseconds typingPause{150};

} // namespace

ArtifactsPage::ArtifactsPage(const PageContext &context, QWidget *parent)
    : Page(parent),
      m_master(context.master),
      m_artifacts(context.master->artifacts()),
      m_queue(context.master->downloads()),
      m_messages(new MessageBar(this)),
      m_filterLine(new QLineEdit(this)),
      m_table(new ArtifactsView(*context.master, this)),
      m_downloads(new DownloadsPane(m_queue, this)),
      m_count(new QLabel(this)),
      m_note(emptyNote(*m_table)),
      m_reload(new QPushButton(tr("&Reload"), this)),
      m_typing(new QTimer(this))
{
    build();
    connectParts();
    setColors(context.colors);
    reload();
    refresh();
}

void ArtifactsPage::build()
{
    m_filterLine->setPlaceholderText(tr("Filter by name, type, pipeline, job or digest"));
    m_filterLine->setAccessibleName(tr("Filter artifacts"));
    m_filterLine->setClearButtonEnabled(true);
    m_count->setTextFormat(Qt::PlainText);
    m_reload->setIcon(icon(u"reconnect"_s));
    auto *top = new QHBoxLayout;
    top->setContentsMargins(8, 8, 8, 8);
    top->setSpacing(6);
    top->addWidget(m_filterLine, 1);
    top->addWidget(m_count);
    top->addWidget(m_reload);
    top->addWidget(m_table->makeDownloadButton(this));
    auto *split = new QSplitter(Qt::Vertical, this);
    split->setChildrenCollapsible(false);
    split->addWidget(m_table);
    split->addWidget(m_downloads);
    split->setStretchFactor(0, 1);
    split->setSizes({480, 200});
    split->handle(1)->setAccessibleName(tr("Border between artifacts and downloads"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_messages);
    layout->addLayout(top);
    layout->addWidget(split, 1);
    setFocusProxy(m_table);
    m_typing->setSingleShot(true);
    m_typing->setInterval(typingPause);
}

void ArtifactsPage::connectParts()
{
    connect(m_filterLine, &QLineEdit::textChanged, m_typing, qOverload<>(&QTimer::start));
    connect(m_typing, &QTimer::timeout, this, [this] {
        m_table->filter().setText(m_filterLine->text());
        refresh();
    });
    connect(m_reload, &QPushButton::clicked, this, &ArtifactsPage::reload);
    connect(&m_artifacts, &ArtifactSession::changed, this, &ArtifactsPage::refresh);
    connect(&m_queue, &DownloadQueue::problem, m_messages, &MessageBar::showProblem);
    connect(&m_queue, &DownloadQueue::finished, this, [this](const QString &target) {
        emit told(tr("%1 is there, its digest is right.").arg(QDir::toNativeSeparators(target)));
    });
    connect(m_table, &ArtifactsView::told, this, &ArtifactsPage::told);
    connect(m_table, &ArtifactsView::problem, m_messages, &MessageBar::showProblem);
    connect(m_table, &ArtifactsView::selectionMoved, this, &ArtifactsPage::refresh);
    connect(m_downloads, &DownloadsPane::changed, this, &ArtifactsPage::changed);
    connect(m_master, &MasterSession::jobMoved, this, [this](JobState, const Job &job) {
        if (isFinal(job.state))
            m_artifacts.loadJob(job);
    });
    // The list of jobs is whole once the master is live, and may have grown in between.
    connect(m_master, &MasterSession::connectionChanged, this, [this, wasLive = m_master->isLive()]() mutable {
        if (std::exchange(wasLive, m_master->isLive()) != m_master->isLive() && m_master->isLive())
            reload();
    });
}

void ArtifactsPage::reload()
{
    std::vector<const Job *> jobs;
    for (const Job &job : m_master->jobs()->all())
        jobs.push_back(&job);
    const auto asked = std::min<qsizetype>(std::ssize(jobs), ArtifactSession::maxJobs);
    std::ranges::partial_sort(jobs, jobs.begin() + asked, std::greater(), [](const Job *job) { return job->number; });
    QList<Job> latest;
    for (const Job *job : std::span(jobs).first(size_t(asked)))
        latest.append(*job);
    m_artifacts.load(latest);
}

void ArtifactsPage::refresh()
{
    const int shown = m_table->filter().rowCount();
    const auto waiting = static_cast<int>(m_artifacts.waiting());
    m_count->setText(waiting > 0 ? tr("Asking about %n jobs…", nullptr, waiting)
                     : m_artifacts.model()->isCut()
                         ? tr("the newest, as there are too many")
                         : tr("of the latest %n jobs", nullptr, static_cast<int>(ArtifactSession::maxJobs)));
    m_note->setVisible(shown == 0);
    m_note->setText(!m_artifacts.problem().isEmpty()      ? m_artifacts.problem()
                    : m_artifacts.model()->rowCount() > 0 ? tr("No artifact matches the filter.")
                    : waiting > 0 || !m_master->isLive()  ? tr("Asking the master…")
                                                          : tr("The latest jobs have left no artifacts."));
    emit changed();
}

std::optional<ActionState> ArtifactsPage::actionState(const QString &id) const
{
    if (id == "artifacts.download"_L1)
        return m_table->downloadState();
    return m_downloads->actionState(id);
}

void ArtifactsPage::trigger(const QString &id)
{
    if (id == "artifacts.download"_L1)
        m_table->askFolder();
    else
        m_downloads->trigger(id);
}

QIcon ArtifactsPage::tabIcon() const
{
    return icon(u"artifacts"_s);
}

QString ArtifactsPage::noteText() const
{
    return m_note->isVisibleTo(m_table) ? m_note->text() : QString();
}

QString ArtifactsPage::status() const
{
    return tr("%1 of %n artifacts", nullptr, m_artifacts.model()->rowCount())
        .arg(QLocale().toString(m_table->filter().rowCount()));
}

QList<JobRef> ArtifactsPage::jobs() const
{
    QList<JobRef> jobs;
    for (const ArtifactsModel::Row &row : m_table->selected()) {
        const JobRef ref{m_master, row.artifact.job};
        if (!jobs.contains(ref))
            jobs.append(ref);
    }
    return jobs;
}

QList<Detail> ArtifactsPage::details() const
{
    const auto rows = m_table->selected();
    if (rows.size() != 1)
        return {};
    const Artifact &artifact = rows.first().artifact;
    return {{tr("Artifact"), {}},
            {tr("Name"), artifact.name},
            {tr("Type"), artifactType(artifact.name)},
            {tr("Size"),
             tr("%1 (%2 bytes)").arg(sizeText(toInt(artifact.size)), QLocale().toString(qint64(toInt(artifact.size))))},
            {tr("SHA-256"), QString::fromLatin1(artifact.sha256)},
            {tr("Job"), u"#%1 %2"_s.arg(rows.first().jobNumber).arg(rows.first().pipeline)}};
}

void ArtifactsPage::setColors(const ThemeColors &colors)
{
    for (QLabel *label : {m_count, m_note})
        setTextColor(*label, colors.muted);
}

} // namespace danube::console
