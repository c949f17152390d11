// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/controllers/connectiontest.h"

#include <QDialog>

class QListView;
class QPushButton;

namespace danube::console {

/// The steps of a connection test, as they pass or fail.
class ConnectionTestDialog : public QDialog
{
    Q_OBJECT
public:
    ConnectionTestDialog(const Profile &profile, Secret token, const ThemeColors &colors, QWidget *parent = nullptr);
    const ConnectionTest &test() const { return m_test; }

private:
    ConnectionTest m_test;
    QListView *m_list;
};

} // namespace danube::console
