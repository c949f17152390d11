// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/wildcarddialog.h"

#include "console/models/entrywords.h"
#include "console/models/rulewords.h"

#include <QButtonGroup>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr qsizetype shownPlaces = 8;

} // namespace

WildcardDialog::WildcardDialog(const QString &host, const QString &exact, QList<WildcardChoice> choices,
                               const egress::LintOptions &options, QWidget *parent)
    : QDialog(parent),
      m_choices(std::move(choices)),
      m_options(options),
      m_buttons(new QButtonGroup(this)),
      m_reach(new QLabel(this))
{
    setWindowTitle(tr("Add a wildcard"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    auto *question = new QLabel(
        tr("%1 needs only the exact entry %2. Which wildcard instead?").arg(egress::displayText(host), exact), this);
    question->setTextFormat(Qt::PlainText);
    question->setWordWrap(true);
    layout->addWidget(question);
    for (qsizetype i = 0; i < m_choices.size(); ++i) {
        auto *button = new QRadioButton(m_choices[i].entry, this);
        button->setChecked(i == 0);
        m_buttons->addButton(button, static_cast<int>(i));
        layout->addWidget(button);
    }
    m_reach->setTextFormat(Qt::PlainText);
    m_reach->setWordWrap(true);
    m_reach->setFrameShape(QFrame::StyledPanel);
    m_reach->setMargin(10);
    m_reach->setMinimumWidth(fontMetrics().averageCharWidth() * 64);
    layout->addWidget(m_reach, 1);
    auto *box = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    box->button(QDialogButtonBox::Ok)->setText(tr("&Add"));
    layout->addWidget(box);
    connect(box, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(box, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_buttons, &QButtonGroup::idToggled, this, &WildcardDialog::showReach);
    showReach();
}

QString WildcardDialog::entry() const
{
    return m_choices.value(m_buttons->checkedId()).entry;
}

QString WildcardDialog::reachText() const
{
    return m_reach->text();
}

void WildcardDialog::showReach()
{
    const WildcardChoice choice = m_choices.value(m_buttons->checkedId());
    const EntryWords words = wordsOf(choice.entry, m_options);
    QStringList lines{tr("Lets through %1.").arg(words.meaning)};
    if (choice.alsoOpens.isEmpty()) {
        lines.append(tr("Of what jobs were refused it opens nothing else; of the internet every such name."));
    } else {
        lines.append(tr("It opens as well, of what jobs were refused:"));
        for (const QString &place : choice.alsoOpens.first(std::min(choice.alsoOpens.size(), shownPlaces)))
            lines.append(u"    "_s + place);
        if (choice.alsoOpens.size() > shownPlaces)
            lines.append(tr("    and %n more", nullptr, static_cast<int>(choice.alsoOpens.size() - shownPlaces)));
    }
    for (const egress::Finding &finding : egress::lint({choice.entry}, m_options)) {
        if (finding.severity != egress::Severity::Hint)
            lines.append(u"%1: %2"_s.arg(severityWord(finding.severity), inOwnWords(finding.message)));
    }
    m_reach->setText(lines.join(u'\n'));
}

} // namespace danube::console
