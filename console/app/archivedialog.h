// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/archivelist.h"

#include <QDialog>
#include <QFutureWatcher>

#include <functional>

class QLabel;
class QPlainTextEdit;
class QTreeWidget;
class QTreeWidgetItem;

namespace danube::console {

/// What is inside of a downloaded archive: a tree, and the beginning of the chosen file as text. Nothing is unpacked.
class ArchiveDialog : public QDialog
{
    Q_OBJECT
public:
    explicit ArchiveDialog(const QString &file, QWidget *parent = nullptr);
    ~ArchiveDialog() override; ///< stops what still reads

    QTreeWidget *tree() const { return m_tree; }
    QPlainTextEdit *text() const { return m_text; }
    QString summary() const;
    bool isListed() const { return m_isListed; } ///< also when it could not be

private:
    void build();
    void showList(const Result<ArchiveList> &list);
    void addEntry(QTreeWidgetItem &root, const ArchiveEntry &entry);
    void showEntry(const QTreeWidgetItem *item);

    QString m_file;
    QTreeWidget *m_tree;
    QPlainTextEdit *m_text;
    QLabel *m_summary;
    bool m_isListed = false;
    QHash<QString, QTreeWidgetItem *> m_folders; ///< by path
    QFutureWatcher<Result<ArchiveList>> m_listing;
    QFutureWatcher<Result<QByteArray>> m_reading;
    std::stop_source m_stop;        ///< of the list
    std::stop_source m_stopReading; ///< of the content
};

} // namespace danube::console
