// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/controllers/mastersession.h"
#include "console/models/activitymodel.h"

#include <QConcatenateTablesProxyModel>

#include <vector>

namespace danube::console {

/// The connected masters and the scope: one of them, or all. Owns the sessions and what they tell about themselves.
/// GUI thread; must outlive every page that reads a session.
class Masters : public QObject
{
    Q_OBJECT
public:
    Masters(const LogCache &cache, const Clock &clock, QObject *parent = nullptr);
    ~Masters() override;

    /// Connects, or gives a master that is connected a new token. It becomes the scope. InvalidArgument: its URL is
    /// none.
    Result<MasterSession *> connectTo(const Profile &profile, Secret token);
    /// Announced by aboutToRemove(); the scope moves on when it was this one.
    void disconnectFrom(MasterSession *session);

    QList<MasterSession *> all() const;
    bool isEmpty() const { return m_sessions.empty(); }
    const LogCache &cache() const { return m_cache; }
    MasterSession *find(const QString &url) const; ///< nullptr: not connected
    /// The scope: nullptr while all masters are shown (and while there are none).
    MasterSession *scope() const { return m_scope; }
    bool showsAll() const { return !m_scope && m_sessions.size() > 1; }
    void setScope(MasterSession *session);

    void setSettings(const SessionSettings &settings) { m_settings = settings; } ///< for later connections
    void clearCache() const { m_cache.clear(); }
    ActivityModel *activity() { return &m_activity; }
    QAbstractItemModel *allJobs() { return &m_allJobs; } ///< the job tables of all masters, one below the other

signals:
    void added(danube::console::MasterSession *session);
    void aboutToRemove(danube::console::MasterSession *session);
    void removed();
    void scopeChanged();

private:
    void tell(const MasterSession &session, ActivityKind kind, ActivityLevel level, const QString &text);
    void tellConnection(const MasterSession &session);

    LogCache m_cache;
    const Clock &m_clock;
    ActivityModel m_activity;
    QConcatenateTablesProxyModel m_allJobs;
    SessionSettings m_settings;
    std::vector<std::unique_ptr<MasterSession>> m_sessions;
    MasterSession *m_scope = nullptr;
};

} // namespace danube::console
