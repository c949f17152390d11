// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/mastersactions.h"

#include "console/app/connectdialog.h"
#include "console/app/connectiontestdialog.h"
#include "console/app/profiledialog.h"
#include "console/app/signindialog.h"

#include <QFile>
#include <QFileDialog>
#include <QMessageBox>
#include <QPushButton>
#include <QSaveFile>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr qint64 longestDocument = 4 * 1024 * 1024;

} // namespace

MastersActions::MastersActions(const Parts &parts, QWidget *window) : QObject(window), m_parts(parts), m_window(window)
{
    connect(&m_parts.masters, &Masters::added, this, [this](const MasterSession *session) {
        if (m_dialog && session->profile().url == m_dialogUrl)
            m_dialog->close(); // it asked for what has come
    });
    connect(&m_parts.credentials, &Credentials::signInNeeded, this, [this](const MasterSession *session) {
        emit told(tr("%1 needs you to sign in again.").arg(session->profile().name));
    });
}

std::optional<ActionState> MastersActions::stateOf(const QString &id, const QStringList &urls)
{
    if (id == "masters.add"_L1 || id == "masters.import"_L1)
        return ActionState{true};
    if (id == "masters.connect"_L1 || id == "masters.edit"_L1 || id == "masters.duplicate"_L1 ||
        id == "masters.test"_L1)
        return ActionState{urls.size() == 1, tr("select one master of the list")};
    if (id == "masters.remove"_L1 || id == "masters.export"_L1)
        return ActionState{!urls.isEmpty(), tr("no master of the list is selected")};
    return std::nullopt;
}

void MastersActions::trigger(const QString &id, const QStringList &urls)
{
    const Profile *known = m_parts.profiles.find(urls.value(0));
    const Profile profile = known ? *known : Profile();
    if (id == "masters.add"_L1) {
        edit({}, {});
    } else if (id == "masters.connect"_L1) {
        connectTo(profile.url);
    } else if (id == "masters.edit"_L1) {
        edit(profile, profile.url);
    } else if (id == "masters.duplicate"_L1) {
        Profile copy = profile;
        copy.name = m_parts.profiles.freeName(profile.name);
        copy.version.clear();
        copy.lastSeen = {};
        edit(copy, {});
    } else if (id == "masters.remove"_L1) {
        remove(urls);
    } else if (id == "masters.test"_L1) {
        test(profile);
    } else if (id == "masters.import"_L1) {
        connect(chooseFile(tr("Import profiles"), false), &QFileDialog::fileSelected, this,
                &MastersActions::importFrom);
    } else if (id == "masters.export"_L1) {
        connect(chooseFile(tr("Export profiles"), true), &QFileDialog::fileSelected, this,
                [this, urls](const QString &path) { exportTo(path, urls); });
    }
}

QFileDialog *MastersActions::chooseFile(const QString &title, bool save)
{
    auto *chooser = new QFileDialog(m_window, title, {}, tr("Profiles (*.json)"));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setFileMode(save ? QFileDialog::AnyFile : QFileDialog::ExistingFile);
    chooser->setAcceptMode(save ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
    chooser->setDefaultSuffix(u"json"_s);
    chooser->open();
    return chooser;
}

void MastersActions::importFrom(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return emit told(tr("Read %1: %2").arg(path, file.errorString()));
    const auto profiles = profilesFromJson(file.read(longestDocument));
    if (!profiles)
        return emit told(tr("Import %1: %2").arg(path, profiles.error().message));
    const int added = m_parts.profiles.import(*profiles);
    const auto left = std::ranges::count_if(
        *profiles, [this](const Profile &profile) { return !m_parts.profiles.find(profile.url); });
    const QString text = tr("%1 of %2 profiles imported; the others were known.").arg(added).arg(profiles->size());
    emit told(left == 0 ? text
                        : tr("%1 of %2 profiles imported; there is no room for %3 more.")
                              .arg(added)
                              .arg(profiles->size())
                              .arg(left));
}

void MastersActions::exportTo(const QString &path, const QStringList &urls)
{
    QList<Profile> profiles;
    for (const QString &url : urls) {
        if (const Profile *profile = m_parts.profiles.find(url))
            profiles.append(*profile);
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(profilesToJson(profiles)) < 0 || !file.commit())
        return emit told(tr("Write %1: %2").arg(path, file.errorString()));
    emit told(tr("%n profiles exported, without tokens.", nullptr, int(profiles.size())));
}

void MastersActions::edit(const Profile &profile, const QString &url)
{
    auto *dialog = new ProfileDialog(profile, m_parts.theme.colors(), m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(url.isEmpty() ? tr("Add master") : tr("Edit %1").arg(profile.name));
    connect(dialog, &ProfileDialog::saveWanted, this, [this, dialog, url](bool connectNow) {
        const Profile made = dialog->profile();
        if (const auto saved = m_parts.profiles.save(url, made); !saved)
            return dialog->showProblem(saved.error().message);
        dialog->accept();
        const MasterSession *session = m_parts.masters.find(url);
        if (session && session->profile().kind != made.kind)
            emit told(tr("%1 is connected as %2: disconnect and connect again for the new kind to hold.")
                          .arg(made.name, kindWord(session->profile().kind)));
        if (connectNow)
            connectTo(made.url);
    });
    connect(dialog, &ProfileDialog::testWanted, this, [this, dialog] { test(dialog->profile()); });
    dialog->open();
}

void MastersActions::remove(const QStringList &urls)
{
    QList<MasterSession *> sessions;
    for (const QString &url : urls) {
        if (MasterSession *session = m_parts.masters.find(url))
            sessions.append(session);
    }
    const Question question{tr("Remove masters"),
                            tr("Remove %n masters from the list? Their stored tokens are forgotten too. "
                               "Nothing changes on the masters themselves.",
                               nullptr, int(urls.size())),
                            tr("&Remove")};
    ask(question, sessions, [this, urls] {
        for (const QString &url : urls) {
            if (MasterSession *session = m_parts.masters.find(url))
                m_parts.masters.disconnectFrom(session);
            m_parts.credentials.signOut(url);
            m_parts.profiles.remove(url);
        }
    });
}

void MastersActions::disconnectFrom(MasterSession &session)
{
    if (m_parts.unsaved({&session}).isEmpty())
        return m_parts.masters.disconnectFrom(&session);
    const QString name = session.profile().name;
    ask({tr("Disconnect"), tr("Disconnect %1?").arg(name), tr("&Disconnect")}, {&session},
        [this, url = session.profile().url] { m_parts.masters.disconnectFrom(m_parts.masters.find(url)); });
}

void MastersActions::signOutEverywhere()
{
    ask({tr("Sign out everywhere"), tr("Disconnect every master and forget all tokens?"), tr("&Sign out")},
        m_parts.masters.all(), [this] { m_parts.credentials.signOutEverywhere(m_parts.profiles.profiles()); });
}

// Pages go with their master; what that would lose is a part of the question.
void MastersActions::ask(const Question &question, const QList<MasterSession *> &sessions,
                         const std::function<void()> &then)
{
    const QStringList unsaved = m_parts.unsaved(sessions);
    auto *box = new QMessageBox(QMessageBox::Question, question.title, question.text, QMessageBox::Cancel, m_window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    if (!unsaved.isEmpty())
        box->setInformativeText(tr("Lost then:\n• %1").arg(unsaved.join(u"\n• "_s)));
    const QPushButton *yes = box->addButton(question.button, QMessageBox::DestructiveRole);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QPushButton::clicked, this, then);
    box->open();
}

void MastersActions::test(const Profile &profile)
{
    auto *dialog =
        new ConnectionTestDialog(profile, m_parts.credentials.tokenOf(profile.url), m_parts.theme.colors(), m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MastersActions::connectTo(const QString &url)
{
    const Profile *known = m_parts.profiles.find(url);
    if (!known)
        return;
    const Profile profile = *known;
    if (MasterSession *session = m_parts.masters.find(url)) {
        m_parts.masters.setScope(session);
        if (session->connection().state == ConnectionState::SignInNeeded)
            signInAgain(*session); // what the keychain holds is what was refused
        return emit connected();
    }
    m_parts.credentials.resume(profile, this, [this, profile](const Result<MasterSession *> &session) {
        if (session) {
            m_parts.profiles.noteUse(profile);
            return emit connected();
        }
        profile.issuer.isEmpty() ? askToken(profile) : askIssuer(profile);
    });
}

void MastersActions::resume(const QString &url)
{
    const Profile *known = m_parts.profiles.find(url);
    if (!known)
        return;
    m_parts.credentials.resume(*known, this, [this, name = known->name](const Result<MasterSession *> &session) {
        if (!session)
            emit told(tr("%1 is not connected: %2").arg(name, session.error().message));
    });
}

void MastersActions::signInAgain(MasterSession &session)
{
    const Profile &profile = session.profile();
    profile.issuer.isEmpty() ? askToken(profile) : askIssuer(profile);
}

void MastersActions::askForMaster()
{
    askToken({});
}

void MastersActions::askToken(const Profile &profile)
{
    if (m_dialog)
        return m_dialog->activateWindow();
    auto *dialog = new ConnectDialog(m_parts.profiles.profiles(), m_parts.theme.colors(), m_window);
    m_dialog = dialog;
    m_dialogUrl = profile.url;
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (!profile.url.isEmpty())
        dialog->setProfile(profile);
    connect(dialog, &ConnectDialog::connectRequested, this, [this, dialog] {
        Profile asked = dialog->profile();
        if (const Profile *known = m_parts.profiles.find(asked.url)) {
            asked.url = known->url; // as the keychain has it
            asked.issuer = known->issuer;
            asked.clientId = known->clientId;
        }
        const auto session = connectWith(asked, dialog->takeToken(), dialog->keep());
        if (session)
            dialog->accept();
        else
            dialog->showProblem(session.error().message);
    });
    dialog->open();
}

void MastersActions::askIssuer(const Profile &profile)
{
    if (m_dialog)
        return m_dialog->activateWindow();
    auto *dialog = new SignInDialog(profile, m_parts.signIn(profile), m_parts.theme.colors(), m_window);
    m_dialog = dialog;
    m_dialogUrl = profile.url;
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SignInDialog::browserWanted, this, m_parts.openBrowser);
    connect(dialog, &SignInDialog::signedIn, this, [this, dialog, profile] {
        const auto session = m_parts.credentials.signIn(profile, dialog->takeTokens(), dialog->keep());
        if (!session)
            return dialog->showProblem(session.error().message);
        m_parts.profiles.noteUse(profile);
        dialog->accept();
        emit connected();
    });
    dialog->open();
}

Result<MasterSession *> MastersActions::connectWith(const Profile &profile, Secret token, Credentials::Keep keep)
{
    TokenSet tokens;
    tokens.bearer = std::move(token);
    const auto session = m_parts.credentials.signIn(profile, std::move(tokens), keep);
    if (session) {
        m_parts.profiles.noteUse(profile);
        emit connected();
    }
    return session;
}

} // namespace danube::console
