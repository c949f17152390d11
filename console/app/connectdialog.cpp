// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/connectdialog.h"

#include "console/app/plainlabel.h"
#include "ui_connectdialog.h"

#include <QFile>
#include <QFileDialog>
#include <QPushButton>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr ProfileKind kinds[] = {ProfileKind::Development, ProfileKind::Staging, ProfileKind::Production};
constexpr qint64 longestToken = 16 * 1024;

} // namespace

ConnectDialog::ConnectDialog(const QList<Profile> &known, const ThemeColors &colors, QWidget *parent)
    : QDialog(parent), m_known(known), m_ui(std::make_unique<Ui::ConnectDialog>())
{
    m_ui->setupUi(this);
    for (const ProfileKind kind : kinds)
        m_ui->kind->addItem(kindWord(kind), int(kind));
    for (const Profile &profile : known)
        m_ui->url->addItem(profile.url);
    m_ui->url->lineEdit()->setPlaceholderText(u"http://127.0.0.1:8080"_s);
    m_ui->url->lineEdit()->setAccessibleName(tr("Address"));
    m_ui->problem->hide();
    followTextColor(*m_ui->problem, colors, &ThemeColors::failure);
    QPushButton *accept = m_ui->buttons->button(QDialogButtonBox::Ok);
    accept->setText(tr("&Connect"));
    const auto take = [this, accept] {
        fillFrom(m_ui->url->currentText().trimmed());
        accept->setEnabled(!m_ui->url->currentText().trimmed().isEmpty());
    };
    connect(m_ui->url, &QComboBox::editTextChanged, this, take);
    connect(m_ui->tokenFile, &QPushButton::clicked, this, &ConnectDialog::chooseTokenFile);
    connect(m_ui->buttons, &QDialogButtonBox::accepted, this, &ConnectDialog::connectRequested);
    connect(m_ui->buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    take();
}

ConnectDialog::~ConnectDialog() = default;

// A known address brings its name and kind; who goes on typing takes neither along to another one.
void ConnectDialog::fillFrom(const QString &url)
{
    const auto known = std::find_if(m_known.begin(), m_known.end(),
                                    [&](const Profile &profile) { return isSameMaster(profile.url, url); });
    const bool isKnown = known != m_known.end();
    if (!std::exchange(m_isFilled, isKnown) && !isKnown)
        return;
    const Profile filled = isKnown ? *known : Profile();
    m_ui->name->setText(filled.name);
    m_ui->kind->setCurrentIndex(m_ui->kind->findData(int(filled.kind)));
}

void ConnectDialog::setProfile(const Profile &profile)
{
    m_ui->url->setEditText(profile.url);
    m_ui->name->setText(profile.name);
    m_ui->kind->setCurrentIndex(m_ui->kind->findData(int(profile.kind)));
    m_ui->token->setFocus();
}

void ConnectDialog::showProblem(const QString &text)
{
    m_ui->problem->setText(text);
    m_ui->problem->show();
}

Profile ConnectDialog::profile() const
{
    Profile profile;
    profile.url = masterAddress(m_ui->url->currentText());
    profile.name = m_ui->name->text().trimmed();
    profile.kind = ProfileKind(m_ui->kind->currentData().toInt());
    if (profile.name.isEmpty())
        profile.name = QUrl::fromUserInput(profile.url).host();
    return profile;
}

Secret ConnectDialog::takeToken()
{
    Secret token(m_ui->token->text().trimmed().toUtf8());
    m_ui->token->clear();
    return token;
}

Credentials::Keep ConnectDialog::keep() const
{
    return m_ui->remember->isChecked() ? Credentials::Keep::InKeychain : Credentials::Keep::InMemory;
}

void ConnectDialog::chooseTokenFile()
{
    auto *chooser = new QFileDialog(this, tr("Read the token from a file"));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setFileMode(QFileDialog::ExistingFile);
    connect(chooser, &QFileDialog::fileSelected, this, &ConnectDialog::readTokenFile);
    chooser->open();
}

void ConnectDialog::readTokenFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return showProblem(tr("Read %1: %2").arg(path, file.errorString()));
    m_ui->token->setText(QString::fromUtf8(file.read(longestToken)).trimmed());
}

} // namespace danube::console
