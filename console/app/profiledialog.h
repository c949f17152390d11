// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/controllers/profile.h"

#include <QDialog>

class QPushButton;

namespace Ui {
class ProfileDialog;
} // namespace Ui

namespace danube::console {

/// A profile to fill in. It asks by saveWanted(); accept it when that worked, else showProblem().
class ProfileDialog : public QDialog
{
    Q_OBJECT
public:
    ProfileDialog(const Profile &profile, const ThemeColors &colors, QWidget *parent = nullptr);
    ~ProfileDialog() override;
    Profile profile() const;
    void showProblem(const QString &text);

signals:
    void saveWanted(bool connectNow);
    void testWanted();

private:
    void showWay();
    void check();
    Profile m_first;
    std::unique_ptr<Ui::ProfileDialog> m_ui;
    QList<QPushButton *> m_needAddress;
};

} // namespace danube::console
