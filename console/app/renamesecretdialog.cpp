// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/renamesecretdialog.h"

#include "console/app/secretfield.h"
#include "console/controllers/secretssession.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

RenameSecretDialog::RenameSecretDialog(SecretsSession &secrets, BlueprintWorkspace &workspace, const QString &name,
                                       const QString &scope, QWidget *parent)
    : QDialog(parent),
      m_secrets(secrets),
      m_workspace(workspace),
      m_name(name),
      m_scope(scope),
      m_newName(new QLineEdit(this)),
      m_field(new SecretField(this)),
      m_references(new QLabel(this)),
      m_problem(new QLabel(this))
{
    setWindowTitle(tr("Rename %1").arg(name));
    setMinimumWidth(fontMetrics().averageCharWidth() * 70);
    QStringList places;
    for (const SecretReference &reference : references())
        places.append(u"    %1 (%2)"_s.arg(reference.file, reference.user));
    m_references->setText(places.isEmpty() ? tr("Nothing in the Blueprint names it.")
                                           : tr("These places will name the new one, as edits to be committed:") +
                                                 u'\n' + places.join(u'\n'));
    for (QLabel *label : {m_references, m_problem}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    auto *form = new QFormLayout;
    form->addRow(tr("&New name:"), m_newName);
    form->addRow(tr("&Value, once more:"), m_field);
    auto *note = new QLabel(tr("Nobody can read the old value, so it is entered again. The old secret stays until you "
                               "delete it: jobs that run now use it."),
                            this);
    note->setWordWrap(true);
    auto *box = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_rename = box->addButton(tr("&Store and move"), QDialogButtonBox::ActionRole);
    m_rename->setDefault(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->addLayout(form);
    layout->addWidget(m_references);
    layout->addWidget(note);
    layout->addWidget(m_problem);
    layout->addStretch(1);
    layout->addWidget(box);
    connect(m_rename, &QPushButton::clicked, this, &RenameSecretDialog::rename);
    connect(box, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(this, &QDialog::rejected, m_field, [this] { m_field->take(); }); // nothing stays behind
    connect(m_field, &SecretField::changed, this, &RenameSecretDialog::updateButton);
    connect(m_field, &SecretField::problem, m_problem, &QLabel::setText);
    connect(m_newName, &QLineEdit::textChanged, this, &RenameSecretDialog::updateButton);
    updateButton();
}

void RenameSecretDialog::updateButton()
{
    const QString name = m_newName->text().trimmed();
    const QString why = name.isEmpty() || name == m_name ? tr("Another name is missing.")
                        : m_secrets.has(name, m_scope)   ? tr("%1 is there already.").arg(name)
                        : m_field->isEmpty()             ? tr("A value is missing.")
                                                         : QString();
    m_rename->setEnabled(why.isEmpty());
    m_rename->setToolTip(why);
    m_rename->setAccessibleDescription(why);
}

// References move only when the new secret is there: no commit may name one that is not.
void RenameSecretDialog::rename()
{
    const QString name = m_newName->text().trimmed();
    Secret value = m_field->take();
    m_secrets.setValue(name, m_scope, std::move(value), this, [this, name](const Result<void> &done) {
        const QList<SecretReference> moving = references();
        const auto moved = done.and_then([&] { return moveReferences(m_workspace, moving, name); });
        if (!moved)
            return m_problem->setText(moved.error().message);
        emit renamed(int(moving.size()));
        accept();
    });
}

QList<SecretReference> RenameSecretDialog::references() const
{
    return referencesTo(m_workspace, m_secrets.secrets().value_or(QList<SecretInfo>()), m_name, m_scope);
}

QString RenameSecretDialog::referencesText() const
{
    return m_references->text();
}

} // namespace danube::console
