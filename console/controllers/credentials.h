// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/controllers/masters.h"
#include "console/controllers/signin.h"
#include "console/controllers/tokenstore.h"

namespace danube::console {

/// Keeps connected masters signed in: holds their tokens in memory, puts them into the keychain where the operator
/// wants that and there is one, and renews them before they end or when a master no longer takes them. GUI thread.
class Credentials : public QObject
{
    Q_OBJECT
public:
    enum class Memory { Unknown, Keychain, NotRemembered };
    enum class Keep { InMemory, InKeychain };

    Credentials(TokenStore &store, Masters &masters, const Clock &clock, QObject *parent = nullptr);
    ~Credentials() override;

    /// Connects the master with what a sign-in brought (or an operator pasted: expiresIn 0).
    Result<MasterSession *> signIn(const Profile &profile, TokenSet tokens, Keep keep);
    /// From the keychain: connects, or answers why not (NotFound: never stored). Answers once, later.
    void resume(const Profile &profile, QObject *context, TokenStore::Done<MasterSession *> done);
    void signOut(const QString &url); ///< forgets its tokens, here and in the keychain
    void signOutEverywhere(const QList<Profile> &profiles);

    Secret tokenOf(const QString &url) const; ///< a copy; empty: not connected
    /// Who signed in there, as the identity token says (unchecked: for people to read); empty: it does not.
    QString userOf(const QString &url) const;
    Memory memory() const { return m_memory; }
    QString memoryText() const; ///< for the status bar: "In the keychain", "Not remembered"
    QString memoryReason() const { return m_reason; }
    void setIssuerSettings(const std::function<SignIn::Settings(const Profile &)> &make) { m_settings = make; }

signals:
    void memoryChanged();
    /// The master takes the token no more, and nothing here could renew it: ask the operator.
    void signInNeeded(danube::console::MasterSession *session);

private:
    struct Entry;
    Result<MasterSession *> use(const Profile &profile, TokenSet tokens, Keep keep, bool isNew);
    void watch(MasterSession *session);
    void plan(Entry &entry);
    void renew(const QString &url);
    void takeRenewal(const QString &url, Result<TokenSet> result);
    void remember(const Entry &entry);
    void setMemory(Memory memory, const QString &reason);

    TokenStore &m_store;
    Masters &m_masters;
    const Clock &m_clock;
    std::function<SignIn::Settings(const Profile &)> m_settings;
    std::map<QString, std::unique_ptr<Entry>> m_entries; ///< by the master's URL
    Memory m_memory = Memory::Unknown;
    QString m_reason;
};

SignIn::Settings signInSettings(const Profile &profile); ///< as for people

} // namespace danube::console
