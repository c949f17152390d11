// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/setsecretdialog.h"

#include "console/app/secretfield.h"
#include "console/controllers/secretssession.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace danube::console {

SetSecretDialog::SetSecretDialog(SecretsSession &secrets, const QString &name, const QString &scope, QWidget *parent)
    : QDialog(parent),
      m_secrets(secrets),
      m_scope(scope),
      m_name(new QLineEdit(name, this)),
      m_field(new SecretField(this)),
      m_problem(new QLabel(this))
{
    setWindowTitle(name.isEmpty() ? tr("New secret") : tr("Set a secret's value"));
    setMinimumWidth(fontMetrics().averageCharWidth() * 70);
    m_name->setReadOnly(!name.isEmpty());
    m_name->setPlaceholderText(QStringLiteral("DEPLOY_TOKEN"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    auto *form = new QFormLayout;
    form->addRow(tr("&Name:"), m_name);
    form->addRow(tr("&Value:"), m_field);
    auto *note = new QLabel(
        tr("The value is sent once and never shown, here or anywhere. Jobs that run now keep the one they got."), this);
    note->setWordWrap(true);
    auto *box = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_store = box->addButton(tr("&Store"), QDialogButtonBox::ActionRole);
    m_store->setDefault(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->addLayout(form);
    layout->addWidget(note);
    layout->addWidget(m_problem);
    layout->addStretch(1);
    layout->addWidget(box);
    connect(m_store, &QPushButton::clicked, this, &SetSecretDialog::store);
    connect(box, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(this, &QDialog::rejected, m_field, [this] { m_field->take(); }); // nothing stays behind
    connect(m_field, &SecretField::changed, this, &SetSecretDialog::updateButton);
    connect(m_field, &SecretField::problem, m_problem, &QLabel::setText);
    connect(m_name, &QLineEdit::textChanged, this, &SetSecretDialog::updateButton);
    updateButton();
    if (!name.isEmpty())
        m_field->setFocus();
}

void SetSecretDialog::updateButton()
{
    const QString name = m_name->text().trimmed();
    const bool isTaken = !m_name->isReadOnly() && m_secrets.has(name, m_scope);
    const QString why = name.isEmpty()       ? tr("A name is missing.")
                        : isTaken            ? tr("%1 is there already.").arg(name)
                        : m_field->isEmpty() ? tr("A value is missing.")
                                             : QString();
    m_store->setEnabled(why.isEmpty());
    m_store->setToolTip(why);
    m_store->setAccessibleDescription(why);
}

void SetSecretDialog::store()
{
    const QString name = m_name->text().trimmed();
    Secret value = m_field->take();
    m_problem->setText(tr("Storing…"));
    m_secrets.setValue(name, m_scope, std::move(value), this, [this, name](const Result<void> &done) {
        if (!done)
            return m_problem->setText(done.error().message + QLatin1Char(' ') + tr("Enter the value again."));
        emit stored(name);
        accept();
    });
}

QString SetSecretDialog::problemText() const
{
    return m_problem->text();
}

} // namespace danube::console
