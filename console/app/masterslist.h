// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/kinddelegate.h"

#include <QWidget>

class QLabel;
class QTableView;
class QToolButton;

namespace danube::console {

class ActionRegistry;
class ProfileModel;
class ToolBar;

/// The known masters and what can be done with them: the welcome while nothing is connected, and the Masters page. What
/// its buttons do are actions of the registry; they act upon selectedUrls() of the page in front.
class MastersList : public QWidget
{
    Q_OBJECT
public:
    MastersList(ProfileModel &profiles, const ActionRegistry &actions, const ThemeColors &colors,
                QWidget *parent = nullptr);
    QStringList selectedUrls() const;
    QTableView *table() const { return m_table; }
    void setColors(const ThemeColors &colors);

signals:
    void selectionChanged();
    void connectWanted(const QString &url);

private:
    void buildTable();
    void showRows();
    ProfileModel &m_profiles;
    QLabel *m_title;
    QLabel *m_text;
    QTableView *m_table;
    QToolButton *m_add;
    ToolBar *m_first; ///< while the list is empty
    ToolBar *m_all;
    KindDelegate m_kinds;
};

} // namespace danube::console
