// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/profile.h"

#include "shared/api/endpoint.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

struct KindNames
{
    ProfileKind kind;
    const char *setting;
    const char *word;
    const char *shortWord;
};
constexpr KindNames kindNames[] = {
    {ProfileKind::Development, "dev", QT_TRANSLATE_NOOP("Profile", "Development"), QT_TRANSLATE_NOOP("Profile", "DEV")},
    {ProfileKind::Staging, "staging", QT_TRANSLATE_NOOP("Profile", "Staging"), QT_TRANSLATE_NOOP("Profile", "STAGING")},
    {ProfileKind::Production, "prod", QT_TRANSLATE_NOOP("Profile", "Production"), QT_TRANSLATE_NOOP("Profile", "PROD")},
};

const KindNames &namesOf(ProfileKind kind)
{
    return kindNames[size_t(kind)];
}

ProfileKind kindFromSetting(const QString &text)
{
    const auto found = std::find_if(std::begin(kindNames), std::end(kindNames),
                                    [&](const KindNames &names) { return text == QLatin1StringView(names.setting); });
    return found == std::end(kindNames) ? ProfileKind::Development : found->kind;
}

} // namespace

QString kindWord(ProfileKind kind)
{
    return QCoreApplication::translate("Profile", namesOf(kind).word);
}

QString kindShort(ProfileKind kind)
{
    return QCoreApplication::translate("Profile", namesOf(kind).shortWord);
}

QString masterAddress(const QString &typed)
{
    const auto endpoint = api::endpointFromText(typed);
    if (!endpoint)
        return typed.trimmed();
    QUrl url = endpoint->baseUrl;
    if (url.port() == (url.scheme() == "https"_L1 ? 443 : 80))
        url.setPort(-1);
    QString address = url.toString();
    while (address.endsWith(u'/'))
        address.chop(1);
    return address;
}

bool isSameMaster(const QString &url, const QString &other)
{
    return url == other || masterAddress(url) == masterAddress(other);
}

QByteArray profilesToJson(const QList<Profile> &profiles)
{
    QJsonArray array;
    for (const Profile &profile : profiles) {
        QJsonObject object{{"name"_L1, profile.name},
                           {"url"_L1, profile.url},
                           {"kind"_L1, QLatin1StringView(namesOf(profile.kind).setting)}};
        if (!profile.issuer.isEmpty())
            object.insert("issuer"_L1, profile.issuer);
        if (!profile.clientId.isEmpty())
            object.insert("client_id"_L1, profile.clientId);
        array.append(object);
    }
    return QJsonDocument(QJsonObject{{"danube_profiles"_L1, 1}, {"profiles"_L1, array}}).toJson();
}

Result<QList<Profile>> profilesFromJson(const QByteArray &document)
{
    const QJsonObject body = QJsonDocument::fromJson(document).object();
    const QJsonArray array = body.value("profiles"_L1).toArray();
    if (body.value("danube_profiles"_L1).toInt() != 1)
        return fail(ErrorCode::InvalidArgument, u"not a file of exported profiles"_s);
    if (array.size() > mostProfiles)
        return fail(ErrorCode::InvalidArgument, u"more than %1 profiles"_s.arg(mostProfiles));
    QList<Profile> profiles;
    for (const auto &value : array) {
        const QJsonObject object = value.toObject();
        Profile profile;
        profile.url = object.value("url"_L1).toString();
        profile.name = object.value("name"_L1).toString(profile.url);
        profile.kind = kindFromSetting(object.value("kind"_L1).toString());
        profile.issuer = object.value("issuer"_L1).toString();
        profile.clientId = object.value("client_id"_L1).toString();
        if (profile.url.isEmpty())
            return fail(ErrorCode::InvalidArgument, u"profile '%1' has no address"_s.arg(profile.name));
        profiles.append(profile);
    }
    return profiles;
}

QList<Profile> ProfileStore::load() const
{
    QList<Profile> profiles;
    const int count = m_settings.beginReadArray("profiles"_L1);
    const auto text = [this](QLatin1StringView key) { return m_settings.value(key).toString(); };
    for (int i = 0; i < std::min<int>(count, mostProfiles); ++i) {
        m_settings.setArrayIndex(i);
        if (!text("url"_L1).isEmpty())
            profiles.append({text("name"_L1), text("url"_L1), kindFromSetting(text("kind"_L1)), text("issuer"_L1),
                             text("clientId"_L1), text("version"_L1), fromRfc3339(text("lastSeen"_L1))});
    }
    m_settings.endArray();
    return profiles;
}

void ProfileStore::remember(const Profile &profile)
{
    QList<Profile> profiles = load();
    profiles.removeIf([&](const Profile &known) { return known.url == profile.url; });
    profiles.prepend(profile);
    store(profiles);
}

void ProfileStore::forget(const QString &url)
{
    QList<Profile> profiles = load();
    profiles.removeIf([&](const Profile &known) { return known.url == url; });
    store(profiles);
}

void ProfileStore::replace(const QString &url, const Profile &profile)
{
    QList<Profile> profiles = load();
    const auto known =
        std::find_if(profiles.begin(), profiles.end(), [&](const Profile &one) { return one.url == url; });
    if (known != profiles.end())
        *known = profile;
    else
        profiles.append(profile);
    store(profiles);
}

void ProfileStore::store(const QList<Profile> &profiles)
{
    m_settings.remove("profiles"_L1);
    m_settings.beginWriteArray("profiles"_L1);
    const auto keep = [this](QLatin1StringView key, const QString &text) {
        if (!text.isEmpty())
            m_settings.setValue(key, text);
    };
    for (int i = 0; i < int(std::min(profiles.size(), mostProfiles)); ++i) {
        m_settings.setArrayIndex(i);
        keep("name"_L1, profiles[i].name);
        keep("url"_L1, profiles[i].url);
        keep("kind"_L1, QString::fromLatin1(namesOf(profiles[i].kind).setting));
        keep("issuer"_L1, profiles[i].issuer);
        keep("clientId"_L1, profiles[i].clientId);
        keep("version"_L1, profiles[i].version);
        keep("lastSeen"_L1, toRfc3339(profiles[i].lastSeen));
    }
    m_settings.endArray();
}

} // namespace danube::console
