// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QTimer;

namespace danube::console {

class ArtifactSession;
class ArtifactsView;
class DownloadQueue;
class DownloadsPane;
class MessageBar;

/// Artifacts over the latest jobs of a master, found by a filter line, and below them the downloads.
class ArtifactsPage : public Page
{
    Q_OBJECT
public:
    explicit ArtifactsPage(const PageContext &context, QWidget *parent = nullptr);

    QString title() const override { return tr("Artifacts"); }
    QIcon tabIcon() const override;
    void setColors(const ThemeColors &colors) override;
    MasterSession *master() const override { return m_master; }
    QString status() const override;
    QList<JobRef> jobs() const override; ///< those whose artifacts are selected
    QList<Detail> details() const override;
    std::optional<ActionState> actionState(const QString &id) const override;
    void trigger(const QString &id) override;

    ArtifactsView *table() const { return m_table; }
    DownloadsPane *downloads() const { return m_downloads; }
    QLineEdit *filterLine() const { return m_filterLine; }
    MessageBar *messages() const { return m_messages; }
    QString noteText() const;

private:
    void build();
    void connectParts();
    void reload();
    void refresh();

    MasterSession *m_master;
    ArtifactSession &m_artifacts;
    DownloadQueue &m_queue;
    MessageBar *m_messages;
    QLineEdit *m_filterLine;
    ArtifactsView *m_table;
    DownloadsPane *m_downloads;
    QLabel *m_count;
    QLabel *m_note; ///< over the empty table
    QPushButton *m_reload;
    QTimer *m_typing;
};

} // namespace danube::console
