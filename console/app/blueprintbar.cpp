// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/blueprintbar.h"

#include "console/app/commitdialog.h"
#include "console/app/icons.h"
#include "console/app/messagebar.h"
#include "console/app/plainlabel.h"
#include "console/controllers/blueprintsession.h"
#include "console/controllers/guard.h"
#include "console/controllers/mastersession.h"
#include "console/models/commitplan.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace danube::console {

BlueprintBar::BlueprintBar(MasterSession &master, const ThemeColors &colors, QWidget *parent)
    : QWidget(parent),
      m_master(master),
      m_blueprint(master.blueprint()),
      m_colors(&colors),
      m_bar(new ToolBar(this)),
      m_base(new QLabel(this)),
      m_commit(new QPushButton(tr("&Commit…"), this))
{
    m_bar->setAccessibleName(tr("Blueprint actions"));
    m_ownEnd = m_bar->addSeparator();
    m_undo = m_bar->addAction(icon(u"undo"_s), tr("Undo"));
    m_redo = m_bar->addAction(icon(u"redo"_s), tr("Redo"));
    m_bar->addSeparator();
    m_reload = m_bar->addAction(icon(u"reconnect"_s), tr("Reload"));
    m_base->setTextFormat(Qt::PlainText);
    m_base->setContentsMargins(8, 0, 8, 0);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 2, 8, 2);
    layout->setSpacing(0);
    layout->addWidget(m_bar, 1);
    layout->addWidget(m_base);
    layout->addWidget(m_commit);
    connect(m_undo, &QAction::triggered, this, [this] { m_document->undoStack().undo(); });
    connect(m_redo, &QAction::triggered, this, [this] { m_document->undoStack().redo(); });
    connect(m_reload, &QAction::triggered, this, [this] { m_blueprint.load(); });
    connect(m_commit, &QPushButton::clicked, this, &BlueprintBar::openCommit);
    connect(&m_blueprint, &BlueprintSession::stateChanged, this, &BlueprintBar::update);
    connect(&m_blueprint.workspace(), &BlueprintWorkspace::edited, this, &BlueprintBar::update);
    connect(&m_blueprint.workspace(), &BlueprintWorkspace::modifiedChanged, this, &BlueprintBar::update);
    connect(&m_blueprint.workspace(), &BlueprintWorkspace::findingsChanged, this, &BlueprintBar::update);
    connect(&m_blueprint.workspace(), &BlueprintWorkspace::loaded, this, &BlueprintBar::update);
    setColors(colors);
    update();
}

QAction *BlueprintBar::addEdit(const QString &drawing, const QString &text, const QString &toolTip)
{
    auto *action = new QAction(icon(drawing), text, this);
    action->setToolTip(toolTip);
    action->setData(toolTip);
    m_bar->insertAction(m_ownEnd, action);
    return action;
}

void BlueprintBar::setDocument(BlueprintDocument *document)
{
    if (m_document == document)
        return;
    if (m_document)
        m_document->undoStack().disconnect(this);
    m_document = document;
    if (m_document)
        connect(&m_document->undoStack(), &QUndoStack::indexChanged, this, &BlueprintBar::update);
    update();
}

void BlueprintBar::attach(Guard &guard, MessageBar &messages)
{
    followGuard(m_master, guard, *this);
    connect(&m_blueprint, &BlueprintSession::stateChanged, &messages, [this, &messages, told = QString()]() mutable {
        const QString before = std::exchange(told, m_blueprint.problem());
        if (!told.isEmpty())
            messages.showProblem(told);
        else if (messages.text() == before)
            messages.hide(); // it was mended
    });
    connect(&m_blueprint, &BlueprintSession::branchMoved, &messages, [&messages](const QString &commit) {
        messages.showProblem(
            tr("The branch has moved to %1. Your edits stay; committing will merge them.").arg(commit.left(8)));
    });
    if (!m_blueprint.workspace().isLoaded())
        m_blueprint.load();
}

QString BlueprintBar::whyNoCommit() const
{
    return console::whyNoCommit(m_blueprint.workspace(), u"-"_s, m_blueprint.writeBlock());
}

CommitDialog *BlueprintBar::openCommit()
{
    m_blueprint.workspace().validateNow();
    update();
    if (!m_commit->isEnabled())
        return nullptr;
    auto *dialog = new CommitDialog(m_master, *m_colors, this); // goes with the page, as the master does
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
    return dialog;
}

void BlueprintBar::update()
{
    const QUndoStack *stack = m_document ? &m_document->undoStack() : nullptr;
    const bool canUndo = stack && stack->canUndo();
    const bool canRedo = stack && stack->canRedo();
    allow(m_undo, {canUndo, tr("nothing was edited")});
    allow(m_redo, {canRedo, tr("nothing was undone")});
    if (canUndo)
        m_undo->setToolTip(tr("Undo: %1").arg(stack->undoText()));
    if (canRedo)
        m_redo->setToolTip(tr("Redo: %1").arg(stack->redoText()));
    const BlueprintWorkspace &workspace = m_blueprint.workspace();
    const bool modified = workspace.isModified();
    allow(m_reload, {!modified && !m_blueprint.isLoading(),
                     modified ? tr("commit or undo your edits first") : tr("it is being loaded")});
    m_base->setText(!workspace.isLoaded() ? QString()
                    : modified ? tr("edited · %1 at %2").arg(workspace.base().branch, workspace.base().commit.left(8))
                               : tr("%1 at %2").arg(workspace.base().branch, workspace.base().commit.left(8)));
    const QString why = whyNoCommit();
    m_commit->setEnabled(why.isEmpty());
    m_commit->setToolTip(why.isEmpty() ? tr("Review the edits and commit them") : why);
    m_commit->setAccessibleDescription(m_commit->toolTip());
    emit stateChanged();
}

std::optional<ActionState> BlueprintBar::actionState(const QString &id) const
{
    const auto of = [](const QAction *action) { return ActionState{action->isEnabled(), action->statusTip()}; };
    if (id == "edit.undo"_L1)
        return of(m_undo);
    if (id == "edit.redo"_L1)
        return of(m_redo);
    if (id == "blueprint.reload"_L1)
        return of(m_reload);
    if (id == "blueprint.commit"_L1)
        return ActionState{m_commit->isEnabled(), whyNoCommit()};
    if (id == "blueprint.validate"_L1)
        return ActionState{m_blueprint.workspace().isLoaded(), tr("the configuration is not loaded")};
    return std::nullopt;
}

void BlueprintBar::trigger(const QString &id)
{
    if (id == "edit.undo"_L1)
        m_undo->trigger();
    else if (id == "edit.redo"_L1)
        m_redo->trigger();
    else if (id == "blueprint.reload"_L1)
        m_reload->trigger();
    else if (id == "blueprint.commit"_L1)
        openCommit();
    else if (id == "blueprint.validate"_L1)
        m_blueprint.workspace().validateNow();
}

void BlueprintBar::setColors(const ThemeColors &colors)
{
    m_colors = &colors;
    setTextColor(*m_base, colors.muted);
}

QString unsavedEdits(const BlueprintWorkspace &workspace)
{
    const QStringList files = workspace.changedFiles().keys();
    return files.isEmpty() ? QString() : BlueprintBar::tr("edits of %1").arg(files.join(u", "_s));
}

void discardEdits(BlueprintWorkspace &workspace)
{
    workspace.load(workspace.base());
}

void followGuard(MasterSession &master, Guard &guard, QObject &context)
{
    const auto ask = [&master, &guard] { master.blueprint().setLock(guard.lockReason(&master)); };
    QObject::connect(&guard, &Guard::changed, &context, ask);
    ask();
}

} // namespace danube::console
