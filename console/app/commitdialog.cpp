// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/commitdialog.h"

#include "console/app/commitprogress.h"
#include "console/app/difftext.h"
#include "console/app/mergeview.h"
#include "console/app/plainlabel.h"
#include "console/controllers/blueprintsession.h"
#include "console/controllers/egresssession.h"
#include "console/controllers/mastersession.h"
#include "console/models/commitplan.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QEvent>
#include <QFontDatabase>
#include <QFormLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int messageLines = 4;

} // namespace

CommitDialog::CommitDialog(MasterSession &master, const ThemeColors &colors, QWidget *parent)
    : QDialog(parent),
      m_master(master),
      m_blueprint(master.blueprint()),
      m_colors(colors),
      m_stack(new QStackedWidget(this)),
      m_summary(plainLabel(this)),
      m_where(plainLabel(this)),
      m_risks(plainLabel(this)),
      m_plan(plainLabel(this)),
      m_files(new QComboBox(this)),
      m_diff(new DiffText(colors, tr("What changes, line by line"), this)),
      m_message(new QPlainTextEdit(this)),
      m_hint(plainLabel(this)),
      m_merge(new MergeView(m_blueprint, colors, this)),
      m_progress(new CommitProgress(m_blueprint.commitRun(), colors, this))
{
    setWindowTitle(tr("Commit to %1").arg(master.profile().name));
    resize(820, 640);
    m_stack->addWidget(makeReview());
    m_stack->addWidget(m_merge);
    m_stack->addWidget(m_progress);
    auto *box = new QDialogButtonBox(this);
    m_commit = box->addButton(tr("&Commit"), QDialogButtonBox::ActionRole);
    m_close = box->addButton(QDialogButtonBox::Close);
    m_commit->setAutoDefault(false);
    connect(m_close, &QPushButton::clicked, this, &QDialog::accept);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->addWidget(m_stack, 1);
    layout->addWidget(box);
    connectParts();
    if (m_blueprint.commitRun().state() != CommitRun::State::Running)
        m_blueprint.commitRun().reset();
    showReview();
    followRun();
}

QWidget *CommitDialog::makeReview()
{
    QFont bold = font();
    bold.setBold(true);
    m_summary->setFont(bold);
    m_message->setAccessibleName(tr("Commit message"));
    m_message->setTabChangesFocus(true);
    m_message->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_message->setFixedHeight(m_message->fontMetrics().lineSpacing() * messageLines + 14);
    m_files->setAccessibleName(tr("File"));
    m_plan->hide();
    followTextColor(*m_where, m_colors, &ThemeColors::muted);
    followTextColor(*m_hint, m_colors, &ThemeColors::warning);
    auto *review = new QWidget(this);
    auto *layout = new QVBoxLayout(review);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_summary);
    layout->addWidget(m_where);
    layout->addWidget(m_plan);
    layout->addWidget(m_risks);
    layout->addWidget(m_files);
    layout->addWidget(m_diff, 1);
    auto *label = new QLabel(tr("&Message: say why, the first line in short"), review);
    label->setBuddy(m_message);
    layout->addWidget(label);
    layout->addWidget(m_message);
    layout->addWidget(m_hint);
    return review;
}

void CommitDialog::connectParts()
{
    connect(m_message, &QPlainTextEdit::textChanged, this, [this] {
        m_hint->setText(messageHint(m_message->toPlainText()));
        updateButton();
    });
    connect(m_files, &QComboBox::currentIndexChanged, this, &CommitDialog::showDiff);
    connect(m_commit, &QPushButton::clicked, this, [this] {
        m_blueprint.workspace().validateNow();
        updateButton();
        if (m_commit->isEnabled())
            m_blueprint.commit(m_message->toPlainText().trimmed());
    });
    connect(&m_blueprint, &BlueprintSession::stateChanged, this, &CommitDialog::updateButton);
    connect(&m_blueprint.workspace(), &BlueprintWorkspace::findingsChanged, this, [this] {
        if (isReviewing())
            showReview();
    });
    connect(&m_blueprint, &BlueprintSession::planned, this, [this] {
        m_plan->setText(tr("The master plans:") + u'\n' + m_blueprint.plan());
        m_plan->setVisible(!m_blueprint.plan().isEmpty());
    });
    connect(&m_blueprint.commitRun(), &CommitRun::changed, this, &CommitDialog::followRun);
    connect(m_merge, &MergeView::accepted, this, [this] {
        m_blueprint.acceptMerge();
        showReview();
        m_message->setFocus();
    });
}

void CommitDialog::changeEvent(QEvent *event)
{
    QDialog::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showRisks(); // in the colour of how serious they are
}

bool CommitDialog::isReviewing() const
{
    return m_stack->currentIndex() == 0;
}

void CommitDialog::showReview()
{
    const BlueprintWorkspace &workspace = m_blueprint.workspace();
    const QList<blueprint::Change> changes = workspace.changes();
    m_summary->setText(summaryOf(changes));
    m_where->setText(tr("Branch %1 of %2, on top of %3. The author is whom %4 knows you as.")
                         .arg(workspace.base().branch, workspace.base().repository, workspace.base().commit.left(12),
                              m_master.profile().name));
    if (m_message->toPlainText().isEmpty())
        m_message->setPlainText(messageTemplateOf(changes));
    const QString shown = m_files->currentText();
    const QSignalBlocker quiet(m_files);
    m_files->clear();
    m_files->addItems(workspace.changedFiles().keys());
    m_files->setCurrentIndex(std::max(0, m_files->findText(shown)));
    m_files->setVisible(m_files->count() > 1);
    showRisks();
    showDiff();
    updateButton();
    m_blueprint.askPlan();
}

void CommitDialog::showRisks()
{
    const BlueprintWorkspace &workspace = m_blueprint.workspace();
    QStringList lines;
    bool serious = false;
    if (workspace.after()) {
        const auto &status = m_master.egress().status();
        const auto risks = risksOf(workspace.before(), *workspace.after(), workspace.lintOptions(),
                                   {.isProduction = m_master.profile().kind == ProfileKind::Production,
                                    .profile = m_master.profile().name,
                                    .uses = status ? status->uses : std::nullopt});
        for (const CommitRisk &risk : risks) {
            lines.append(u"⚠ "_s + risk.text);
            serious = serious || risk.weight == CommitRisk::Weight::Serious;
        }
    }
    m_risks->setText(lines.isEmpty() ? tr("Nothing about it looks risky.") : lines.join(u'\n'));
    setTextColor(*m_risks, serious ? m_colors.failure : lines.isEmpty() ? m_colors.muted : m_colors.warning);
}

void CommitDialog::showDiff()
{
    const BlueprintWorkspace &workspace = m_blueprint.workspace();
    const QString path = m_files->currentText();
    m_diff->setDifference(
        diffLines(linesOf(workspace.base().files.value(path)), linesOf(workspace.changedFiles().value(path))));
}

void CommitDialog::updateButton()
{
    const QString why = whyNoCommit(m_blueprint.workspace(), m_message->toPlainText(), m_blueprint.writeBlock());
    m_commit->setEnabled(why.isEmpty());
    m_commit->setToolTip(why.isEmpty() ? tr("Writes the commit; it can only be undone by another one") : why);
    m_commit->setAccessibleDescription(m_commit->toolTip());
}

void CommitDialog::followRun()
{
    const CommitRun::State state = m_blueprint.commitRun().state();
    const bool merging = state == CommitRun::State::MergeNeeded;
    const bool reviewing = state == CommitRun::State::Idle;
    m_stack->setCurrentIndex(reviewing ? 0 : merging ? 1 : 2);
    m_commit->setVisible(reviewing);
    m_close->setText(state == CommitRun::State::Running ? tr("Close; it goes on") : tr("Close"));
    if (reviewing)
        updateButton();
}

QString CommitDialog::summaryText() const
{
    return m_summary->text();
}

QString CommitDialog::riskText() const
{
    return m_risks->text();
}

QString CommitDialog::planText() const
{
    return m_plan->isVisibleTo(this) ? m_plan->text() : QString();
}

QString CommitDialog::hintText() const
{
    return m_hint->text();
}

} // namespace danube::console
