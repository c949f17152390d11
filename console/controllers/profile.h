// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

class QSettings;

namespace danube::console {

enum class ProfileKind { Development, Staging, Production };
QString kindWord(ProfileKind kind);  ///< for people: "Development", ...
QString kindShort(ProfileKind kind); ///< on a chip: "DEV", "STAGING", "PROD"

/// A master somebody works with. Holds no token: that stays in memory.
struct Profile
{
    QString name;
    QString url; ///< as typed, checked by api::endpointFromText; also names the master in caches
    ProfileKind kind = ProfileKind::Development;
    bool operator==(const Profile &) const = default;
};

/// The profiles in the settings file, in order of use: the last used one first.
class ProfileStore
{
public:
    explicit ProfileStore(QSettings &settings) : m_settings(settings) {}
    QList<Profile> load() const;
    void remember(const Profile &profile); ///< adds it, or replaces the one with its URL; becomes the first
    void forget(const QString &url);

private:
    void store(const QList<Profile> &profiles);
    QSettings &m_settings;
};

} // namespace danube::console
