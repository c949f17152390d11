// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/unlockdialog.h"

#include "console/app/plainlabel.h"
#include "ui_unlockdialog.h"

#include <QPushButton>

namespace danube::console {

UnlockDialog::UnlockDialog(Guard &guard, MasterSession &session, const ThemeColors &colors, QWidget *parent)
    : QDialog(parent), m_guard(guard), m_session(&session), m_ui(std::make_unique<Ui::UnlockDialog>())
{
    m_ui->setupUi(this);
    setWindowTitle(tr("Unlock %1").arg(session.profile().name));
    setMinimumWidth(fontMetrics().averageCharWidth() * 70);
    m_ui->text->setText(tr("%1 is production. Type its name to allow changes for 15 minutes. It locks again by itself "
                           "when the connection is lost, and when nobody uses the console for five minutes.")
                            .arg(session.profile().name));
    followTextColor(*m_ui->problem, colors, &ThemeColors::failure);
    m_ui->buttons->button(QDialogButtonBox::Ok)->setText(tr("&Unlock"));
    m_ui->name->setPlaceholderText(session.profile().name);
    connect(m_ui->buttons, &QDialogButtonBox::accepted, this, &UnlockDialog::unlock);
    connect(m_ui->buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_session, &QObject::destroyed, this, &QDialog::reject);
}

UnlockDialog::~UnlockDialog() = default;

void UnlockDialog::unlock()
{
    if (!m_session)
        return;
    if (const auto done = m_guard.unlock(m_session, m_ui->name->text()); !done)
        m_ui->problem->setText(done.error().message);
    else
        accept();
}

} // namespace danube::console
