// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/signinbar.h"

#include "console/app/icons.h"
#include "console/controllers/mastersession.h"

#include <QAccessible>
#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace danube::console {

SignInBar::SignInBar(QAction *signIn, QWidget *parent)
    : QFrame(parent), m_icon(new QLabel(this)), m_text(new QLabel(this))
{
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    auto *button = new QToolButton(this);
    button->setDefaultAction(signIn);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::StrongFocus);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 4, 6, 4);
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    layout->addWidget(button);
    renewIcons();
    hide();
}

void SignInBar::showFor(const MasterSession *session)
{
    const bool needed = session && session->connection().state == ConnectionState::SignInNeeded;
    if (needed) {
        m_text->setText(tr("%1 no longer takes your sign-in. What you see is kept, edits too; sign in again to go on.")
                            .arg(session->profile().name));
        if (!isVisibleTo(parentWidget())) {
            QAccessibleEvent event(m_text, QAccessible::Alert);
            QAccessible::updateAccessibility(&event);
        }
    }
    setVisible(needed);
}

void SignInBar::renewIcons()
{
    m_icon->setPixmap(icon(QStringLiteral("lock")).pixmap(16));
}

} // namespace danube::console
