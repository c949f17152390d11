// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/controllers/tokenstore.h"

namespace danube::console {

/// The desktop's keychain by QtKeychain: Secret Service or KWallet here.
class Keychain final : public TokenStore
{
public:
    void load(const QString &key, QObject *context, Done<Secret> done) override;
    void save(const QString &key, const Secret &value, QObject *context, Done<void> done) override;
    void remove(const QString &key, QObject *context, Done<void> done) override;

private:
    NoTokenStore m_none{QObject::tr("This desktop has no keychain.")};
};

} // namespace danube::console
