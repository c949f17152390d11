// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/configpage.h"

#include "console/app/blueprintbar.h"
#include "console/app/configform.h"
#include "console/app/icons.h"
#include "console/app/jsontextedit.h"
#include "console/app/messagebar.h"
#include "console/app/plainlabel.h"
#include "console/app/severitydelegate.h"
#include "console/app/tablelook.h"
#include "console/controllers/blueprintsession.h"
#include "console/controllers/mastersession.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

ConfigPage::ConfigPage(const PageContext &context, QWidget *parent)
    : Page(parent),
      m_master(context.master),
      m_blueprint(context.master->blueprint()),
      m_colors(&context.colors),
      m_bar(new BlueprintBar(*context.master, context.colors, this)),
      m_messages(new MessageBar(this)),
      m_files(new QComboBox(this)),
      m_summary(new QLabel(this)),
      m_form(new ConfigForm(this)),
      m_text(new JsonTextEdit(context.colors, this)),
      m_table(new QTableView(this)),
      m_severities(new SeverityDelegate(FindingsModel::SeverityRole, this))
{
    build();
    connectParts();
    m_bar->attach(context.guard, *m_messages);
    fillFiles();
    setColors(context.colors);
}

void ConfigPage::build()
{
    m_showForm = m_bar->addEdit(u"config"_s, tr("Form"), tr("Show or hide the form"));
    m_showText = m_bar->addEdit(u"file"_s, tr("Text"), tr("Show or hide the text"));
    for (QAction *action : {m_showForm, m_showText}) {
        action->setCheckable(true);
        action->setChecked(true);
    }
    m_files->setAccessibleName(tr("File"));
    m_files->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    auto *label = new QLabel(tr("&File"), this);
    label->setBuddy(m_files);
    auto *choice = new QHBoxLayout;
    choice->setContentsMargins(8, 8, 8, 8);
    choice->setSpacing(8);
    choice->addWidget(label);
    choice->addWidget(m_files);
    choice->addStretch(1);
    m_table->setModel(&m_findings);
    m_table->setItemDelegateForColumn(FindingsModel::SeverityColumn, m_severities);
    dressTable(*m_table, tr("Findings"),
               {{FindingsModel::SeverityColumn, "Warning MMMM"},
                {FindingsModel::PlaceColumn, "pipelines/firmware.json:12:5"},
                {FindingsModel::MessageColumn, ""},
                {FindingsModel::FixColumn, "write it in lower case, or take it out"}});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setContentsMargins(8, 4, 8, 4);
    auto *below = new QWidget(this);
    auto *belowLayout = new QVBoxLayout(below);
    belowLayout->setContentsMargins(0, 0, 0, 0);
    belowLayout->setSpacing(0);
    belowLayout->addWidget(m_summary);
    belowLayout->addWidget(m_table, 1);
    auto *sides = new QSplitter(Qt::Horizontal, this);
    sides->setChildrenCollapsible(false);
    sides->addWidget(m_form);
    sides->addWidget(m_text);
    sides->setSizes({520, 640});
    auto *whole = new QSplitter(Qt::Vertical, this);
    whole->setChildrenCollapsible(false);
    whole->addWidget(sides);
    whole->addWidget(below);
    whole->setStretchFactor(0, 1);
    whole->setSizes({520, 140});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bar);
    layout->addWidget(m_messages);
    layout->addLayout(choice);
    layout->addWidget(whole, 1);
    setFocusProxy(m_files);
}

void ConfigPage::connectParts()
{
    BlueprintWorkspace &workspace = m_blueprint.workspace();
    connect(&workspace, &BlueprintWorkspace::loaded, this, &ConfigPage::fillFiles);
    connect(&workspace, &BlueprintWorkspace::findingsChanged, this, &ConfigPage::showFindings);
    connect(m_bar, &BlueprintBar::stateChanged, this, &Page::changed);
    connect(m_files, &QComboBox::currentIndexChanged, this, &ConfigPage::showDocument);
    connect(m_form, &ConfigForm::problem, m_messages, &MessageBar::showProblem);
    connect(m_form, &ConfigForm::textWanted, this, [this](const QString &pointer) {
        m_showText->setChecked(true);
        m_text->showPointer(pointer, {});
        m_text->setFocus();
    });
    const auto open = [this](const QModelIndex &index) { goTo(m_findings.finding(index.row())); };
    connect(m_table, &QTableView::clicked, this, open);
    connect(m_table, &QTableView::activated, this, open);
    connect(m_showForm, &QAction::toggled, m_form, &QWidget::setVisible);
    connect(m_showText, &QAction::toggled, m_text, &QWidget::setVisible);
}

void ConfigPage::fillFiles()
{
    const QString shown = m_files->currentText();
    const QSignalBlocker quiet(m_files);
    m_files->clear();
    m_files->addItems(m_blueprint.workspace().paths());
    m_files->setCurrentIndex(std::max(0, m_files->findText(shown)));
    showDocument();
}

void ConfigPage::showFile(const QString &path)
{
    m_files->setCurrentIndex(std::max(0, m_files->findText(path)));
}

void ConfigPage::showDocument()
{
    BlueprintWorkspace &workspace = m_blueprint.workspace();
    BlueprintDocument *document = workspace.isLoaded() ? workspace.document(m_files->currentText()) : nullptr;
    m_form->setDocument(document);
    m_text->setDocument(document);
    m_bar->setDocument(document);
    showFindings();
}

void ConfigPage::showFindings()
{
    const QString file = m_files->currentText();
    m_findings.setFindings(m_blueprint.workspace().findings(), file);
    m_summary->setText(m_findings.summary());
    QList<std::pair<QString, QColor>> marks;
    for (int row = 0; row < m_findings.rowCount(); ++row) {
        const blueprint::Finding &finding = m_findings.finding(row);
        const auto severity = m_findings.index(row, 0).data(FindingsModel::SeverityRole).toInt();
        if (finding.file == file && !finding.pointer.isEmpty())
            marks.append({finding.pointer, severityColor(*m_colors, egress::Severity(severity))});
    }
    m_text->setMarks(marks);
    emit changed();
}

void ConfigPage::goTo(const blueprint::Finding &finding)
{
    if (!finding.file.isEmpty())
        showFile(finding.file);
    m_text->showPointer(finding.pointer, finding.position);
    if (m_text->isVisible())
        m_text->setFocus();
    else
        m_form->focusField(finding.pointer);
}

QIcon ConfigPage::tabIcon() const
{
    return icon(u"config"_s);
}

QString ConfigPage::status() const
{
    return m_findings.summary();
}

QString ConfigPage::unsaved() const
{
    return unsavedEdits(m_blueprint.workspace());
}

void ConfigPage::discard()
{
    discardEdits(m_blueprint.workspace());
}

std::optional<ActionState> ConfigPage::actionState(const QString &id) const
{
    return m_bar->actionState(id);
}

void ConfigPage::trigger(const QString &id)
{
    m_bar->trigger(id);
}

void ConfigPage::setColors(const ThemeColors &colors)
{
    m_colors = &colors;
    m_bar->setColors(colors);
    m_text->setColors(colors);
    m_severities->setColors(colors);
    setTextColor(*m_summary, colors.muted);
    showFindings();
}

} // namespace danube::console
