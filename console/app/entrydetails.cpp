// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/entrydetails.h"

#include "console/app/icons.h"
#include "console/app/plainlabel.h"
#include "console/app/severitydelegate.h"
#include "console/models/rulewords.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

EntryDetails::EntryDetails(const ThemeColors &colors, QWidget *parent)
    : QFrame(parent),
      m_colors(&colors),
      m_title(plainLabel(this)),
      m_meaning(plainLabel(this)),
      m_matches(plainLabel(this)),
      m_mismatches(plainLabel(this)),
      m_findingRows(new QVBoxLayout)
{
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    auto *examples = new QFormLayout;
    examples->setContentsMargins(0, 0, 0, 0);
    examples->setHorizontalSpacing(12);
    examples->setVerticalSpacing(2);
    examples->addRow(tr("Lets through"), m_matches);
    examples->addRow(tr("Does not"), m_mismatches);
    m_findingRows->setContentsMargins(0, 0, 0, 0);
    m_findingRows->setSpacing(4);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(4);
    layout->addWidget(m_title);
    layout->addWidget(m_meaning);
    layout->addLayout(examples);
    layout->addLayout(m_findingRows);
    setColors(colors);
}

void EntryDetails::showEntry(const QString &entry, const egress::LintOptions &options,
                             const QList<egress::Finding> &findings)
{
    const EntryWords words = wordsOf(entry, options);
    m_title->setText(
        u"%1 · %2"_s.arg(entry.isEmpty() ? tr("(empty)") : egress::displayText(entry), kindWord(words.kind)));
    m_meaning->setText(words.meaning);
    m_matches->setText(words.matches.isEmpty() ? tr("nothing") : words.matches.join(u",  "_s));
    m_mismatches->setText(words.mismatches.isEmpty() ? u"–"_s : words.mismatches.join(u",  "_s));
    m_findings = findings;
    showFindings();
}

void EntryDetails::showNothing(const QString &text)
{
    m_title->setText(text);
    m_meaning->clear();
    m_matches->setText(u"–"_s);
    m_mismatches->setText(u"–"_s);
    m_findings.clear();
    showFindings();
}

void EntryDetails::showFindings()
{
    while (QLayoutItem *item = m_findingRows->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    for (const egress::Finding &finding : std::as_const(m_findings)) {
        auto *row = new QWidget(this);
        auto *layout = new QHBoxLayout(row);
        layout->setContentsMargins(0, 0, 0, 0);
        auto *mark = new QLabel(row);
        mark->setPixmap(icon(severityIcon(finding.severity), severityColor(*m_colors, finding.severity)).pixmap(16));
        auto *text = plainLabel(row);
        text->setText(u"%1: %2"_s.arg(severityWord(finding.severity), inOwnWords(finding.message)));
        setTextColor(*text, severityColor(*m_colors, finding.severity));
        layout->addWidget(mark, 0, Qt::AlignTop);
        layout->addWidget(text, 1);
        if (finding.fix) {
            auto *mend = new QPushButton(
                finding.fix->isEmpty() ? tr("Remove it") : tr("Write %1").arg(finding.fix->join(u", "_s)), row);
            mend->setAccessibleDescription(inOwnWords(finding.message));
            connect(mend, &QPushButton::clicked, this, [this, finding] { emit fixRequested(finding); });
            layout->addWidget(mend, 0, Qt::AlignTop);
        }
        m_findingRows->addWidget(row);
    }
}

void EntryDetails::setColors(const ThemeColors &colors)
{
    m_colors = &colors;
    setTextColor(*m_matches, colors.success);
    setTextColor(*m_mismatches, colors.failure);
    showFindings();
}

} // namespace danube::console
