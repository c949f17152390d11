// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/importdialog.h"

#include <QCompleter>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace danube::console {

ImportDialog::ImportDialog(EgressSession &egress, const QStringList &jobs, QWidget *parent)
    : QDialog(parent),
      m_egress(egress),
      m_job(new QLineEdit(this)),
      m_list(new QListWidget(this)),
      m_text(new QLabel(this))
{
    setWindowTitle(tr("Import from a job"));
    m_job->setPlaceholderText(tr("Job id"));
    m_job->setCompleter(new QCompleter(jobs, m_job));
    m_job->setText(jobs.value(0));
    auto *label = new QLabel(tr("Entries that would let through what this &job was refused:"), this);
    label->setBuddy(m_job);
    auto *find = new QPushButton(tr("&Look up"), this);
    find->setDefault(true);
    auto *line = new QHBoxLayout;
    line->addWidget(m_job, 1);
    line->addWidget(find);
    m_list->setAccessibleName(tr("Proposed entries"));
    m_list->setMinimumWidth(fontMetrics().averageCharWidth() * 60);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    auto *box = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_add = box->addButton(tr("&Add checked"), QDialogButtonBox::AcceptRole);
    m_add->setEnabled(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->addWidget(label);
    layout->addLayout(line);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_text);
    layout->addWidget(box);
    connect(find, &QPushButton::clicked, this, &ImportDialog::lookUp);
    connect(box, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(box, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_list, &QListWidget::itemChanged, this, [this] { m_add->setEnabled(!entries().isEmpty()); });
    if (!jobs.isEmpty())
        lookUp();
}

void ImportDialog::lookUp()
{
    const QString job = m_job->text().trimmed();
    if (job.isEmpty())
        return;
    m_asked = job;
    m_list->clear();
    m_add->setEnabled(false);
    m_text->setText(tr("Asking the master…"));
    m_egress.propose(job, this, [this, job](const Result<QStringList> &proposal) {
        if (job == m_asked) // and not an earlier question's answer
            showProposal(proposal);
    });
}

void ImportDialog::showProposal(const Result<QStringList> &proposal)
{
    m_list->clear();
    for (const QString &entry : proposal.value_or(QStringList())) {
        auto *item = new QListWidgetItem(entry, m_list);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(Qt::Checked);
    }
    m_add->setEnabled(!entries().isEmpty());
    m_text->setText(!proposal ? proposal.error().message
                    : proposal->isEmpty()
                        ? tr("This job was refused nothing that an entry could allow.")
                        : tr("%n entries, each the narrowest that helps", nullptr, static_cast<int>(proposal->size())));
}

QStringList ImportDialog::entries() const
{
    QStringList entries;
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->checkState() == Qt::Checked)
            entries.append(m_list->item(row)->text());
    }
    return entries;
}

} // namespace danube::console
