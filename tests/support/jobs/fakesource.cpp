// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/jobs/fakesource.h"

using namespace Qt::StringLiterals;

namespace danube::tests {

FakeSource::FakeSource(const QString &directory) : SourceService(Settings{.directory = directory}) {}

void FakeSource::resolve(const QString &, const QString &ref, QObject *context, Done<source::ResolvedCommit> done)
{
    askedRefs.append(ref);
    if (isSilent)
        return;
    auto result = error ? Result<source::ResolvedCommit>(std::unexpected(*error)) : resolved;
    QMetaObject::invokeMethod(
        context, [done = std::move(done), result = std::move(result)]() mutable { done(std::move(result)); },
        Qt::QueuedConnection);
}

void FakeSource::bundle(const QString &, const QString &commit, QObject *context, Done<QString> done)
{
    QMetaObject::invokeMethod(
        context, [done = std::move(done), commit]() mutable { done(u"/bundles/"_s + commit); }, Qt::QueuedConnection);
}

} // namespace danube::tests
