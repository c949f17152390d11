// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/profiledialog.h"

#include "console/app/plainlabel.h"
#include "ui_profiledialog.h"

#include <QPushButton>
#include <QUrl>

namespace danube::console {

namespace {

enum Way { WayToken, WayIssuer };

} // namespace

ProfileDialog::ProfileDialog(const Profile &profile, const ThemeColors &colors, QWidget *parent)
    : QDialog(parent), m_first(profile), m_ui(std::make_unique<Ui::ProfileDialog>())
{
    m_ui->setupUi(this);
    setMinimumWidth(fontMetrics().averageCharWidth() * 80);
    for (const ProfileKind kind : {ProfileKind::Development, ProfileKind::Staging, ProfileKind::Production})
        m_ui->kind->addItem(kindWord(kind), int(kind));
    m_ui->kindNote->setText(tr("Production is framed in colour and read-only until you unlock it."));
    m_ui->way->addItem(tr("With a token of the master"), WayToken);
    m_ui->way->addItem(tr("At an OpenID provider"), WayIssuer);
    m_ui->client->setPlaceholderText(QString::fromLatin1(defaultClientId));
    m_ui->url->setText(profile.url);
    m_ui->name->setText(profile.name);
    m_ui->kind->setCurrentIndex(int(profile.kind));
    m_ui->way->setCurrentIndex(profile.issuer.isEmpty() ? WayToken : WayIssuer);
    m_ui->issuer->setText(profile.issuer);
    m_ui->client->setText(profile.clientId);
    m_ui->problem->hide();
    followTextColor(*m_ui->problem, colors, &ThemeColors::failure);
    followTextColor(*m_ui->kindNote, colors, &ThemeColors::muted);
    QPushButton *save = m_ui->buttons->button(QDialogButtonBox::Save);
    QPushButton *saveAndConnect = m_ui->buttons->addButton(tr("Save and &connect"), QDialogButtonBox::ApplyRole);
    QPushButton *test = m_ui->buttons->addButton(tr("&Test connection…"), QDialogButtonBox::ActionRole);
    saveAndConnect->setDefault(true);
    m_needAddress = {save, saveAndConnect, test};
    connect(save, &QPushButton::clicked, this, [this] { emit saveWanted(false); });
    connect(saveAndConnect, &QPushButton::clicked, this, [this] { emit saveWanted(true); });
    connect(test, &QPushButton::clicked, this, &ProfileDialog::testWanted);
    connect(m_ui->buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_ui->way, &QComboBox::currentIndexChanged, this, &ProfileDialog::showWay);
    connect(m_ui->url, &QLineEdit::textChanged, this, &ProfileDialog::check);
    connect(m_ui->issuer, &QLineEdit::textChanged, this, &ProfileDialog::check);
    showWay();
    m_ui->url->setFocus();
}

ProfileDialog::~ProfileDialog() = default;

void ProfileDialog::showWay()
{
    const bool issuer = m_ui->way->currentData().toInt() == WayIssuer;
    m_ui->form->setRowVisible(m_ui->issuer, issuer);
    m_ui->form->setRowVisible(m_ui->client, issuer);
    check();
}

void ProfileDialog::check()
{
    const bool issuer = m_ui->way->currentData().toInt() == WayIssuer;
    const bool complete =
        !m_ui->url->text().trimmed().isEmpty() && (!issuer || !m_ui->issuer->text().trimmed().isEmpty());
    for (QPushButton *button : std::as_const(m_needAddress))
        button->setEnabled(complete);
}

Profile ProfileDialog::profile() const
{
    Profile profile = m_first;
    const bool issuer = m_ui->way->currentData().toInt() == WayIssuer;
    const QString typed = m_ui->url->text();
    profile.url = isSameMaster(typed, m_first.url) ? m_first.url : masterAddress(typed);
    profile.name = m_ui->name->text().trimmed();
    profile.kind = ProfileKind(m_ui->kind->currentData().toInt());
    profile.issuer = issuer ? m_ui->issuer->text().trimmed() : QString();
    profile.clientId = issuer ? m_ui->client->text().trimmed() : QString();
    if (profile.name.isEmpty())
        profile.name = QUrl::fromUserInput(profile.url).host();
    return profile;
}

void ProfileDialog::showProblem(const QString &text)
{
    m_ui->problem->setText(text);
    m_ui->problem->show();
}

} // namespace danube::console
