// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/tokenstore.h"

namespace danube::console {

namespace {

template <class T> void refuse(const QString &reason, QObject *context, TokenStore::Done<T> done)
{
    QMetaObject::invokeMethod(
        context,
        [reason, done = std::make_shared<TokenStore::Done<T>>(std::move(done))] {
            (*done)(fail(ErrorCode::Unavailable, reason));
        },
        Qt::QueuedConnection);
}

} // namespace

void NoTokenStore::load(const QString &, QObject *context, Done<Secret> done)
{
    refuse(m_reason, context, std::move(done));
}

void NoTokenStore::save(const QString &, const Secret &, QObject *context, Done<void> done)
{
    refuse(m_reason, context, std::move(done));
}

void NoTokenStore::remove(const QString &, QObject *context, Done<void> done)
{
    refuse(m_reason, context, std::move(done));
}

} // namespace danube::console
