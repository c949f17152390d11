// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/signindialog.h"

#include "console/app/plainlabel.h"
#include "console/models/words.h"
#include "ui_signindialog.h"

#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QLayout>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace danube::console {

SignInDialog::SignInDialog(const Profile &profile, const SignIn::Settings &settings, const ThemeColors &colors,
                           QWidget *parent)
    : QDialog(parent), m_settings(settings), m_ui(std::make_unique<Ui::SignInDialog>())
{
    m_ui->setupUi(this);
    setWindowTitle(tr("Sign in to %1").arg(profile.name));
    setMinimumWidth(fontMetrics().averageCharWidth() * 64);
    m_ui->title->setText(tr("Sign in to %1 (%2)").arg(profile.name, kindWord(profile.kind)));
    m_ui->issuer->setText(tr("The provider is %1.").arg(profile.issuer));
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.3);
    m_ui->title->setFont(large);
    large = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    large.setPointSizeF(font().pointSizeF() * 2.4);
    large.setLetterSpacing(QFont::PercentageSpacing, 110);
    m_ui->userCode->setFont(large);
    m_ui->userCode->setAccessibleName(tr("Code"));
    for (QLabel *label : {m_ui->note, m_ui->issuer, m_ui->countdown})
        followTextColor(*label, colors, &ThemeColors::muted);
    followTextColor(*m_ui->problem, colors, &ThemeColors::failure);
    m_ui->problem->hide();
    m_back = m_ui->buttons->addButton(tr("&Back"), QDialogButtonBox::ActionRole);
    connect(m_back, &QPushButton::clicked, this, &SignInDialog::back);
    connect(m_ui->browser, &QPushButton::clicked, this, [this] { begin(SignInWay::Browser); });
    connect(m_ui->code, &QPushButton::clicked, this, [this] { begin(SignInWay::Code); });
    connect(m_ui->copyLink, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(m_link.toString(QUrl::FullyEncoded)); });
    connect(m_ui->copyCode, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(m_ui->userCode->text()); });
    connect(m_ui->openHere, &QPushButton::clicked, this, [this] { emit browserWanted(m_link); });
    connect(m_ui->buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    m_second.setInterval(seconds(1));
    connect(&m_second, &QTimer::timeout, this, [this] {
        m_left = std::max(seconds(0), m_left - seconds(1));
        showCountdown();
    });
    back();
}

SignInDialog::~SignInDialog() = default;

void SignInDialog::back()
{
    m_signIn.reset();
    m_second.stop();
    m_ui->pages->setCurrentWidget(m_ui->choose);
    m_ui->countdown->clear();
    m_back->hide();
    m_ui->browser->setFocus();
}

void SignInDialog::begin(SignInWay way)
{
    m_ui->problem->hide();
    m_back->show();
    m_ui->countdown->setText(tr("Asking the provider…"));
    m_signIn = std::make_unique<SignIn>(m_settings);
    connect(m_signIn.get(), &SignIn::browserWanted, this, [this](const QUrl &url) {
        m_link = url;
        m_left = m_settings.browserPatience;
        m_ui->pages->setCurrentWidget(m_ui->waiting);
        m_second.start();
        showCountdown();
        fit();
        emit browserWanted(url);
    });
    connect(m_signIn.get(), &SignIn::codeKnown, this, &SignInDialog::showCode);
    connect(m_signIn.get(), &SignIn::finished, this, [this](const std::shared_ptr<Result<TokenSet>> &result) {
        m_signIn.release()->deleteLater();
        m_second.stop();
        if (!*result)
            return showProblem(result->error().message);
        m_tokens = std::move(**result);
        emit signedIn();
    });
    m_signIn->start(way);
}

void SignInDialog::showCode(const DeviceCode &code)
{
    m_link = code.verificationAll.isEmpty() ? code.verification : code.verificationAll;
    m_left = code.expiresIn;
    const QString address = code.verification.toString().toHtmlEscaped();
    m_ui->deviceText->setText(tr("On any device, open %1 and type this code:").arg(u"<b>%1</b>"_s.arg(address)));
    m_ui->userCode->setText(code.userCode);
    m_ui->pages->setCurrentWidget(m_ui->device);
    m_ui->copyCode->setFocus();
    m_second.start();
    showCountdown();
    fit();
}

// Each page needs another height, and texts that wrap tell theirs only for a width.
void SignInDialog::fit()
{
    layout()->activate();
    const int needed = layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width()) : sizeHint().height();
    resize(width(), std::max(height(), needed));
}

void SignInDialog::showCountdown()
{
    m_ui->countdown->setText(tr("Waiting; %1 left.").arg(durationText(m_left)));
}

void SignInDialog::showProblem(const QString &text)
{
    back();
    m_ui->problem->setText(text);
    m_ui->problem->show();
    fit();
}

Credentials::Keep SignInDialog::keep() const
{
    return m_ui->remember->isChecked() ? Credentials::Keep::InKeychain : Credentials::Keep::InMemory;
}

} // namespace danube::console
