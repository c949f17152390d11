// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/controllers/credentials.h"

#include <QDialog>

class QPushButton;

namespace Ui {
class SignInDialog;
} // namespace Ui

namespace danube::console {

/// Signing in at a profile's provider: by the browser, or by a code on another device. Says signedIn() when the tokens
/// are there; accept it then. Closing it cancels.
class SignInDialog : public QDialog
{
    Q_OBJECT
public:
    SignInDialog(const Profile &profile, const SignIn::Settings &settings, const ThemeColors &colors,
                 QWidget *parent = nullptr);
    ~SignInDialog() override;

    const SignIn *signIn() const { return m_signIn.get(); } ///< while one is under way
    TokenSet takeTokens() { return std::move(m_tokens); }
    Credentials::Keep keep() const;
    void showProblem(const QString &text); ///< and offers both ways again

signals:
    void browserWanted(const QUrl &url);
    void signedIn();

private:
    void begin(SignInWay way);
    void showCode(const DeviceCode &code);
    void showCountdown();
    void back();
    void fit();

    SignIn::Settings m_settings;
    std::unique_ptr<Ui::SignInDialog> m_ui;
    std::unique_ptr<SignIn> m_signIn;
    QPushButton *m_back;
    QUrl m_link;
    TokenSet m_tokens;
    QTimer m_second;
    seconds m_left{0};
};

} // namespace danube::console
