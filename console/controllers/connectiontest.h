// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/controllers/profile.h"
#include "shared/core/secret.h"

#include <QAbstractListModel>
#include <QNetworkAccessManager>
#include <QTimer>

class QNetworkReply;

namespace danube::api {
class ApiClient;
} // namespace danube::api

namespace danube::console {

/// Goes the way to a master step by step, so that people see where it ends: name, TLS, health, how to sign in, token,
/// version, event stream. A list with a row per step; ends by finished() unless destroyed first. GUI thread.
class ConnectionTest : public QAbstractListModel
{
    Q_OBJECT
public:
    enum class State { Waiting, Running, Passed, Failed, Skipped };
    Q_ENUM(State)
    enum Role { StateRole = Qt::UserRole, NameRole, DetailRole };
    enum Step { Name, Tls, Health, Issuer, Token, Version, Stream, StepCount };

    ConnectionTest(const Profile &profile, Secret token, QObject *parent = nullptr);
    ~ConnectionTest() override;
    void start();
    void setPatience(milliseconds patience) { m_stepPatience = patience; } ///< with one step, the stream aside
    State state(Step step) const { return m_rows[step].state; }
    QString detail(Step step) const { return m_rows[step].detail; }
    QString toText() const; ///< for the clipboard

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

signals:
    void finished();

private:
    struct Row
    {
        State state = State::Waiting;
        QString detail;
    };
    void set(Step step, State state, const QString &detail);
    void pass(const QString &detail) { conclude(State::Passed, detail); }
    void conclude(State state, const QString &detail);
    void fail(const QString &detail); ///< and skips the rest
    void runStep();
    void lookUp();
    void shakeHands();
    void askIssuer();
    void askToken();
    void listen();

    Profile m_profile;
    std::shared_ptr<const Secret> m_token;
    std::unique_ptr<api::ApiClient> m_client;
    QNetworkAccessManager m_network;
    QTimer m_patience;
    milliseconds m_stepPatience{20'000};
    Row m_rows[StepCount];
    int m_step = 0;
};

} // namespace danube::console
