// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace danube::console {

class SecretField;
class SecretsSession;

/// Gives a secret a value. What was entered leaves the dialog the moment it is sent, whatever the answer.
class SetSecretDialog : public QDialog
{
    Q_OBJECT
public:
    /// An empty name asks for one.
    SetSecretDialog(SecretsSession &secrets, const QString &name, const QString &scope, QWidget *parent = nullptr);

    QLineEdit *nameLine() const { return m_name; }
    SecretField *field() const { return m_field; }
    QPushButton *storeButton() const { return m_store; }
    QString problemText() const;

signals:
    void stored(const QString &name);

private:
    void store();
    void updateButton();

    SecretsSession &m_secrets;
    QString m_scope;
    QLineEdit *m_name;
    SecretField *m_field;
    QLabel *m_problem;
    QPushButton *m_store;
};

} // namespace danube::console
