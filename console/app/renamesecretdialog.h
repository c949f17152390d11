// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/blueprintworkspace.h"
#include "console/models/secretsmodel.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace danube::console {

class SecretField;
class SecretsSession;

/// A secret gets another name: the value is entered again under the new one (nobody can read the old), and what names
/// the old one in the Blueprint is edited, to be committed. The old secret stays until somebody deletes it.
class RenameSecretDialog : public QDialog
{
    Q_OBJECT
public:
    RenameSecretDialog(SecretsSession &secrets, BlueprintWorkspace &workspace, const QString &name,
                       const QString &scope, QWidget *parent = nullptr);

    QLineEdit *newName() const { return m_newName; }
    SecretField *field() const { return m_field; }
    QPushButton *renameButton() const { return m_rename; }
    QString referencesText() const;

signals:
    void renamed(int references);

private:
    QList<SecretReference> references() const; ///< to the secret that gets the other name
    void rename();
    void updateButton();

    SecretsSession &m_secrets;
    BlueprintWorkspace &m_workspace;
    QString m_name;
    QString m_scope;
    QLineEdit *m_newName;
    SecretField *m_field;
    QLabel *m_references;
    QLabel *m_problem;
    QPushButton *m_rename;
};

} // namespace danube::console
