// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/keychain.h"

#include <qt6keychain/keychain.h>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr auto service = "danube-console"_L1;

Error errorOf(const QKeychain::Job &job, const QString &attempt)
{
    const ErrorCode code = job.error() == QKeychain::EntryNotFound ? ErrorCode::NotFound
                           : job.error() == QKeychain::AccessDenied || job.error() == QKeychain::AccessDeniedByUser
                               ? ErrorCode::PermissionDenied
                               : ErrorCode::Unavailable;
    return {code, u"%1: %2"_s.arg(attempt, job.errorString())};
}

// Insecure fallback stays off, which is the default: without a keychain nothing is written.
template <class Answer> void run(QKeychain::Job *job, const QString &key, QObject *context, Answer answer)
{
    job->setAutoDelete(true);
    job->setKey(key);
    QObject::connect(job, &QKeychain::Job::finished, context, std::move(answer));
    job->start();
}

} // namespace

void Keychain::load(const QString &key, QObject *context, Done<Secret> done)
{
    if (!QKeychain::isAvailable())
        return m_none.load(key, context, std::move(done));
    auto *job = new QKeychain::ReadPasswordJob(service);
    run(job, key, context, [job, done = std::move(done)](QKeychain::Job *) mutable {
        if (job->error() != QKeychain::NoError)
            return done(std::unexpected(errorOf(*job, u"read the keychain"_s)));
        done(Secret(job->binaryData()));
    });
}

void Keychain::save(const QString &key, const Secret &value, QObject *context, Done<void> done)
{
    if (!QKeychain::isAvailable())
        return m_none.save(key, value, context, std::move(done));
    auto *job = new QKeychain::WritePasswordJob(service);
    job->setBinaryData(value.reveal());
    run(job, key, context, [done = std::move(done)](QKeychain::Job *ended) mutable {
        if (ended->error() != QKeychain::NoError)
            return done(std::unexpected(errorOf(*ended, u"write to the keychain"_s)));
        done({});
    });
}

void Keychain::remove(const QString &key, QObject *context, Done<void> done)
{
    if (!QKeychain::isAvailable())
        return m_none.remove(key, context, std::move(done));
    auto *job = new QKeychain::DeletePasswordJob(service);
    run(job, key, context, [done = std::move(done)](QKeychain::Job *ended) mutable {
        if (ended->error() != QKeychain::NoError && ended->error() != QKeychain::EntryNotFound)
            return done(std::unexpected(errorOf(*ended, u"remove from the keychain"_s)));
        done({});
    });
}

} // namespace danube::console
