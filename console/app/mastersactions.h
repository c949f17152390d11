// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"
#include "console/app/theme.h"
#include "console/controllers/credentials.h"
#include "console/controllers/profilemodel.h"

#include <QPointer>

class QDialog;
class QFileDialog;

namespace danube::console {

/// What people do with masters: add, edit, connect, sign in, test, import, export. Owns the dialogs; every one opens
/// without blocking. Pages of masters forward their actions here.
class MastersActions : public QObject
{
    Q_OBJECT
public:
    struct Parts
    {
        Masters &masters;
        ProfileModel &profiles;
        Credentials &credentials;
        Theme &theme;
        std::function<void(const QUrl &)> openBrowser;
        std::function<SignIn::Settings(const Profile &)> signIn;
        /// What the pages of these masters would lose, as PageHost::unsaved() says it.
        std::function<QStringList(const QList<MasterSession *> &)> unsaved;
    };
    MastersActions(const Parts &parts, QWidget *window);

    void askForMaster();                ///< by address and token
    void connectTo(const QString &url); ///< a known profile: by the keychain, else asks
    void resume(const QString &url);    ///< by the keychain or not at all
    void signInAgain(MasterSession &session);
    void disconnectFrom(MasterSession &session); ///< asks where that would lose something
    void signOutEverywhere();                    ///< asks
    Result<MasterSession *> connectWith(const Profile &profile, Secret token, Credentials::Keep keep);

    /// The actions "masters.*" on the selected profiles.
    static std::optional<ActionState> stateOf(const QString &id, const QStringList &urls);
    void trigger(const QString &id, const QStringList &urls);

signals:
    void told(const QString &text);
    void connected();

private:
    struct Question
    {
        QString title;
        QString text;
        QString button;
    };
    void ask(const Question &question, const QList<MasterSession *> &sessions, const std::function<void()> &then);
    void edit(const Profile &profile, const QString &url);
    void remove(const QStringList &urls);
    void test(const Profile &profile);
    void importFrom(const QString &path);
    void exportTo(const QString &path, const QStringList &urls);
    void askToken(const Profile &profile);
    void askIssuer(const Profile &profile);
    QFileDialog *chooseFile(const QString &title, bool save);

    Parts m_parts;
    QWidget *m_window;
    QPointer<QDialog> m_dialog; ///< for connecting: one at a time
    QString m_dialogUrl;        ///< the master it asks for; empty = any
};

} // namespace danube::console
