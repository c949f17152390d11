// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/controllers/profile.h"

#include <QAbstractTableModel>

namespace danube::console {

class Masters;

/// The known masters as a table, connected or not: what the Masters page shows. Writes every change to the settings.
class ProfileModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        NameColumn,
        KindColumn,
        UrlColumn,
        StateColumn,
        IssuerColumn,
        VersionColumn,
        SeenColumn,
        ColumnCount
    };
    enum Role { KindRole = Qt::UserRole, ConnectionRole, UrlRole };

    ProfileModel(QSettings &settings, Masters &masters, const Clock &clock, QObject *parent = nullptr);

    const QList<Profile> &profiles() const { return m_profiles; }
    const Profile *find(const QString &url) const; ///< nullptr: unknown
    /// Adds (with an empty `url`) or changes the profile with that URL. AlreadyExists: another one has that address.
    /// ResourceExhausted: there are mostProfiles already.
    Result<void> save(const QString &url, const Profile &profile);
    QString freeName(const QString &name) const; ///< "name", "name 2", ...
    void remove(const QString &url);
    void noteUse(const Profile &profile);                         ///< becomes the first
    void noteContact(const QString &url, const QString &version); ///< now
    int import(const QList<Profile> &profiles);                   ///< those that are new, while there is room; how many

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QVariant text(const Profile &profile, int column) const;
    void reload();
    void refresh();
    ProfileStore m_store;
    Masters &m_masters;
    const Clock &m_clock;
    QList<Profile> m_profiles;
};

} // namespace danube::console
