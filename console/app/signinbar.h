// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QAction;
class QLabel;

namespace danube::console {

class MasterSession;

/// Above the pages, while the current page's master no longer takes the token: the page stays as it is, edits included.
class SignInBar : public QFrame
{
    Q_OBJECT
public:
    explicit SignInBar(QAction *signIn, QWidget *parent = nullptr);
    void showFor(const MasterSession *session); ///< hides itself when that one is signed in, or there is none
    void renewIcons();

private:
    QLabel *m_icon;
    QLabel *m_text;
};

} // namespace danube::console
