// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/source/sourceservice.h"

#include "server/source/barerepository.h"
#include "server/source/bundlestore.h"
#include "server/source/mirror.h"

#include <QDir>
#include <QDirIterator>

using namespace Qt::StringLiterals;

namespace danube::source {
namespace {

/// Calls `done` later, and only while `context` lives: for answers of objects that outlive the caller.
template <class T> auto guarded(QObject *context, std::move_only_function<void(Result<T>)> done)
{
    return [guard = QPointer(context), done = std::move(done)](Result<T> result) mutable {
        if (guard)
            done(std::move(result));
    };
}

template <class T> void answerLater(QObject *context, std::move_only_function<void(Result<T>)> done, Error error)
{
    QMetaObject::invokeMethod(
        context, [done = std::move(done), error = std::move(error)]() mutable { done(std::unexpected(error)); },
        Qt::QueuedConnection);
}

} // namespace

SourceService::SourceService(Settings settings) : m_settings(std::move(settings))
{
    QDir().mkpath(m_settings.directory);
    QFile::setPermissions(m_settings.directory, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QDirIterator unfinished(m_settings.directory + u"/mirrors"_s, {u'*' + Mirror::unfinished}, QDir::Dirs);
    while (unfinished.hasNext())
        QDir(unfinished.next()).removeRecursively();
    m_bundles = std::make_unique<BundleStore>(m_settings, m_git);
}

SourceService::~SourceService() = default;

Result<Mirror *> SourceService::mirrorOf(const QString &repository)
{
    auto parsed = parseRepository(repository, m_settings.allowedProtocols);
    if (!parsed)
        return std::unexpected(parsed.error());
    auto &mirror = m_mirrors[parsed->mirrorName];
    if (mirror)
        return mirror.get();
    const auto directory = m_settings.directory + u"/mirrors/"_s + parsed->mirrorName;
    if (auto made = makeBareRepository(directory); !made)
        return std::unexpected(made.error().in(u"make the mirror of "_s + parsed->shown));
    mirror = std::make_unique<Mirror>(std::move(*parsed), directory, m_git, m_settings.timeout, m_settings.access);
    return mirror.get();
}

void SourceService::resolve(const QString &repository, const QString &ref, QObject *context, Done<ResolvedCommit> done)
{
    const auto mirror = mirrorOf(repository);
    if (!mirror)
        return answerLater(context, std::move(done), mirror.error());
    const auto reference = parseReference(ref);
    if (!reference)
        return answerLater(context, std::move(done), reference.error());
    (*mirror)->resolve(*reference, guarded(context, std::move(done)));
}

void SourceService::bundle(const QString &repository, const QString &commit, QObject *context, Done<QString> done)
{
    const auto mirror = mirrorOf(repository);
    if (!mirror)
        return answerLater(context, std::move(done), mirror.error());
    if (!isCommitId(commit))
        return answerLater(
            context, std::move(done),
            {ErrorCode::InvalidArgument, u"bundle '%1': expected a full commit id"_s.arg(commit.left(80))});
    m_bundles->make(**mirror, commit, guarded(context, std::move(done)));
}

} // namespace danube::source
