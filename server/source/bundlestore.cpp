// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/source/bundlestore.h"

#include "server/source/barerepository.h"
#include "shared/core/id.h"

#include <QDir>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace danube::source {
namespace {

constexpr int keepAtLeastSeconds = 60;

bool touch(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadWrite | QIODevice::ExistingOnly) &&
           file.setFileTime(QDateTime::currentDateTimeUtc(), QFileDevice::FileModificationTime);
}

} // namespace

BundleStore::BundleStore(const SourceService::Settings &settings, git::Runner &runner)
    : m_settings(settings), m_git(runner)
{
    // Neither git nor we sync a bundle: after a power cut it may have its name and no bytes. The mirror gives them all.
    const QDir root(m_settings.directory);
    for (const auto &part : {u"work"_s, u"bundles"_s}) {
        QDir(root.filePath(part)).removeRecursively();
        root.mkpath(part);
    }
}

void BundleStore::make(Mirror &mirror, const QString &commit, Done done)
{
    const auto name = u"%1-%2-%3.bundle"_s.arg(mirror.repository().mirrorName.left(16), commit).arg(m_settings.depth);
    const auto path = m_settings.directory + u"/bundles/"_s + name;
    const auto [found, isNew] = m_making.try_emplace(path);
    found->second.waiting.push_back(std::move(done));
    if (!isNew)
        return;
    found->second.mirror = &mirror;
    found->second.commit = commit;
    if (touch(path)) {
        QMetaObject::invokeMethod(this, [this, path] { end(path, path); }, Qt::QueuedConnection);
        return;
    }
    ensure(path);
}

git::Command BundleStore::commandFor(const Making &making, const QStringList &arguments) const
{
    git::Command command;
    command.what = u"bundle %1 of %2"_s.arg(making.commit, making.mirror->repository().shown);
    command.arguments = arguments;
    command.directory = making.work;
    command.timeout = m_settings.timeout;
    return command;
}

void BundleStore::run(const QString &path, const git::Command &command, std::move_only_function<void()> then)
{
    m_git.run(command, this, [this, path, command, then = std::move(then)](Result<git::Finished> finished) mutable {
        if (!finished)
            return end(path, std::unexpected(finished.error()));
        if (!finished->isSuccess())
            return refused(path, git::refusal(command, *finished));
        then();
    });
}

void BundleStore::refused(const QString &path, const Error &error)
{
    // The mirror said that it holds the commit. Where it cannot give what belongs to it, it is damaged.
    auto &making = m_making.at(path);
    if (std::exchange(making.isSecondTry, true))
        return end(path, std::unexpected(error));
    making.mirror->renew([this, path, error](const Result<void> &renewed) {
        if (!renewed)
            return end(path, std::unexpected(error));
        ensure(path);
    });
}

void BundleStore::ensure(const QString &path)
{
    auto &making = m_making.at(path);
    making.mirror->ensureCommit(making.commit, [this, path](Result<void> held) {
        if (!held)
            return end(path, std::unexpected(held.error()));
        cut(path);
    });
}

void BundleStore::cut(const QString &path)
{
    // A bundle has no depth of its own: fetch that much into a repository of its own, and bundle all of that.
    auto &making = m_making.at(path);
    if (!making.work.isEmpty()) // of the first try
        QDir(making.work).removeRecursively();
    making.work = m_settings.directory + u"/work/"_s + randomHex(8);
    if (auto made = makeBareRepository(making.work); !made)
        return end(path, std::unexpected(made.error()));
    QStringList arguments{u"fetch"_s, u"--quiet"_s, u"--no-tags"_s, u"--no-write-fetch-head"_s};
    if (m_settings.depth > 0)
        arguments << u"--depth=%1"_s.arg(m_settings.depth);
    const auto mirrorPath = QFileInfo(making.mirror->directory()).absoluteFilePath();
    arguments << u"--"_s << QString::fromLatin1(QUrl::fromLocalFile(mirrorPath).toEncoded())
              << u"+%1:refs/danube/commit"_s.arg(making.commit);
    auto command = commandFor(making, arguments);
    command.protocols = {u"file"_s};
    run(path, command, [this, path] { nameBoundary(path); });
}

void BundleStore::nameBoundary(const QString &path)
{
    auto &making = m_making.at(path);
    QFile head(making.work + u"/HEAD"_s);
    if (!head.open(QIODevice::WriteOnly) || head.write(making.commit.toLatin1() + '\n') < 0)
        return end(path, fail(ErrorCode::Io, u"write %1: %2"_s.arg(head.fileName(), head.errorString())));
    head.close();
    QFile shallow(making.work + u"/shallow"_s);
    if (!shallow.open(QIODevice::ReadOnly))
        return pack(path);
    auto command = commandFor(making, {u"update-ref"_s, u"--stdin"_s});
    for (const QByteArray &line : shallow.readAll().split('\n')) {
        if (isCommitId(QString::fromLatin1(line)))
            command.input += "create refs/danube/shallow/" + line + ' ' + line + '\n';
    }
    run(path, command, [this, path] { pack(path); });
}

void BundleStore::pack(const QString &path)
{
    const auto command = commandFor(m_making.at(path), {u"bundle"_s, u"create"_s, u"--quiet"_s, u"out.bundle"_s,
                                                        u"HEAD"_s, u"--glob=refs/danube/shallow/*"_s});
    run(path, command, [this, path] { publish(path); });
}

void BundleStore::publish(const QString &path)
{
    QFile file(m_making.at(path).work + u"/out.bundle"_s);
    if (!file.rename(path))
        return end(path, fail(ErrorCode::Io, u"store bundle %1: %2"_s.arg(path, file.errorString())));
    end(path, path);
    prune();
}

void BundleStore::end(const QString &path, Result<QString> result)
{
    auto node = m_making.extract(path);
    auto &making = node.mapped();
    if (!making.work.isEmpty())
        QDir(making.work).removeRecursively();
    for (auto &done : making.waiting)
        done(result);
}

void BundleStore::prune()
{
    const QDir dir(m_settings.directory + u"/bundles"_s);
    const auto files = dir.entryInfoList({u"*.bundle"_s}, QDir::Files, QDir::Time); // newest first
    const auto now = QDateTime::currentDateTimeUtc();
    qint64 total = 0;
    for (const QFileInfo &file : files) {
        total += file.size();
        const auto age = file.lastModified().secsTo(now);
        const bool isTooMuch = age > m_settings.bundleAge.count() || total > m_settings.bundleBytes;
        if (isTooMuch && age >= keepAtLeastSeconds)
            QFile::remove(file.filePath());
    }
}

} // namespace danube::source
