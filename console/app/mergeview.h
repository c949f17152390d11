// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace danube::console {

class BlueprintSession;
class DiffText;

/// Three sides of what the branch and I both changed: what they did, what I did, and what merging gives. Places that
/// both changed are decided one by one; until then theirs stands.
class MergeView : public QWidget
{
    Q_OBJECT
public:
    MergeView(BlueprintSession &blueprint, const ThemeColors &colors, QWidget *parent = nullptr);

    DiffText *theirs() const { return m_theirs; }
    DiffText *mine() const { return m_mine; }
    DiffText *result() const { return m_result; }
    QPushButton *acceptButton() const { return m_accept; }

signals:
    void accepted();

private:
    void showMerge();
    void showFile();
    void showConflicts();

    BlueprintSession &m_blueprint;
    QLabel *m_title;
    QComboBox *m_files;
    DiffText *m_theirs;
    DiffText *m_mine;
    DiffText *m_result;
    QVBoxLayout *m_conflicts;
    QPushButton *m_accept;
};

} // namespace danube::console
