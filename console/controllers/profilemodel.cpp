// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/profilemodel.h"

#include "console/controllers/masters.h"
#include "console/models/words.h"

using namespace Qt::StringLiterals;

namespace danube::console {

ProfileModel::ProfileModel(QSettings &settings, Masters &masters, const Clock &clock, QObject *parent)
    : QAbstractTableModel(parent), m_store(settings), m_masters(masters), m_clock(clock), m_profiles(m_store.load())
{
    connect(&masters, &Masters::added, this, [this](MasterSession *session) {
        connect(session, &MasterSession::connectionChanged, this, &ProfileModel::refresh);
        connect(session, &MasterSession::versionKnown, this,
                [this, session] { noteContact(session->profile().url, session->version()); });
    });
    connect(&masters, &Masters::removed, this, &ProfileModel::refresh);
}

const Profile *ProfileModel::find(const QString &url) const
{
    const auto found = std::find_if(m_profiles.begin(), m_profiles.end(),
                                    [&](const Profile &profile) { return isSameMaster(profile.url, url); });
    return found == m_profiles.end() ? nullptr : &*found;
}

Result<void> ProfileModel::save(const QString &url, const Profile &profile)
{
    const Profile *other = find(profile.url);
    if (other && other->url != url)
        return fail(ErrorCode::AlreadyExists, tr("Another profile has the address %1.").arg(profile.url));
    if (!find(url) && m_profiles.size() >= mostProfiles)
        return fail(ErrorCode::ResourceExhausted,
                    tr("There are %1 profiles already. Remove one first.").arg(mostProfiles));
    m_store.replace(url, profile);
    reload();
    return {};
}

QString ProfileModel::freeName(const QString &name) const
{
    const auto taken = [this](const QString &candidate) {
        return std::any_of(m_profiles.begin(), m_profiles.end(),
                           [&](const Profile &profile) { return profile.name == candidate; });
    };
    QString candidate = name;
    for (int number = 2; taken(candidate); ++number)
        candidate = u"%1 %2"_s.arg(name).arg(number);
    return candidate;
}

void ProfileModel::remove(const QString &url)
{
    m_store.forget(url);
    reload();
}

void ProfileModel::noteUse(const Profile &profile)
{
    Profile used = profile;
    if (const Profile *known = find(profile.url)) {
        used.version = known->version;
        used.lastSeen = known->lastSeen;
    }
    m_store.remember(used);
    reload();
}

void ProfileModel::noteContact(const QString &url, const QString &version)
{
    const Profile *known = find(url);
    if (!known)
        return;
    Profile seen = *known;
    seen.version = version;
    seen.lastSeen = m_clock.wall();
    m_store.replace(url, seen);
    reload();
}

int ProfileModel::import(const QList<Profile> &profiles)
{
    QSet<QString> known;
    for (const Profile &profile : std::as_const(m_profiles))
        known.insert(masterAddress(profile.url));
    const qsizetype before = known.size();
    for (Profile profile : profiles) {
        profile.url = masterAddress(profile.url);
        if (known.contains(profile.url) || known.size() >= mostProfiles)
            continue;
        known.insert(profile.url);
        m_store.replace({}, profile);
    }
    reload();
    return int(known.size() - before);
}

// Some rows at most, and by the operator's own hand: a reset costs no selection that matters... but a contact comes by
// itself, so what only changes in its place is told as such.
void ProfileModel::reload()
{
    QList<Profile> next = m_store.load();
    const auto sameRows = std::equal(next.begin(), next.end(), m_profiles.begin(), m_profiles.end(),
                                     [](const Profile &a, const Profile &b) { return a.url == b.url; });
    if (sameRows) {
        m_profiles = std::move(next);
        return refresh();
    }
    beginResetModel();
    m_profiles = std::move(next);
    endResetModel();
}

void ProfileModel::refresh()
{
    if (!m_profiles.isEmpty())
        emit dataChanged(index(0, 0), index(int(m_profiles.size()) - 1, ColumnCount - 1));
}

int ProfileModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_profiles.size());
}

int ProfileModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ProfileModel::text(const Profile &profile, int column) const
{
    const MasterSession *session = m_masters.find(profile.url);
    switch (column) {
    case NameColumn:
        return profile.name;
    case KindColumn:
        return kindWord(profile.kind);
    case UrlColumn:
        return profile.url;
    case StateColumn:
        return session ? describe(session->connection()) : tr("Not connected");
    case IssuerColumn:
        return profile.issuer.isEmpty() ? tr("Token") : profile.issuer;
    case VersionColumn:
        return profile.version.isEmpty() ? tr("Not known") : profile.version;
    case SeenColumn:
        return profile.lastSeen == WallTime{} ? tr("Never") : timeText(profile.lastSeen, m_clock.wall());
    default:
        return {};
    }
}

QVariant ProfileModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Profile &profile = m_profiles[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return text(profile, index.column());
    case KindRole:
        return int(profile.kind);
    case UrlRole:
        return profile.url;
    case ConnectionRole:
        if (const MasterSession *session = m_masters.find(profile.url))
            return QVariant::fromValue(session->connection());
        return {};
    default:
        return {};
    }
}

QVariant ProfileModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn:
        return tr("Name");
    case KindColumn:
        return tr("Kind");
    case UrlColumn:
        return tr("Address");
    case StateColumn:
        return tr("State");
    case IssuerColumn:
        return tr("Sign-in by");
    case VersionColumn:
        return tr("Version");
    case SeenColumn:
        return tr("Last seen");
    default:
        return {};
    }
}

} // namespace danube::console
