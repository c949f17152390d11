// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/downloadsmodel.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;

namespace danube::console {

class ArchiveDialog;
class DownloadQueue;
struct ActionState;

/// The downloads of a master: how far each is; pause, resume, cancel, look inside, open its folder.
class DownloadsPane : public QWidget
{
    Q_OBJECT
public:
    explicit DownloadsPane(DownloadQueue &queue, QWidget *parent = nullptr);

    QTableView *table() const { return m_table; }
    ArchiveDialog *lookInside(); ///< of the selected one; null when it cannot be

    // What the registry's actions "downloads.…" can do here.
    std::optional<ActionState> actionState(const QString &id) const;
    void trigger(const QString &id);

signals:
    void changed();

private:
    void build();
    void addButton(const char *id, const QString &icon, const QString &text);
    void refresh();
    QList<int> selectedRows() const;
    const DownloadItem *single() const; ///< null unless one is selected
    QString whyNot(const QString &id) const;

    DownloadQueue &m_queue;
    QTableView *m_table;
    QLabel *m_note;
    QList<std::pair<QString, QPushButton *>> m_buttons; ///< by action
};

} // namespace danube::console
