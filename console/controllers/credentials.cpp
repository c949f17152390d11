// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/credentials.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr milliseconds shortestWait{5000};
constexpr seconds notTwiceWithin{60}; // a master that refuses a fresh token will refuse the next one too

Secret toStored(const TokenSet &tokens, WallTime expires)
{
    return Secret(QJsonDocument(QJsonObject{{"bearer"_L1, QString::fromUtf8(tokens.bearer.reveal())},
                                            {"refresh"_L1, QString::fromUtf8(tokens.refresh.reveal())},
                                            {"expires"_L1, toRfc3339(expires)}})
                      .toJson(QJsonDocument::Compact));
}

} // namespace

struct Credentials::Entry
{
    Profile profile;
    TokenSet tokens;
    WallTime expires{}; ///< zero = not known
    Keep keep = Keep::InMemory;
    std::optional<SteadyTime> renewed;
    Backoff backoff{milliseconds(5000), milliseconds(300'000)};
    QTimer timer;
    std::unique_ptr<SignIn> renewal;
};

SignIn::Settings signInSettings(const Profile &profile)
{
    return {.issuer = profile.issuer,
            .clientId = profile.clientId.isEmpty() ? QString::fromLatin1(defaultClientId) : profile.clientId};
}

Credentials::Credentials(TokenStore &store, Masters &masters, const Clock &clock, QObject *parent)
    : QObject(parent), m_store(store), m_masters(masters), m_clock(clock), m_settings(signInSettings)
{
    connect(&masters, &Masters::added, this, &Credentials::watch);
    connect(&masters, &Masters::aboutToRemove, this,
            [this](const MasterSession *session) { m_entries.erase(session->profile().url); });
}

Credentials::~Credentials() = default;

void Credentials::watch(MasterSession *session)
{
    connect(session, &MasterSession::connectionChanged, this, [this, session] {
        if (session->connection().state != ConnectionState::SignInNeeded)
            return;
        const auto entry = m_entries.find(session->profile().url);
        const bool fresh = entry != m_entries.end() && entry->second->renewed &&
                           m_clock.steady() - *entry->second->renewed < notTwiceWithin;
        if (entry != m_entries.end() && !entry->second->tokens.refresh.isEmpty() && !fresh)
            renew(entry->first);
        else
            emit signInNeeded(session);
    });
}

Result<MasterSession *> Credentials::signIn(const Profile &profile, TokenSet tokens, Keep keep)
{
    return use(profile, std::move(tokens), keep, true);
}

Result<MasterSession *> Credentials::use(const Profile &profile, TokenSet tokens, Keep keep, bool isNew)
{
    auto entry = std::make_unique<Entry>();
    entry->profile = profile;
    entry->tokens = std::move(tokens);
    entry->keep = keep;
    if (entry->tokens.expiresIn > seconds(0))
        entry->expires = m_clock.wall() + entry->tokens.expiresIn;
    connect(&entry->timer, &QTimer::timeout, this, [this, url = profile.url] { renew(url); });
    entry->timer.setSingleShot(true);
    Entry &kept = *entry;
    // Before connecting: a master that refuses at once must find the refresh token.
    m_entries[profile.url] = std::move(entry);
    auto session = m_masters.connectTo(profile, kept.tokens.bearer.clone());
    if (!session) {
        m_entries.erase(profile.url);
        return session;
    }
    plan(kept);
    if (isNew)
        remember(kept);
    return session;
}

// A fifth of its life before it ends, so that a slow provider does no harm.
void Credentials::plan(Entry &entry)
{
    if (entry.tokens.refresh.isEmpty() || entry.expires == WallTime{})
        return entry.timer.stop();
    const auto left = std::chrono::duration_cast<milliseconds>(entry.expires - m_clock.wall());
    entry.timer.start(std::max(shortestWait, left - std::min<milliseconds>(left / 5, std::chrono::minutes(5))));
}

void Credentials::renew(const QString &url)
{
    Entry &entry = *m_entries.at(url);
    if (entry.renewal)
        return;
    entry.timer.stop();
    entry.renewal = std::make_unique<SignIn>(m_settings(entry.profile));
    connect(entry.renewal.get(), &SignIn::finished, this, [this, url](const auto &result) {
        m_entries.at(url)->renewal.release()->deleteLater();
        takeRenewal(url, std::move(*result));
    });
    entry.renewal->refresh(entry.tokens.refresh.clone());
}

void Credentials::takeRenewal(const QString &url, Result<TokenSet> result)
{
    Entry &entry = *m_entries.at(url);
    MasterSession *session = m_masters.find(url);
    if (result) {
        if (result->refresh.isEmpty()) // RFC 6749 6: the old one goes on being good
            result->refresh = entry.tokens.refresh.clone();
        entry.tokens = std::move(*result);
        entry.expires = entry.tokens.expiresIn > seconds(0) ? m_clock.wall() + entry.tokens.expiresIn : WallTime{};
        entry.backoff.reset();
        entry.renewed = m_clock.steady();
        if (session)
            session->signIn(entry.tokens.bearer.clone());
        plan(entry);
        remember(entry);
        m_masters.activity()->add({ActivityKind::SignIn,
                                   ActivityLevel::Note,
                                   entry.profile.name,
                                   tr("The sign-in was renewed."),
                                   entry.profile.issuer,
                                   {},
                                   -1});
        return;
    }
    const bool later = result.error().code == ErrorCode::Unavailable || result.error().code == ErrorCode::Timeout;
    m_masters.activity()->add({ActivityKind::SignIn,
                               later ? ActivityLevel::Warning : ActivityLevel::Problem,
                               entry.profile.name,
                               tr("The sign-in could not be renewed: %1").arg(result.error().message),
                               entry.profile.issuer,
                               {},
                               -1});
    if (later)
        return entry.timer.start(entry.backoff.next());
    entry.tokens.refresh = Secret();
    if (session && session->connection().state == ConnectionState::SignInNeeded)
        emit signInNeeded(session);
}

void Credentials::remember(const Entry &entry)
{
    if (entry.keep == Keep::InMemory)
        return setMemory(Memory::NotRemembered, tr("The token is kept in memory only, as chosen at sign-in."));
    m_store.save(entry.profile.url, toStored(entry.tokens, entry.expires), this, [this](const Result<void> &saved) {
        if (saved)
            return setMemory(Memory::Keychain, {});
        setMemory(Memory::NotRemembered, saved.error().message);
        m_masters.activity()->add({ActivityKind::SignIn,
                                   ActivityLevel::Warning,
                                   {},
                                   tr("The token is not remembered: %1").arg(saved.error().message),
                                   {},
                                   {},
                                   -1});
    });
}

void Credentials::resume(const Profile &profile, QObject *context, TokenStore::Done<MasterSession *> done)
{
    m_store.load(profile.url, context, [this, profile, done = std::move(done)](Result<Secret> stored) mutable {
        if (!stored)
            return done(std::unexpected(stored.error()));
        const QJsonObject body = QJsonDocument::fromJson(stored->reveal()).object();
        TokenSet tokens;
        tokens.bearer = Secret(body.value("bearer"_L1).toString().toUtf8());
        tokens.refresh = Secret(body.value("refresh"_L1).toString().toUtf8());
        const WallTime expires = fromRfc3339(body.value("expires"_L1).toString());
        if (expires != WallTime{})
            tokens.expiresIn = std::max(seconds(1), std::chrono::duration_cast<seconds>(expires - m_clock.wall()));
        if (tokens.bearer.isEmpty())
            return done(fail(ErrorCode::NotFound, tr("The keychain holds no token for %1.").arg(profile.name)));
        setMemory(Memory::Keychain, {});
        done(use(profile, std::move(tokens), Keep::InKeychain, false));
    });
}

void Credentials::signOut(const QString &url)
{
    m_entries.erase(url);
    m_store.remove(url, this, [](const Result<void> &) {});
}

void Credentials::signOutEverywhere(const QList<Profile> &profiles)
{
    for (MasterSession *session : m_masters.all())
        m_masters.disconnectFrom(session);
    for (const Profile &profile : profiles)
        signOut(profile.url);
}

Secret Credentials::tokenOf(const QString &url) const
{
    const auto entry = m_entries.find(url);
    return entry == m_entries.end() ? Secret() : entry->second->tokens.bearer.clone();
}

QString Credentials::userOf(const QString &url) const
{
    const auto entry = m_entries.find(url);
    return entry == m_entries.end() ? QString() : userNameOf(entry->second->tokens.bearer.reveal());
}

QString Credentials::memoryText() const
{
    switch (m_memory) {
    case Memory::Unknown:
        return {};
    case Memory::Keychain:
        return tr("Token in the keychain");
    case Memory::NotRemembered:
        return tr("Token not remembered");
    }
    return {};
}

void Credentials::setMemory(Memory memory, const QString &reason)
{
    m_memory = memory;
    m_reason = reason;
    emit memoryChanged();
}

} // namespace danube::console
