// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QObject>

#include <functional>

namespace danube::console {

/// Where tokens outlive the program: the desktop's keychain, or a fake in tests. Each call answers once, later, in the
/// caller's thread, and not at all when `context` has gone. Unavailable: there is no keychain. NotFound: nothing under
/// that key. Never falls back to a plain file.
class TokenStore
{
public:
    template <class T> using Done = std::move_only_function<void(Result<T>)>;
    virtual ~TokenStore() = default;
    virtual void load(const QString &key, QObject *context, Done<Secret> done) = 0;
    virtual void save(const QString &key, const Secret &value, QObject *context, Done<void> done) = 0;
    virtual void remove(const QString &key, QObject *context, Done<void> done) = 0;
};

/// Keeps nothing: everything is Unavailable, for the reason given.
class NoTokenStore final : public TokenStore
{
public:
    explicit NoTokenStore(QString reason = QObject::tr("The keychain is not used.")) : m_reason(std::move(reason)) {}
    void load(const QString &key, QObject *context, Done<Secret> done) override;
    void save(const QString &key, const Secret &value, QObject *context, Done<void> done) override;
    void remove(const QString &key, QObject *context, Done<void> done) override;

private:
    QString m_reason;
};

} // namespace danube::console
