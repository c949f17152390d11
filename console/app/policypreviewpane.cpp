// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/policypreviewpane.h"

#include "console/app/plainlabel.h"
#include "console/models/rulewords.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int newestMinor = 20;
constexpr int oldestMinor = 16;

egress::CiliumVersion versionOf(const QComboBox &versions, int row)
{
    return egress::parseCiliumVersion(versions.itemText(row)).value_or(egress::CiliumVersion());
}

} // namespace

PolicyPreviewPane::PolicyPreviewPane(const ThemeColors &colors, QWidget *parent)
    : QWidget(parent),
      m_text(new DiffText(colors, tr("Generated policy"), this)),
      m_version(new QComboBox(this)),
      m_source(new QLabel(this)),
      m_yours(new QCheckBox(tr("Only your rules"), this)),
      m_changed(new QCheckBox(tr("Only changes"), this)),
      m_summary(new QLabel(this)),
      m_notes(new QLabel(this)),
      m_status(new QLabel(this))
{
    for (int minor = newestMinor; minor >= oldestMinor; --minor)
        m_version->addItem(u"1.%1"_s.arg(minor));
    showCilium();
    m_version->setAccessibleName(tr("Cilium version"));
    m_yours->setToolTip(tr("Rules that come from a list. The others every master has: DNS, its own port, what is "
                           "always refused."));
    for (QLabel *label : {m_source, m_summary, m_notes, m_status}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    auto *version = new QHBoxLayout;
    auto *name = new QLabel(tr("C&ilium"), this);
    name->setBuddy(m_version);
    version->addWidget(name);
    version->addWidget(m_version);
    version->addWidget(m_source, 1);
    auto *choices = new QHBoxLayout;
    choices->addWidget(m_yours);
    choices->addWidget(m_changed);
    choices->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addLayout(version);
    layout->addWidget(m_summary);
    layout->addLayout(choices);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_notes);
    layout->addWidget(m_status);
    setFocusProxy(m_text);
    connect(m_yours, &QCheckBox::toggled, this, &PolicyPreviewPane::showLines);
    connect(m_changed, &QCheckBox::toggled, this, &PolicyPreviewPane::showLines);
    connect(m_version, &QComboBox::activated, this, &PolicyPreviewPane::chooseCilium);
    showStatus(std::nullopt, {});
    setColors(colors);
}

// A master may have one that is newer or older than those listed: it takes its place among them.
void PolicyPreviewPane::showCilium()
{
    int row = 0;
    while (row < m_version->count() && versionOf(*m_version, row) > m_cilium)
        ++row;
    if (row == m_version->count() || versionOf(*m_version, row) != m_cilium)
        m_version->insertItem(row, toText(m_cilium));
    m_version->setCurrentIndex(row);
}

void PolicyPreviewPane::chooseCilium()
{
    m_isChosen = true;
    m_cilium = versionOf(*m_version, m_version->currentIndex());
    m_source->setText(ciliumText());
    emit ciliumChanged();
}

QString PolicyPreviewPane::ciliumText() const
{
    if (m_isChosen)
        return m_told && *m_told != m_cilium ? tr("chosen here; the master says %1").arg(toText(*m_told))
                                             : tr("chosen here");
    return m_told ? tr("as the master says") : tr("assumed: the master does not say which one it has");
}

void PolicyPreviewPane::showStatus(const std::optional<EgressStatus> &status, const QString &problem)
{
    m_told = status ? status->cilium : std::nullopt;
    if (m_told && !m_isChosen && *m_told != m_cilium) {
        m_cilium = *m_told;
        showCilium();
        emit ciliumChanged();
    }
    m_source->setText(ciliumText());
    if (!status) {
        m_status->setText(problem.isEmpty() ? tr("What is applied is not known yet.")
                                            : tr("What is applied is not known: %1").arg(problem));
        return;
    }
    QStringList lines{tr("In force: %1; %2").arg(status->level, status->reason)};
    lines += status->policies;
    m_status->setText(lines.join(u'\n'));
}

void PolicyPreviewPane::showNothing(const QString &why)
{
    m_preview.reset();
    m_summary->setText(why);
    m_notes->hide();
    m_text->setLines({});
}

void PolicyPreviewPane::showPreview(const Result<PolicyPreview> &preview)
{
    if (!preview)
        return showNothing(tr("No policy can be made: %1").arg(preview.error().message));
    m_preview = *preview;
    m_summary->setText(
        m_preview->added + m_preview->removed == 0
            ? tr("Your edit changes no rule.")
            : tr("Your edit changes the policy by +%1 and −%2 lines.").arg(m_preview->added).arg(m_preview->removed));
    QStringList notes;
    for (const QString &note : std::as_const(m_preview->notes))
        notes.append(inOwnWords(note));
    m_notes->setText(notes.join(u'\n'));
    m_notes->setVisible(!notes.isEmpty());
    showLines();
}

void PolicyPreviewPane::showLines()
{
    if (!m_preview)
        return;
    QList<DiffText::Line> lines;
    for (const PolicyLine &line : std::as_const(m_preview->lines)) {
        const bool isSystem = line.origin == PolicyLine::Origin::System;
        const bool isDivider = line.text == u"---"_s;
        if ((m_yours->isChecked() && isSystem && !isDivider) ||
            (m_changed->isChecked() && line.change == DiffLine::Kind::Same))
            continue;
        lines.append({line.change, line.text, isSystem});
    }
    m_text->setLines(std::move(lines));
}

void PolicyPreviewPane::setColors(const ThemeColors &colors)
{
    for (QLabel *label : {m_source, m_status})
        setTextColor(*label, colors.muted);
    setTextColor(*m_notes, colors.warning);
}

} // namespace danube::console
