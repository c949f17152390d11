// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/controllers/jobbatch.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QTableView;

namespace danube::console {

class RowsModel;

/// Shows what cancelling or retrying several jobs would do, asks, does it, and shows what came of each.
class BatchDialog : public QDialog
{
    Q_OBJECT
public:
    BatchDialog(JobAction action, const QList<std::pair<MasterSession *, JobId>> &jobs, QWidget *parent = nullptr);

    JobBatch &batch() { return m_batch; }
    QPushButton *startButton() const { return m_start; }
    QString summary() const;

    /// One job is acted upon at once; for several, this dialog is opened.
    static void act(JobAction action, const QList<std::pair<MasterSession *, JobId>> &jobs, QWidget *parent);

private:
    QStringList cellsOf(const JobBatch::Item &item) const;
    void showItems();
    void showItem(int index);
    void start();
    JobBatch m_batch;
    RowsModel *m_rows;
    QLabel *m_question;
    QTableView *m_table;
    QLabel *m_summary;
    QPushButton *m_start;
    QPushButton *m_close;
};

} // namespace danube::console
