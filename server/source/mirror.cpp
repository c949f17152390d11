// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/source/mirror.h"

#include "server/source/barerepository.h"

#include <QDir>
#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::source {
namespace {

Q_LOGGING_CATEGORY(mirrorLog, "danube.source")

} // namespace

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
      m_upkeep(runner),
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
    command.config += m_repository.config;
    command.lane = git::Lane::Remote;
    command.host = m_repository.protocol + u"://"_s + hostOf(m_repository);
    return command;
}

git::Command Mirror::localCommand(const QString &verb, const QStringList &arguments) const
{
    git::Command command;
    command.what = verb + u' ' + m_repository.shown;
    command.arguments = arguments;
    command.directory = m_directory;
    command.config = durability();
    command.timeout = m_timeout;
    return command;
}

git::Command Mirror::fetchCommand() const
{
    return remoteCommand(u"fetch"_s,
                         {u"fetch"_s, u"--quiet"_s, u"--prune"_s, u"--force"_s, u"--no-tags"_s,
                          u"--no-write-fetch-head"_s, u"--no-recurse-submodules"_s, u"--"_s, m_repository.url,
                          u"+refs/heads/*:refs/heads/*"_s, u"+refs/tags/*:refs/tags/*"_s});
}

void Mirror::write(Step step)
{
    m_writers.push_back(std::move(step));
    if (!m_isWriting)
        startWriting();
}

void Mirror::startWriting()
{
    m_isWriting = !m_writers.empty();
    if (!m_isWriting)
        return;
    m_upkeep.beforeWriting(m_directory);
    auto step = std::move(m_writers.front());
    m_writers.pop_front();
    step();
}

void Mirror::written(const Result<Finished> &finished)
{
    m_upkeep.afterWriting(finished);
    startWriting();
}

void Mirror::fetch(Done<void> done)
{
    m_next.push_back(std::move(done));
    if (m_next.size() == 1)
        write([this] { startFetch(); });
}

void Mirror::renew(Done<void> done)
{
    write([this, done = std::move(done)]() mutable {
        m_current.push_back(std::move(done));
        fetchAnew();
    });
}

void Mirror::startFetch()
{
    m_current = std::exchange(m_next, {});
    if (auto made = makeBareRepository(m_directory); !made) // somebody may have removed it
        return fetchEnded(std::unexpected(made.error().in(fetchCommand().what)));
    runRemote(fetchCommand(), [this](const Result<Finished> &finished) {
        if (finished && finished->isDamaged())
            return fetchAnew();
        fetchEnded(finished);
    });
}

void Mirror::fetchAnew()
{
    // Beside the old one, which may be all there is of commits that the remote has no more.
    const QString fresh = m_directory + unfinished;
    auto command = fetchCommand();
    qCWarning(mirrorLog).noquote() << u"mirror damaged, fetching anew repository=%1"_s.arg(m_repository.shown);
    QDir(fresh).removeRecursively();
    if (auto made = makeBareRepository(fresh); !made)
        return fetchEnded(std::unexpected(made.error().in(command.what)));
    command.directory = fresh;
    runRemote(command, [this, fresh](Result<Finished> finished) {
        const bool isWhole = finished && finished->isSuccess();
        if (isWhole && !(QDir(m_directory).removeRecursively() && QDir().rename(fresh, m_directory)))
            finished = fail(ErrorCode::Io, u"replace mirror %1"_s.arg(m_directory));
        QDir(fresh).removeRecursively();
        fetchEnded(finished);
    });
}

void Mirror::fetchEnded(const Result<Finished> &finished)
{
    auto waiting = std::exchange(m_current, {});
    Result<void> result;
    if (!finished)
        result = std::unexpected(finished.error());
    else if (!finished->isSuccess())
        result = std::unexpected(git::refusal(fetchCommand(), *finished));
    written(finished);
    if (result)
        m_upkeep.fetched(localCommand(u"collect garbage of"_s, {}));
    for (auto &done : waiting)
        done(result);
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
    write([this, commit, done = std::move(done)]() mutable { startFetchCommit(commit, std::move(done)); });
}

void Mirror::startFetchCommit(const QString &commit, Done<void> done)
{
    // On no branch any more (a forced push), but forges still hand it out by its id.
    const auto command = remoteCommand(u"fetch commit %1 of"_s.arg(commit),
                                       {u"fetch"_s, u"--quiet"_s, u"--no-tags"_s, u"--no-write-fetch-head"_s,
                                        u"--no-recurse-submodules"_s, u"--"_s, m_repository.url,
                                        u"+%1:refs/danube/commits/%1"_s.arg(commit)});
    runRemote(command, [this, commit, done = std::move(done)](Result<Finished> finished) mutable {
        written(finished);
        if (!finished)
            return done(std::unexpected(finished.error()));
        if (!finished->isSuccess())
            return done(fail(ErrorCode::NotFound, u"commit %1 is not in %2"_s.arg(commit, m_repository.shown)));
        done({});
    });
}

} // namespace danube::source
