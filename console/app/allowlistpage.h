// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"
#include "shared/model/egressrefusal.h"

class QAction;
class QComboBox;
class QLabel;
class QTabWidget;

namespace danube::console {

class AllowlistEditor;
class BlueprintBar;
class BlueprintSession;
class DeniedPane;
class EgressSession;
class HostTestPane;
class MessageBar;
class PolicyPreviewPane;

/// The hosts that jobs may reach: the list of every job or of one pipeline, and beside it what an edit does before it
/// is committed.
class AllowlistPage : public Page
{
    Q_OBJECT
public:
    explicit AllowlistPage(const PageContext &context, QWidget *parent = nullptr);

    QString title() const override { return tr("Allowlist"); }
    QIcon tabIcon() const override;
    void setColors(const ThemeColors &colors) override;
    MasterSession *master() const override { return m_master; }
    QString status() const override;
    QString unsaved() const override;
    void discard() override;
    std::optional<ActionState> actionState(const QString &id) const override;
    void trigger(const QString &id) override;
    QList<Findable> findable() const override; ///< the hosts

    AllowlistEditor *editor() const { return m_editor; }
    HostTestPane *hostTest() const { return m_hostTest; }
    PolicyPreviewPane *preview() const { return m_preview; }
    DeniedPane *denied() const { return m_denied; }
    QTabWidget *sideTabs() const { return m_side; }
    BlueprintBar *bar() const { return m_bar; }
    MessageBar *messages() const { return m_messages; }
    void showList(const QString &path); ///< config.json or a pipeline's file
    QString shownPath() const;

private:
    void build();
    void connectParts();
    void fillLists();
    void showDocument();
    void judge();
    void showPreview();
    void showEgress();
    QList<EgressRefusal> shownRefusals() const;
    void showRefusals();
    void updateActions();
    void findRedundant();
    void importFromJob();

    MasterSession *m_master;
    BlueprintSession &m_blueprint;
    EgressSession &m_egress;
    BlueprintBar *m_bar;
    MessageBar *m_messages;
    QComboBox *m_lists;
    AllowlistEditor *m_editor;
    QTabWidget *m_side;
    HostTestPane *m_hostTest;
    PolicyPreviewPane *m_preview;
    DeniedPane *m_denied;
    QAction *m_add;
    QAction *m_remove;
    QAction *m_edit;
    QAction *m_sort;
    QAction *m_redundant;
    QAction *m_import;
};

} // namespace danube::console
