// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/mergeview.h"

#include "console/app/difftext.h"
#include "console/app/plainlabel.h"
#include "console/controllers/blueprintsession.h"
#include "shared/blueprint/schema.h"
#include "shared/egress/finding.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

QString shown(const QJsonValue &value)
{
    if (value.isUndefined())
        return MergeView::tr("(removed)");
    const QByteArray json = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return egress::displayText(QString::fromUtf8(json.sliced(1, json.size() - 2)));
}

QWidget *titled(const QString &title, QWidget *content, QWidget *parent)
{
    auto *part = new QWidget(parent);
    auto *layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(new QLabel(title, part));
    layout->addWidget(content, 1);
    return part;
}

} // namespace

MergeView::MergeView(BlueprintSession &blueprint, const ThemeColors &colors, QWidget *parent)
    : QWidget(parent),
      m_blueprint(blueprint),
      m_title(new QLabel(this)),
      m_files(new QComboBox(this)),
      m_theirs(new DiffText(colors, tr("What the branch changed"), this)),
      m_mine(new DiffText(colors, tr("What you changed"), this)),
      m_result(new DiffText(colors, tr("The merge, beside the branch"), this)),
      m_conflicts(new QVBoxLayout),
      m_accept(new QPushButton(tr("&Take the merge, then review it"), this))
{
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    m_files->setAccessibleName(tr("File"));
    m_conflicts->setSpacing(4);
    auto *sides = new QHBoxLayout;
    sides->addWidget(titled(tr("The branch changed"), m_theirs, this));
    sides->addWidget(titled(tr("You changed"), m_mine, this));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_title);
    layout->addWidget(m_files);
    layout->addLayout(sides, 1);
    layout->addLayout(m_conflicts);
    layout->addWidget(titled(tr("Merged: what your commit will add to the branch"), m_result, this), 1);
    layout->addWidget(m_accept, 0, Qt::AlignRight);
    connect(m_accept, &QPushButton::clicked, this, &MergeView::accepted);
    connect(m_files, &QComboBox::currentIndexChanged, this, &MergeView::showFile);
    connect(&m_blueprint, &BlueprintSession::mergeNeeded, this, &MergeView::showMerge);
    if (!m_blueprint.merges().isEmpty())
        showMerge();
}

void MergeView::showMerge()
{
    m_title->setText(tr("The branch has moved to %1 since you loaded it. Nothing was overwritten and nothing was "
                        "committed.")
                         .arg(m_blueprint.moved().commit.left(12)));
    const QString current = m_files->currentText();
    {
        const QSignalBlocker quiet(m_files);
        m_files->clear();
        for (const BlueprintSession::FileMerge &file : m_blueprint.merges())
            m_files->addItem(file.path);
        m_files->setCurrentIndex(std::max(0, m_files->findText(current)));
        m_files->setVisible(m_files->count() > 1);
    }
    showFile();
}

void MergeView::showFile()
{
    const int index = m_files->currentIndex();
    if (index < 0 || index >= m_blueprint.merges().size())
        return;
    const BlueprintSession::FileMerge &file = m_blueprint.merges()[index];
    const QStringList base = linesOf(file.input.base);
    const QStringList theirs = linesOf(file.input.theirs);
    m_theirs->setDifference(diffLines(base, theirs));
    m_mine->setDifference(diffLines(base, linesOf(file.input.mine)));
    m_result->setDifference(diffLines(theirs, linesOf(file.merged.text)));
    showConflicts();
}

void MergeView::showConflicts()
{
    while (QLayoutItem *item = m_conflicts->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    const BlueprintSession::FileMerge &file = m_blueprint.merges()[m_files->currentIndex()];
    for (const MergeConflict &conflict : file.merged.conflicts) {
        auto *row = new QWidget(this);
        auto *layout = new QHBoxLayout(row);
        layout->setContentsMargins(0, 0, 0, 0);
        const bool isFile = conflict.pointer.isEmpty();
        auto *label = new QLabel(isFile ? tr("The file is no JSON on one side: one of them has to go.")
                                        : tr("Both changed %1:").arg(blueprint::readablePath(conflict.pointer)),
                                 row);
        label->setTextFormat(Qt::PlainText);
        auto *theirs = new QRadioButton(
            isFile ? tr("the branch's") : tr("branch: %1").arg(withoutKeys(shown(conflict.theirs))), row);
        auto *mine =
            new QRadioButton(isFile ? tr("yours") : tr("yours: %1").arg(withoutKeys(shown(conflict.mine))), row);
        const bool isMine = m_blueprint.choice(file.path, conflict.pointer) == MergeSide::Mine;
        (isMine ? mine : theirs)->setChecked(true);
        layout->addWidget(label);
        layout->addWidget(theirs);
        layout->addWidget(mine);
        layout->addStretch(1);
        connect(mine, &QRadioButton::clicked, this, [this, path = file.path, pointer = conflict.pointer] {
            m_blueprint.choose(path, pointer, MergeSide::Mine);
        });
        connect(theirs, &QRadioButton::clicked, this, [this, path = file.path, pointer = conflict.pointer] {
            m_blueprint.choose(path, pointer, MergeSide::Theirs);
        });
        m_conflicts->addWidget(row);
    }
}

} // namespace danube::console
