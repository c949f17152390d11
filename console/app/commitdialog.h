// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace danube::console {

class BlueprintSession;
class CommitProgress;
class DiffText;
class MasterSession;
class MergeView;

/// The last look before edits become a commit: what they mean, what they are line by line, what is risky, and why
/// (the message). Then the progress until they hold, or the three-way view when the branch has moved.
class CommitDialog : public QDialog
{
    Q_OBJECT
public:
    CommitDialog(MasterSession &master, const ThemeColors &colors, QWidget *parent = nullptr);

    QPlainTextEdit *message() const { return m_message; }
    QPushButton *commitButton() const { return m_commit; }
    MergeView *mergeView() const { return m_merge; }
    CommitProgress *progress() const { return m_progress; }
    QString summaryText() const;
    QString riskText() const;
    QString hintText() const;
    QString planText() const;
    DiffText *diff() const { return m_diff; }
    bool isReviewing() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    QWidget *makeReview();
    void connectParts();
    void showReview();
    void showRisks();
    void showDiff();
    void updateButton();
    void followRun();

    MasterSession &m_master;
    BlueprintSession &m_blueprint;
    const ThemeColors &m_colors;
    QStackedWidget *m_stack;
    QLabel *m_summary;
    QLabel *m_where;
    QLabel *m_risks;
    QLabel *m_plan;
    QComboBox *m_files;
    DiffText *m_diff;
    QPlainTextEdit *m_message;
    QLabel *m_hint;
    MergeView *m_merge;
    CommitProgress *m_progress;
    QPushButton *m_commit;
    QPushButton *m_close;
};

} // namespace danube::console
