// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/batchdialog.h"

#include "console/app/columnfit.h"
#include "console/app/tablelook.h"
#include "console/models/rowsmodel.h"
#include "console/models/words.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

QString fateText(const JobBatch::Item &item, JobAction action)
{
    using Fate = JobBatch::Fate;
    switch (item.fate) {
    case Fate::Ready:
        return action == JobAction::Cancel ? BatchDialog::tr("will be cancelled") : BatchDialog::tr("will run again");
    case Fate::Skipped:
        return BatchDialog::tr("skipped: %1").arg(item.reason);
    case Fate::Sending:
        return BatchDialog::tr("under way");
    case Fate::Sent:
        return item.reason.isEmpty() ? BatchDialog::tr("sent") : item.reason;
    case Fate::Refused:
        return BatchDialog::tr("refused: %1").arg(item.reason);
    }
    return {};
}

} // namespace

BatchDialog::BatchDialog(JobAction action, const QList<std::pair<MasterSession *, JobId>> &jobs, QWidget *parent)
    : QDialog(parent),
      m_batch(action, jobs),
      m_rows(new RowsModel({tr("Job"), tr("Pipeline"), tr("State"), tr("What happens")}, this)),
      m_question(new QLabel(this)),
      m_table(new QTableView(this)),
      m_summary(new QLabel(this))
{
    const int ready = m_batch.count(JobBatch::Fate::Ready);
    const bool cancels = action == JobAction::Cancel;
    setWindowTitle(cancels ? tr("Cancel jobs") : tr("Retry jobs"));
    m_question->setText(
        (cancels ? tr("Cancel %n jobs? The master stops their steps; that cannot be undone.", nullptr, ready)
                 : tr("Retry %n jobs? Each runs again as a new job, with the same parameters.", nullptr, ready)));
    m_question->setWordWrap(true);
    m_table->setModel(m_rows);
    dressTable(*m_table, tr("Jobs and what happens to them"), {});
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setFrameShape(QFrame::StyledPanel);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_table->horizontalHeader()->setStretchLastSection(true);
    auto *buttons = new QDialogButtonBox(this);
    m_start = buttons->addButton(cancels ? tr("&Cancel %n jobs", nullptr, ready) : tr("&Retry %n jobs", nullptr, ready),
                                 QDialogButtonBox::ApplyRole);
    m_close = buttons->addButton(cancels ? tr("&Keep them running") : tr("&Do nothing"), QDialogButtonBox::RejectRole);
    m_start->setEnabled(ready > 0);
    if (ready == 0)
        m_start->setToolTip(tr("None of these jobs is concerned."));
    m_close->setDefault(true);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_question);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_summary);
    layout->addWidget(buttons);
    resize(720, 400);
    connect(m_start, &QPushButton::clicked, this, &BatchDialog::start);
    connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
    connect(&m_batch, &JobBatch::changed, this, &BatchDialog::showItem);
    connect(&m_batch, &JobBatch::over, this, &BatchDialog::showItems);
    showItems();
    for (const int column : {0, 1, 2}) {
        m_table->resizeColumnToContents(column);
        m_table->setColumnWidth(column, std::max(m_table->columnWidth(column), 70) + 16);
    }
    ColumnFit::of(*m_table)->adopt();
}

void BatchDialog::start()
{
    m_start->setEnabled(false);
    m_close->setText(tr("&Close"));
    m_batch.start();
}

QStringList BatchDialog::cellsOf(const JobBatch::Item &item) const
{
    const QString number = item.job.number > 0 ? u"#%1"_s.arg(item.job.number) : item.job.id.value();
    const Job *now = item.master ? item.master->jobs()->job(item.job.id) : nullptr;
    return {number, item.job.pipeline, stateWord(now ? now->state : item.job.state), fateText(item, m_batch.action())};
}

void BatchDialog::showItems()
{
    QList<RowsModel::Row> rows;
    for (const JobBatch::Item &item : m_batch.items())
        rows.append({cellsOf(item)});
    m_rows->setRows(rows);
    m_summary->setText(m_batch.summary());
}

// One alone: of thousands, each would else be written anew for each.
void BatchDialog::showItem(int index)
{
    m_rows->setRow(index, {cellsOf(m_batch.items()[index])});
    m_summary->setText(m_batch.summary());
}

QString BatchDialog::summary() const
{
    return m_summary->text();
}

void BatchDialog::act(JobAction action, const QList<std::pair<MasterSession *, JobId>> &jobs, QWidget *parent)
{
    if (jobs.size() == 1 && action == JobAction::Cancel)
        return jobs.front().first->cancel(jobs.front().second);
    if (jobs.size() == 1)
        return jobs.front().first->retry(jobs.front().second);
    if (jobs.isEmpty())
        return;
    auto *dialog = new BatchDialog(action, jobs, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

} // namespace danube::console
