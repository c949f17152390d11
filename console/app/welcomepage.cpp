// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/welcomepage.h"

#include <QAction>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace danube::console {

WelcomePage::WelcomePage(QAction *connect, QAction *openFile, QWidget *parent) : QWidget(parent)
{
    auto *title = new QLabel(tr("No master is connected"), this);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.5);
    title->setFont(large);
    auto *text =
        new QLabel(tr("Connect to a master with its address and a token, or open a log file from this machine."), this);
    text->setWordWrap(true);
    text->setAlignment(Qt::AlignHCenter);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->addStretch(2);
    layout->addWidget(title, 0, Qt::AlignHCenter);
    layout->addWidget(text);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    for (QAction *action : {connect, openFile}) {
        auto *button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setMinimumHeight(fontMetrics().height() + 14);
        buttons->addWidget(button);
        if (action == connect)
            setFocusProxy(button);
    }
    buttons->addStretch();
    layout->addLayout(buttons);
    layout->addStretch(3);
}

} // namespace danube::console
