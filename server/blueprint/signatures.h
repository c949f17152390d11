// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QStringList>

namespace danube::blueprint {

/// Who may sign commits of the Blueprint, and what the master signs its own with. Ed25519, ECDSA or RSA keys of
/// OpenSSH; git and ssh-keygen do the work.
struct SigningPolicy
{
    bool isRequired = false; ///< commits by nobody in allowedSigners are refused
    QString allowedSigners;  ///< path of an allowed_signers file, ssh-keygen(1)
    QString signingKey;      ///< path of a private key without a password; empty = the master signs nothing
    bool canCommit() const { return !isRequired || !signingKey.isEmpty(); }
};

/// What git says of a commit's signature: `log --format=%G?%n%GK%n%GS`.
struct Signature
{
    QChar verdict;  ///< G good; U signed by an unknown key; N none; B bad; X, Y, R expired or revoked; E not checkable
    QString key;    ///< fingerprint
    QString signer; ///< principal
    bool operator==(const Signature &) const = default;
};

/// Protocol when git printed anything else. Pure.
Result<Signature> parseSignature(const QByteArray &output);
/// Arguments of git that make it print parseSignature()'s form.
QStringList signatureArguments(const QString &commit);
/// Only ssh signatures are checked, and by the file only: other kinds call a program that says no.
QList<std::pair<QString, QString>> checkConfig(const SigningPolicy &policy);
QList<std::pair<QString, QString>> signConfig(const SigningPolicy &policy);
/// Why the commit is not taken, in one sentence; nullopt for a good signature. Only `G` is good.
std::optional<QString> whyNotTrusted(const QString &commit, const Signature &signature);

} // namespace danube::blueprint
