// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"
#include "console/models/secretsmodel.h"

class QLabel;
class QTableView;

namespace danube::console {

class BlueprintSession;
class MessageBar;
class RenameSecretDialog;
class SecretsSession;
class SetSecretDialog;
class ToolBar;

/// Names of secrets and who uses them. Values can be set, never seen.
class SecretsPage : public Page
{
    Q_OBJECT
public:
    explicit SecretsPage(const PageContext &context, QWidget *parent = nullptr);

    QString title() const override { return tr("Secrets"); }
    QIcon tabIcon() const override;
    void setColors(const ThemeColors &colors) override;
    MasterSession *master() const override { return m_master; }
    QString status() const override;
    QString unsaved() const override; ///< what renaming edited
    void discard() override;
    QList<Detail> details() const override;

    SecretsModel &model() { return m_model; }
    QTableView *table() const { return m_table; }
    MessageBar *messages() const { return m_messages; }
    QString noteText() const;
    SetSecretDialog *askValue(const QString &name); ///< empty = a new secret
    RenameSecretDialog *askRename();                ///< of the selected one
    QAction *setAction() const { return m_set; }

private:
    void build();
    void fill();
    void updateActions();
    const SecretsModel::Row *selected() const;
    void removeSelected();

    MasterSession *m_master;
    BlueprintSession &m_blueprint;
    SecretsSession &m_secrets;
    SecretsModel m_model;
    ToolBar *m_bar;
    MessageBar *m_messages;
    QTableView *m_table;
    QLabel *m_note;
    QAction *m_add = nullptr;
    QAction *m_set = nullptr;
    QAction *m_rename = nullptr;
    QAction *m_remove = nullptr;
    QAction *m_reload = nullptr;
};

} // namespace danube::console
