// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/preferencespage.h"

#include "console/app/icons.h"
#include "console/app/mastersactions.h"
#include "console/app/plainlabel.h"
#include "console/app/shortcutsview.h"
#include "console/app/theme.h"
#include "console/controllers/preferencesstore.h"
#include "ui_preferencespage.h"

#include <QFontDatabase>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int64_t mebibyte = 1024 * 1024;
constexpr int smallestSize = 5; // points; the least of the spin box

} // namespace

PreferencesPage::PreferencesPage(const PageContext &context, QWidget *parent)
    : Page(parent), m_context(context), m_ui(std::make_unique<Ui::PreferencesPage>())
{
    m_ui->setupUi(this);
    m_ui->layout->setContentsMargins(16, 12, 16, 12);
    m_ui->stack->addWidget(new ShortcutsView(context.actions, context.settings, this));
    m_ui->sections->addItems({tr("General"), tr("Appearance"), tr("Log"), tr("Notifications"), tr("Network"),
                              tr("Language"), tr("Privacy"), tr("Shortcuts")});
    m_ui->sections->setFixedWidth(fontMetrics().averageCharWidth() * 24);
    m_ui->sections->setFrameShape(QFrame::NoFrame);
    m_ui->sections->setSpacing(3);
    for (QTimeEdit *time : {m_ui->quietFrom, m_ui->quietTo})
        time->setDisplayFormat(u"HH:mm"_s);
    connect(m_ui->sections, &QListWidget::currentRowChanged, m_ui->stack, &QStackedWidget::setCurrentIndex);
    m_ui->sections->setCurrentRow(0);
    setFocusProxy(m_ui->sections);
    fillChoices();
    setColors(context.colors);
    showValues();
    connectChanges();
    connect(&context.preferences, &PreferencesStore::changed, this, &PreferencesPage::showValues);
}

PreferencesPage::~PreferencesPage() = default;

QIcon PreferencesPage::tabIcon() const
{
    return icon(u"settings"_s);
}

void PreferencesPage::setColors(const ThemeColors &colors)
{
    for (QLabel *note :
         {m_ui->userNote, m_ui->cacheNote, m_ui->notifyNote, m_ui->networkNote, m_ui->languageNote, m_ui->privacyNote})
        setTextColor(*note, colors.muted);
}

void PreferencesPage::fillChoices()
{
    m_ui->theme->addItem(tr("As the desktop"), toText(ThemeChoice::System));
    m_ui->theme->addItem(tr("Light"), toText(ThemeChoice::Light));
    m_ui->theme->addItem(tr("Dark"), toText(ThemeChoice::Dark));
    m_ui->theme->addItem(tr("High contrast"), toText(ThemeChoice::Contrast));
    m_ui->logFont->addItem(tr("As the desktop"), QString());
    for (const QString &family : QFontDatabase::families()) {
        if (QFontDatabase::isFixedPitch(family) && !QFontDatabase::isPrivateFamily(family))
            m_ui->logFont->addItem(family, family);
    }
    m_ui->proxy->addItem(tr("As the desktop"), int(Preferences::Proxy::System));
    m_ui->proxy->addItem(tr("None"), int(Preferences::Proxy::None));
    m_ui->proxy->addItem(tr("This one"), int(Preferences::Proxy::Manual));
    m_ui->languageChoice->addItem(tr("As the desktop"), QString());
    m_ui->languageChoice->addItem(u"English"_s, u"en"_s);
    m_ui->languageChoice->addItem(u"Deutsch"_s, u"de"_s);
    m_ui->notifyNote->setText(m_context.canNotify
                                  ? tr("Everything is also in the list of activities, quiet hours or not.")
                                  : tr("This desktop shows no notifications. The list of activities has them all."));
}

void PreferencesPage::showValues()
{
    const Preferences &value = m_context.preferences.value();
    m_showing = true;
    m_ui->reconnect->setChecked(value.reconnectAtStart);
    m_ui->userName->setText(value.userName);
    m_ui->theme->setCurrentIndex(m_ui->theme->findData(value.theme));
    m_ui->logFont->setCurrentIndex(std::max(0, m_ui->logFont->findData(value.logFont)));
    m_ui->logFontSize->setValue(std::max(value.logFontSize, smallestSize)); // the smallest stands for "as the desktop"
    m_ui->cacheSize->setValue(int(toInt(value.cacheLimit) / mebibyte));
    m_ui->cacheFolder->setText(value.cacheFolder);
    m_ui->myJobs->setChecked(value.notifications.myJobs);
    m_ui->watchedJobs->setChecked(value.notifications.watchedJobs);
    m_ui->failures->setChecked(value.notifications.failures);
    m_ui->signIn->setChecked(value.notifications.signInNeeded);
    m_ui->quiet->setChecked(value.notifications.quiet);
    m_ui->quietFrom->setTime(value.notifications.quietFrom);
    m_ui->quietTo->setTime(value.notifications.quietTo);
    m_ui->proxy->setCurrentIndex(m_ui->proxy->findData(int(value.proxy)));
    m_ui->proxyHost->setText(value.proxyHost);
    m_ui->proxyPort->setValue(value.proxyPort);
    m_ui->caFile->setText(value.caFile);
    m_ui->requestTimeout->setValue(int(value.requestTimeout.count()));
    m_ui->heartbeat->setValue(int(value.heartbeat.count()));
    m_ui->languageChoice->setCurrentIndex(std::max(0, m_ui->languageChoice->findData(value.language)));
    m_showing = false;
    enable();
}

void PreferencesPage::take()
{
    if (m_showing)
        return;
    Preferences value = m_context.preferences.value();
    value.reconnectAtStart = m_ui->reconnect->isChecked();
    value.userName = m_ui->userName->text().trimmed();
    value.theme = m_ui->theme->currentData().toString();
    value.logFont = m_ui->logFont->currentData().toString();
    value.logFontSize = m_ui->logFontSize->value() > smallestSize ? m_ui->logFontSize->value() : 0;
    value.cacheLimit = ByteCount(m_ui->cacheSize->value() * mebibyte);
    value.cacheFolder = m_ui->cacheFolder->text().trimmed();
    value.notifications = {m_ui->myJobs->isChecked(), m_ui->watchedJobs->isChecked(), m_ui->failures->isChecked(),
                           m_ui->signIn->isChecked(), m_ui->quiet->isChecked(),       m_ui->quietFrom->time(),
                           m_ui->quietTo->time()};
    value.proxy = Preferences::Proxy(m_ui->proxy->currentData().toInt());
    value.proxyHost = m_ui->proxyHost->text().trimmed();
    value.proxyPort = m_ui->proxyPort->value();
    value.caFile = m_ui->caFile->text().trimmed();
    value.requestTimeout = seconds(m_ui->requestTimeout->value());
    value.heartbeat = seconds(m_ui->heartbeat->value());
    value.language = m_ui->languageChoice->currentData().toString();
    m_context.preferences.set(value);
    enable();
}

void PreferencesPage::connectChanges()
{
    for (QCheckBox *box : m_ui->stack->findChildren<QCheckBox *>())
        connect(box, &QCheckBox::toggled, this, &PreferencesPage::take);
    for (QComboBox *box : {m_ui->theme, m_ui->logFont, m_ui->proxy, m_ui->languageChoice})
        connect(box, &QComboBox::currentIndexChanged, this, &PreferencesPage::take);
    for (QLineEdit *line : {m_ui->userName, m_ui->cacheFolder, m_ui->proxyHost, m_ui->caFile})
        connect(line, &QLineEdit::editingFinished, this, &PreferencesPage::take);
    for (QSpinBox *box : {m_ui->cacheSize, m_ui->logFontSize, m_ui->proxyPort, m_ui->requestTimeout, m_ui->heartbeat})
        connect(box, &QSpinBox::valueChanged, this, &PreferencesPage::take);
    for (QTimeEdit *time : {m_ui->quietFrom, m_ui->quietTo})
        connect(time, &QTimeEdit::timeChanged, this, &PreferencesPage::take);
    connect(m_ui->clearCache, &QPushButton::clicked, this, [this] {
        m_context.masters.clearCache();
        emit told(tr("The cached logs are deleted, but for those that are open."));
    });
    connect(m_ui->signOut, &QPushButton::clicked, &m_context.mastersActions, &MastersActions::signOutEverywhere);
}

void PreferencesPage::enable()
{
    const bool manual = m_ui->proxy->currentData().toInt() == int(Preferences::Proxy::Manual);
    m_ui->proxyHost->setEnabled(manual);
    m_ui->proxyPort->setEnabled(manual);
    m_ui->quietFrom->setEnabled(m_ui->quiet->isChecked());
    m_ui->quietTo->setEnabled(m_ui->quiet->isChecked());
}

} // namespace danube::console
