// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/preferences.h"

#include "shared/core/result.h"

#include <QFile>
#include <QNetworkProxy>
#include <QNetworkProxyFactory>
#include <QSettings>
#include <QSslCertificate>
#include <QSslConfiguration>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr qint64 largestCaFile = 4 * 1024 * 1024;

// One table for both directions, so that no key is written twice. No group may be called "general": QSettings writes
// that one as "General" and does not find it again.
template <class Keep> void eachSetting(Preferences &p, Keep keep)
{
    keep("console/reconnectAtStart"_L1, p.reconnectAtStart);
    keep("console/userName"_L1, p.userName);
    keep("view/theme"_L1, p.theme);
    keep("log/font"_L1, p.logFont);
    keep("log/fontSize"_L1, p.logFontSize);
    keep("log/cacheFolder"_L1, p.cacheFolder);
    keep("notify/myJobs"_L1, p.notifications.myJobs);
    keep("notify/watchedJobs"_L1, p.notifications.watchedJobs);
    keep("notify/failures"_L1, p.notifications.failures);
    keep("notify/signInNeeded"_L1, p.notifications.signInNeeded);
    keep("notify/quiet"_L1, p.notifications.quiet);
    keep("notify/quietFrom"_L1, p.notifications.quietFrom);
    keep("notify/quietTo"_L1, p.notifications.quietTo);
    keep("network/proxyHost"_L1, p.proxyHost);
    keep("network/proxyPort"_L1, p.proxyPort);
    keep("network/caFile"_L1, p.caFile);
    keep("console/language"_L1, p.language);
}

seconds bounded(const QVariant &value, seconds otherwise)
{
    bool isNumber = false;
    const int given = value.toInt(&isNumber);
    return isNumber ? std::clamp(seconds(given), seconds(1), seconds(600)) : otherwise;
}

} // namespace

Preferences Preferences::load(const QSettings &settings)
{
    Preferences p;
    eachSetting(p, [&settings](QLatin1StringView key, auto &value) {
        value = settings.value(key, QVariant::fromValue(value)).template value<std::decay_t<decltype(value)>>();
    });
    p.cacheLimit = ByteCount(std::clamp<qint64>(settings.value("log/cacheMiB"_L1, 4096).toLongLong(), 64, 1024 * 1024) *
                             1024 * 1024);
    p.proxy = Proxy(std::clamp(settings.value("network/proxy"_L1).toInt(), 0, int(Proxy::Manual)));
    p.requestTimeout = bounded(settings.value("network/requestTimeout"_L1), p.requestTimeout);
    p.heartbeat = bounded(settings.value("network/heartbeat"_L1), p.heartbeat);
    return p;
}

void Preferences::store(QSettings &settings) const
{
    Preferences p = *this;
    eachSetting(p, [&settings](QLatin1StringView key, auto &value) { settings.setValue(key, value); });
    settings.setValue("log/cacheMiB"_L1, qint64(toInt(cacheLimit) / (1024 * 1024)));
    settings.setValue("network/proxy"_L1, int(proxy));
    settings.setValue("network/requestTimeout"_L1, qint64(requestTimeout.count()));
    settings.setValue("network/heartbeat"_L1, qint64(heartbeat.count()));
}

Result<void> applyNetwork(const Preferences &preferences)
{
    QNetworkProxyFactory::setUseSystemConfiguration(preferences.proxy == Preferences::Proxy::System);
    if (preferences.proxy == Preferences::Proxy::Manual)
        QNetworkProxy::setApplicationProxy(
            QNetworkProxy(QNetworkProxy::HttpProxy, preferences.proxyHost, quint16(preferences.proxyPort)));
    else if (preferences.proxy == Preferences::Proxy::None)
        QNetworkProxy::setApplicationProxy(QNetworkProxy(QNetworkProxy::NoProxy));
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setCaCertificates(QSslConfiguration::systemCaCertificates());
    if (!preferences.caFile.isEmpty()) {
        QFile file(preferences.caFile);
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::NotFound, u"read %1: %2"_s.arg(preferences.caFile, file.errorString()));
        const QList<QSslCertificate> certificates = QSslCertificate::fromData(file.read(largestCaFile), QSsl::Pem);
        if (certificates.isEmpty())
            return fail(ErrorCode::InvalidArgument, u"%1 holds no PEM certificate"_s.arg(preferences.caFile));
        tls.addCaCertificates(certificates);
    }
    QSslConfiguration::setDefaultConfiguration(tls);
    return {};
}

} // namespace danube::console
