// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/configrepository.h"

#include "server/source/mirror.h"

#include <QDir>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

const auto fetchedRef = u"refs/danube/blueprint"_s;
const auto proposedRef = u"refs/danube/proposed"_s;
constexpr qint64 batchBytes = 2 << 20; // of one cat-file; the runner takes 4 MiB of output

/// What a killed fetch leaves behind counts for nothing and may be large.
void removeLeftovers(const QString &directory)
{
    QDir packs(directory + u"/objects/pack"_s);
    for (const QString &name : packs.entryList({u"tmp_*"_s, u".tmp-*"_s}, QDir::Files | QDir::Hidden))
        packs.remove(name);
}

Result<QByteArray> outputOf(const git::Command &command, const Result<git::Finished> &finished)
{
    if (!finished)
        return std::unexpected(finished.error());
    if (!finished->isSuccess())
        return std::unexpected(git::refusal(command, *finished));
    return finished->output;
}

} // namespace

ConfigRepository::ConfigRepository(Settings settings) : m_settings(std::move(settings)) {}

git::Command ConfigRepository::command(const QString &verb, const QStringList &arguments) const
{
    git::Command command;
    command.what = verb + u' ' + m_settings.repository.shown;
    command.arguments = arguments;
    command.directory = m_settings.directory;
    command.timeout = m_settings.timeout;
    return command;
}

QString ConfigRepository::below(const QString &path) const
{
    return m_settings.path.isEmpty() ? path : m_settings.path + u'/' + path;
}

void ConfigRepository::run(git::Command command, Done<QByteArray> done)
{
    m_git.run(command, this, [command, done = std::move(done)](Result<git::Finished> finished) mutable {
        done(outputOf(command, finished));
    });
}

void ConfigRepository::runRemote(git::Command command, Done<git::Finished> done)
{
    const auto made = source::makeBareRepository(m_settings.directory);
    auto access =
        made.and_then([this] { return m_settings.access ? m_settings.access() : Result<git::Access>(git::Access()); });
    if (!access) {
        QMetaObject::invokeMethod(
            this,
            [error = access.error().in(command.what), done = std::move(done)]() mutable {
                done(std::unexpected(error));
            },
            Qt::QueuedConnection);
        return;
    }
    command.protocols = {m_settings.repository.protocol};
    command.config += m_settings.repository.config;
    command.access = std::move(*access);
    command.largestFile = m_settings.packBytes;
    m_git.run(std::move(command), this, std::move(done));
}

void ConfigRepository::fetch(Done<QString> done)
{
    removeLeftovers(m_settings.directory);
    auto fetching = command(u"fetch branch %1 of"_s.arg(m_settings.branch),
                            {u"fetch"_s, u"--quiet"_s, u"--force"_s, u"--no-tags"_s, u"--no-write-fetch-head"_s,
                             u"--no-recurse-submodules"_s, u"--depth=1"_s, u"--"_s, m_settings.repository.url,
                             u"+refs/heads/%1:%2"_s.arg(m_settings.branch, fetchedRef)});
    fetching.largestFile = m_settings.packBytes;
    // Trees with "..", ".git" or a name twice are refused as they come in.
    fetching.config.append({u"fetch.fsckObjects"_s, u"true"_s});
    runRemote(fetching, [this, fetching, done = std::move(done)](Result<git::Finished> finished) mutable {
        if (const auto fetched = outputOf(fetching, finished); !fetched)
            return done(std::unexpected(fetched.error()));
        run(command(u"read the commit of"_s,
                    {u"rev-parse"_s, u"--verify"_s, u"--end-of-options"_s, fetchedRef + u"^{commit}"_s}),
            [done = std::move(done)](Result<QByteArray> output) mutable {
                done(output.transform([](const QByteArray &id) { return QString::fromLatin1(id.trimmed()); }));
            });
    });
}

void ConfigRepository::read(const QString &commit, Done<ReadTree> done)
{
    QStringList arguments{u"ls-tree"_s, u"-z"_s, u"-l"_s, u"--full-tree"_s, u"--end-of-options"_s, commit, u"--"_s};
    for (const auto &path : {u"config.json"_s, u"users.json"_s, u"teams.json"_s, u"pipelines"_s, u"pipelines/"_s})
        arguments.append(below(path));
    run(command(u"list commit %1 of"_s.arg(commit), arguments),
        [this, done = std::move(done)](Result<QByteArray> output) mutable {
            if (!output && output.error().code == ErrorCode::Protocol) {
                const Finding finding{u"pipelines"_s,
                                      {},
                                      {},
                                      Severity::Error,
                                      u"more than %1 files are no configuration"_s.arg(m_settings.limits.files),
                                      {}};
                return done(ReadTree{{}, {finding}});
            }
            auto listing = output.and_then(
                [this](const QByteArray &text) { return parseTree(text, m_settings.path, m_settings.limits); });
            if (!listing)
                return done(std::unexpected(listing.error()));
            if (hasErrors(listing->findings))
                return done(ReadTree{{}, std::move(listing->findings)});
            readBlobs(std::move(listing->entries), {}, std::move(done));
        });
}

void ConfigRepository::readBlobs(QList<TreeEntry> entries, ReadTree tree, Done<ReadTree> done)
{
    qsizetype count = 0;
    qint64 bytes = 0;
    auto reading = command(u"read files of"_s, {u"cat-file"_s, u"--batch"_s});
    for (; count < entries.size() && (count == 0 || bytes + entries[count].size <= batchBytes); ++count) {
        bytes += entries[count].size;
        reading.input += entries[count].object.toLatin1() + '\n';
    }
    if (count == 0)
        return done(std::move(tree));
    run(std::move(reading), [this, count, entries = std::move(entries), tree = std::move(tree),
                             done = std::move(done)](Result<QByteArray> output) mutable {
        const std::span batch(entries.constData(), static_cast<size_t>(count));
        const auto contents = output.and_then([&](const QByteArray &text) { return parseBatch(text, batch); });
        if (!contents)
            return done(std::unexpected(contents.error()));
        for (qsizetype i = 0; i < count; ++i)
            tree.files.insert(entries[i].path, contents->at(i));
        readBlobs(entries.sliced(count), std::move(tree), std::move(done));
    });
}

void ConfigRepository::write(const QString &parent, QList<FileChange> changes, const QString &message,
                             const Author &author, qint64 seconds, Done<QString> done)
{
    for (FileChange &change : changes)
        change.path = below(change.path);
    auto writing = command(u"commit to the mirror of"_s, {u"fast-import"_s, u"--quiet"_s, u"--force"_s, u"--done"_s});
    writing.input = toFastImport(
        {proposedRef, parent, author, {u"Danube"_s, u"danube@localhost"_s}, seconds, message, std::move(changes)});
    run(std::move(writing), [done = std::move(done)](Result<QByteArray> output) mutable {
        if (!output)
            return done(std::unexpected(output.error()));
        const auto commit = QString::fromLatin1(output->trimmed());
        if (!source::isCommitId(commit))
            return done(fail(ErrorCode::Protocol, u"git made a commit without telling its id"_s));
        done(commit);
    });
}

void ConfigRepository::push(const QString &commit, Done<void> done)
{
    const auto pushing = command(u"push to branch %1 of"_s.arg(m_settings.branch),
                                 {u"push"_s, u"--porcelain"_s, u"--no-recurse-submodules"_s, u"--"_s,
                                  m_settings.repository.url, u"%1:refs/heads/%2"_s.arg(commit, m_settings.branch)});
    runRemote(pushing, [pushing, done = std::move(done)](Result<git::Finished> finished) mutable {
        if (finished && !finished->isSuccess() && finished->output.contains("\t[rejected]"))
            return done(fail(ErrorCode::Conflict, pushing.what + u": the branch moved meanwhile"_s));
        if (finished && !finished->isSuccess() && finished->output.contains("\t[remote rejected]"))
            return done(fail(ErrorCode::PermissionDenied, pushing.what + u": the repository refuses it"_s));
        const auto output = outputOf(pushing, finished);
        done(output ? Result<void>() : std::unexpected(output.error()));
    });
}

} // namespace danube::blueprint
