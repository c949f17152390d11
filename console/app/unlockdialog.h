// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/controllers/guard.h"

#include <QDialog>
#include <QPointer>

namespace Ui {
class UnlockDialog;
} // namespace Ui

namespace danube::console {

/// Asks for a production profile's name before anything may be changed there.
class UnlockDialog : public QDialog
{
    Q_OBJECT
public:
    UnlockDialog(Guard &guard, MasterSession &session, const ThemeColors &colors, QWidget *parent = nullptr);
    ~UnlockDialog() override;

private:
    void unlock();
    Guard &m_guard;
    QPointer<MasterSession> m_session;
    std::unique_ptr<Ui::UnlockDialog> m_ui;
};

} // namespace danube::console
