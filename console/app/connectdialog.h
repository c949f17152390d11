// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/controllers/credentials.h"

#include <QDialog>

namespace Ui {
class ConnectDialog;
} // namespace Ui

namespace danube::console {

/// Asks for address and token of a master. Open it without blocking and take what it gives by connectRequested().
class ConnectDialog : public QDialog
{
    Q_OBJECT
public:
    ConnectDialog(const QList<Profile> &known, const ThemeColors &colors, QWidget *parent = nullptr);
    ~ConnectDialog() override;

    void setProfile(const Profile &profile);
    void showProblem(const QString &text); ///< stays open
    Profile profile() const;
    Secret takeToken(); ///< and forgets it
    Credentials::Keep keep() const;

signals:
    /// The operator pressed Connect. Accept the dialog when it worked, else showProblem().
    void connectRequested();

private:
    void fillFrom(const QString &url);
    void readTokenFile(const QString &path);
    void chooseTokenFile();

    QList<Profile> m_known;
    bool m_isFilled = false; ///< name and kind are those of a known address
    std::unique_ptr<Ui::ConnectDialog> m_ui;
};

} // namespace danube::console
