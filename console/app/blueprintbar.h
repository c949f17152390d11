// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"
#include "console/app/toolbar.h"

class QLabel;
class QPushButton;

namespace danube::console {

class BlueprintDocument;
class BlueprintSession;
class BlueprintWorkspace;
class CommitDialog;
class Guard;
class MessageBar;

/// What the pages of a Blueprint have at their top: their own actions, undo and redo of the shown document, which
/// commit it stands on, and the way to commit. A button that cannot be used says why.
class BlueprintBar : public QWidget
{
    Q_OBJECT
public:
    BlueprintBar(MasterSession &master, const ThemeColors &colors, QWidget *parent = nullptr);

    QAction *addEdit(const QString &icon, const QString &text, const QString &toolTip); ///< before undo and redo
    void setDocument(BlueprintDocument *document);
    /// Loads the Blueprint; what goes wrong with it is said by `messages`, and a locked production master takes no
    /// commit.
    void attach(Guard &guard, MessageBar &messages);
    void setColors(const ThemeColors &colors);
    QAction *undoAction() const { return m_undo; }
    QAction *redoAction() const { return m_redo; }
    QPushButton *commitButton() const { return m_commit; }
    CommitDialog *openCommit();  ///< null: it cannot be opened now, the button says why
    QString whyNoCommit() const; ///< empty: the dialog can be opened
    /// What the registry's actions of Blueprint pages can do here.
    std::optional<ActionState> actionState(const QString &id) const;
    void trigger(const QString &id);

signals:
    void stateChanged();

private:
    void update();

    MasterSession &m_master;
    BlueprintSession &m_blueprint;
    const ThemeColors *m_colors;
    BlueprintDocument *m_document = nullptr;
    ToolBar *m_bar;    ///< folds what a narrow window has no room for; the way to commit stays
    QAction *m_ownEnd; ///< of the page's own actions
    QAction *m_undo;
    QAction *m_redo;
    QAction *m_reload;
    QLabel *m_base;
    QPushButton *m_commit;
};

/// For Page::unsaved(): what every page of a Blueprint would lose, whichever file it shows.
QString unsavedEdits(const BlueprintWorkspace &workspace);
void discardEdits(BlueprintWorkspace &workspace);

/// The master's Blueprint takes no writes while the master is locked. Ends with `context`.
void followGuard(MasterSession &master, Guard &guard, QObject &context);

} // namespace danube::console
