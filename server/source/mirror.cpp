// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/source/mirror.h"

#include <QDir>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace danube::source {
namespace {

Result<void> writeFile(const QString &path, const QByteArray &text)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        return fail(ErrorCode::Io, u"write %1: %2"_s.arg(path, file.errorString()));
    return {};
}

} // namespace

Result<void> makeBareRepository(const QString &directory)
{
    const QDir dir(directory);
    if (dir.exists(u"config"_s))
        return {};
    for (const auto &part : {u"objects"_s, u"refs"_s}) {
        if (!dir.mkpath(part))
            return fail(ErrorCode::Io, u"make directory %1"_s.arg(dir.filePath(part)));
    }
    if (auto written = writeFile(dir.filePath(u"HEAD"_s), "ref: refs/heads/main\n"); !written)
        return written;
    // Bundles are cut from the mirror by commit id, which the serving side refuses unless told.
    return writeFile(dir.filePath(u"config"_s), "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
                                                "[uploadpack]\n\tallowAnySHA1InWant = true\n");
}

std::optional<ResolvedCommit> chooseRef(const QString &name, const QByteArray &lines)
{
    std::optional<ResolvedCommit> tag;
    for (const QByteArray &line : lines.split('\n')) {
        const auto words = QString::fromUtf8(line).split(u' ');
        if (words.size() < 3)
            continue;
        const auto isCommit = words[1] == "commit"_L1;
        const auto peelsToCommit = words.size() == 5 && words[3] == "commit"_L1;
        if (!isCommit && !peelsToCommit)
            continue;
        const auto commit = isCommit ? words[2] : words[4];
        const auto isNamed = [&](QLatin1StringView prefix) { return words[0] == name || words[0] == prefix + name; };
        if (words[0].startsWith("refs/heads/"_L1) && isNamed("refs/heads/"_L1))
            return ResolvedCommit{commit, words[0].mid(11)};
        if (words[0].startsWith("refs/tags/"_L1) && isNamed("refs/tags/"_L1))
            tag = ResolvedCommit{commit, {}};
    }
    return tag;
}

std::optional<ResolvedCommit> chooseDefault(const QByteArray &lines)
{
    ResolvedCommit found;
    for (const QByteArray &line : lines.split('\n')) {
        const auto words = QString::fromUtf8(line).split(u'\t');
        if (words.size() != 2 || words[1] != "HEAD"_L1)
            continue;
        if (words[0].startsWith("ref: refs/heads/"_L1))
            found.branch = words[0].mid(16);
        else if (isCommitId(words[0]))
            found.commit = words[0];
    }
    return found.commit.isEmpty() ? std::nullopt : std::optional(found);
}

Mirror::Mirror(Repository repository, QString directory, git::Runner &runner, milliseconds timeout, AccessTo access)
    : m_repository(std::move(repository)),
      m_directory(std::move(directory)),
      m_git(runner),
      m_timeout(timeout),
      m_access(std::move(access))
{}

void Mirror::runRemote(git::Command command, git::Runner::Done done)
{
    if (!m_access)
        return m_git.run(std::move(command), this, std::move(done));
    m_access(m_repository, this,
             [this, command = std::move(command), done = std::move(done)](Result<git::Access> access) mutable {
                 if (!access)
                     return done(std::unexpected(access.error().in(command.what)));
                 command.access = std::move(*access);
                 m_git.run(std::move(command), this, std::move(done));
             });
}

git::Command Mirror::remoteCommand(const QString &verb, const QStringList &arguments) const
{
    auto command = localCommand(verb, arguments);
    command.protocols = {m_repository.protocol};
    command.config = m_repository.config;
    return command;
}

git::Command Mirror::localCommand(const QString &verb, const QStringList &arguments) const
{
    git::Command command;
    command.what = verb + u' ' + m_repository.shown;
    command.arguments = arguments;
    command.directory = m_directory;
    command.timeout = m_timeout;
    return command;
}

void Mirror::fetch(Done<void> done)
{
    m_next.push_back(std::move(done));
    if (!m_fetching)
        startFetch();
}

void Mirror::startFetch()
{
    m_fetching = true;
    m_current = std::exchange(m_next, {});
    const auto command =
        remoteCommand(u"fetch"_s, {u"fetch"_s, u"--quiet"_s, u"--prune"_s, u"--force"_s, u"--no-tags"_s,
                                   u"--no-write-fetch-head"_s, u"--no-recurse-submodules"_s, u"--"_s, m_repository.url,
                                   u"+refs/heads/*:refs/heads/*"_s, u"+refs/tags/*:refs/tags/*"_s});
    runRemote(command, [this, command](Result<Finished> finished) {
        if (finished && !finished->isSuccess())
            finished = std::unexpected(git::refusal(command, *finished));
        fetchEnded(std::move(finished));
    });
}

void Mirror::fetchEnded(Result<Finished> finished)
{
    m_fetching = false;
    auto waiting = std::exchange(m_current, {});
    if (!m_next.empty())
        startFetch();
    for (auto &done : waiting)
        done(finished ? Result<void>() : std::unexpected(finished.error()));
}

void Mirror::resolve(const Reference &reference, Done<ResolvedCommit> done)
{
    if (reference.kind == Reference::Kind::Default)
        return resolveDefault(std::move(done));
    if (reference.kind == Reference::Kind::Name) {
        return fetch([this, name = reference.text, done = std::move(done)](Result<void> fetched) mutable {
            if (!fetched)
                return done(std::unexpected(fetched.error()));
            lookUp(name, std::move(done));
        });
    }
    ensureCommit(reference.text, [commit = reference.text, done = std::move(done)](Result<void> found) mutable {
        if (!found)
            return done(std::unexpected(found.error()));
        done(ResolvedCommit{commit, {}});
    });
}

void Mirror::resolveDefault(Done<ResolvedCommit> done)
{
    const auto command = remoteCommand(u"read default branch of"_s, {u"ls-remote"_s, u"--quiet"_s, u"--symref"_s,
                                                                     u"--"_s, m_repository.url, u"HEAD"_s});
    runRemote(command, [this, command, done = std::move(done)](Result<Finished> finished) mutable {
        if (!finished)
            return done(std::unexpected(finished.error()));
        if (!finished->isSuccess())
            return done(std::unexpected(git::refusal(command, *finished)));
        const auto found = chooseDefault(finished->output);
        if (!found)
            return done(fail(ErrorCode::NotFound, command.what + u": the repository has no commit there"_s));
        if (!found->branch.isEmpty())
            return resolve({Reference::Kind::Name, u"refs/heads/"_s + found->branch}, std::move(done));
        resolve({Reference::Kind::Commit, found->commit}, std::move(done));
    });
}

void Mirror::lookUp(const QString &name, Done<ResolvedCommit> done)
{
    const auto pattern = [&name](QLatin1StringView prefix) {
        return name.startsWith("refs/"_L1) ? name : prefix + name;
    };
    const auto command = localCommand(
        u"look up %1 in"_s.arg(name),
        {u"for-each-ref"_s, u"--format=%(refname) %(objecttype) %(objectname) %(*objecttype) %(*objectname)"_s, u"--"_s,
         pattern("refs/heads/"_L1), pattern("refs/tags/"_L1)});
    m_git.run(command, this, [name, command, done = std::move(done)](Result<Finished> finished) mutable {
        if (!finished)
            return done(std::unexpected(finished.error()));
        if (!finished->isSuccess())
            return done(std::unexpected(git::refusal(command, *finished)));
        if (const auto found = chooseRef(name, finished->output))
            return done(*found);
        if (looksLikeShortCommit(name))
            return done(fail(ErrorCode::InvalidArgument,
                             command.what + u": no branch or tag is called so; commit ids need all 40 digits"_s));
        done(fail(ErrorCode::NotFound, command.what + u": no branch or tag is called so"_s));
    });
}

void Mirror::hasCommit(const QString &commit, Done<bool> done)
{
    const auto command =
        localCommand(u"look for %1 in"_s.arg(commit), {u"cat-file"_s, u"-e"_s, commit + u"^{commit}"_s});
    m_git.run(command, this, [done = std::move(done)](Result<Finished> finished) mutable {
        done(finished.transform([](const Finished &git) { return git.isSuccess(); }));
    });
}

void Mirror::ensureCommit(const QString &commit, Done<void> done)
{
    hasCommit(commit, [this, commit, done = std::move(done)](Result<bool> has) mutable {
        if (!has)
            return done(std::unexpected(has.error()));
        if (*has)
            return done({});
        fetchAnd(commit, std::move(done));
    });
}

void Mirror::fetchAnd(const QString &commit, Done<void> done)
{
    fetch([this, commit, done = std::move(done)](Result<void> fetched) mutable {
        if (!fetched)
            return done(fetched);
        hasCommit(commit, [this, commit, done = std::move(done)](Result<bool> has) mutable {
            if (has && !*has)
                return fetchCommit(commit, std::move(done));
            done(has ? Result<void>() : std::unexpected(has.error()));
        });
    });
}

void Mirror::fetchCommit(const QString &commit, Done<void> done)
{
    // On no branch any more (a forced push), but forges still hand it out by its id.
    const auto command = remoteCommand(u"fetch commit %1 of"_s.arg(commit),
                                       {u"fetch"_s, u"--quiet"_s, u"--no-tags"_s, u"--no-write-fetch-head"_s,
                                        u"--no-recurse-submodules"_s, u"--"_s, m_repository.url,
                                        u"+%1:refs/danube/commits/%1"_s.arg(commit)});
    runRemote(command, [this, commit, done = std::move(done)](Result<Finished> finished) mutable {
        if (!finished)
            return done(std::unexpected(finished.error()));
        if (!finished->isSuccess())
            return done(fail(ErrorCode::NotFound, u"commit %1 is not in %2"_s.arg(commit, m_repository.shown)));
        done({});
    });
}

} // namespace danube::source
