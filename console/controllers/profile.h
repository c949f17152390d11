// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QList>
#include <QString>

class QSettings;

namespace danube::console {

enum class ProfileKind { Development, Staging, Production };
QString kindWord(ProfileKind kind);  ///< for people: "Development", ...
QString kindShort(ProfileKind kind); ///< on a chip: "DEV", "STAGING", "PROD"

/// A master somebody works with. Holds no token: that stays in memory, or in the desktop's keychain.
struct Profile
{
    QString name;
    QString url; ///< also names the master in caches and keychain; new ones are a masterAddress()
    ProfileKind kind = ProfileKind::Development;
    QString issuer = {};   ///< of the OpenID provider to sign in with; empty = by a token that people paste
    QString clientId = {}; ///< at the issuer; empty = defaultClientId
    QString version = {};  ///< of the master, when last seen
    WallTime lastSeen{};   ///< zero = never
    bool operator==(const Profile &) const = default;
};

/// One spelling for one address: with a scheme, without the usual port and a slash at the end. What is no address
/// stays: whoever connects says what is wrong with it.
QString masterAddress(const QString &typed);
bool isSameMaster(const QString &url, const QString &other); ///< however each is spelled

inline constexpr char defaultClientId[] = "danube-console";
inline constexpr qsizetype mostProfiles = 100;

/// The document of Export and Import: {"danube_profiles":1,"profiles":[{name,url,kind,issuer,client_id}]}. No token,
/// and nothing of when they were used.
QByteArray profilesToJson(const QList<Profile> &profiles);
Result<QList<Profile>> profilesFromJson(const QByteArray &document); ///< InvalidArgument; at most mostProfiles

/// The profiles in the settings file, in order of use: the last used one first.
class ProfileStore
{
public:
    explicit ProfileStore(QSettings &settings) : m_settings(settings) {}
    QList<Profile> load() const;
    void remember(const Profile &profile); ///< adds it, or replaces the one with its URL; becomes the first
    void forget(const QString &url);
    /// Changes the one with that URL in its place; adds it when there is none (an empty `url`).
    void replace(const QString &url, const Profile &profile);

private:
    void store(const QList<Profile> &profiles);
    QSettings &m_settings;
};

} // namespace danube::console
