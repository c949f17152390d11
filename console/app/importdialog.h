// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/controllers/egresssession.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace danube::console {

/// Entries that one job would have needed, to be picked one by one.
class ImportDialog : public QDialog
{
    Q_OBJECT
public:
    /// `jobs`: ids to offer, newest first.
    ImportDialog(EgressSession &egress, const QStringList &jobs, QWidget *parent = nullptr);
    QStringList entries() const; ///< the checked ones

private:
    void lookUp();
    void showProposal(const Result<QStringList> &proposal);

    EgressSession &m_egress;
    QString m_asked; ///< the job of the last question
    QLineEdit *m_job;
    QListWidget *m_list;
    QLabel *m_text;
    QPushButton *m_add;
};

} // namespace danube::console
