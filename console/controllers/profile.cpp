// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/profile.h"

#include <QCoreApplication>
#include <QSettings>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr qsizetype mostProfiles = 100;

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

QList<Profile> ProfileStore::load() const
{
    QList<Profile> profiles;
    const int count = m_settings.beginReadArray("profiles"_L1);
    for (int i = 0; i < std::min<int>(count, mostProfiles); ++i) {
        m_settings.setArrayIndex(i);
        const QString url = m_settings.value("url"_L1).toString();
        if (!url.isEmpty())
            profiles.append(
                {m_settings.value("name"_L1).toString(), url, kindFromSetting(m_settings.value("kind"_L1).toString())});
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

void ProfileStore::store(const QList<Profile> &profiles)
{
    m_settings.remove("profiles"_L1);
    m_settings.beginWriteArray("profiles"_L1);
    for (int i = 0; i < int(std::min(profiles.size(), mostProfiles)); ++i) {
        m_settings.setArrayIndex(i);
        m_settings.setValue("name"_L1, profiles[i].name);
        m_settings.setValue("url"_L1, profiles[i].url);
        m_settings.setValue("kind"_L1, QString::fromLatin1(namesOf(profiles[i].kind).setting));
    }
    m_settings.endArray();
}

} // namespace danube::console
