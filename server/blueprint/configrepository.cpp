// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/configrepository.h"

#include "server/source/barerepository.h"
#include "shared/core/reply.h"

#include <QDir>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

const auto fetchedRef = u"refs/danube/blueprint"_s;
const auto proposedRef = u"refs/danube/proposed"_s;
constexpr qint64 batchBytes = 2 << 20; // of one cat-file; the runner takes 4 MiB of output

Result<QByteArray> outputOf(const git::Command &command, const Result<git::Finished> &finished)
{
    if (!finished)
        return std::unexpected(finished.error());
    if (!finished->isSuccess())
        return std::unexpected(git::refusal(command, *finished));
    return finished->output;
}

Result<QString> commitIn(const Result<QByteArray> &output)
{
    if (!output)
        return std::unexpected(output.error());
    const auto commit = QString::fromLatin1(output->trimmed());
    if (!source::isCommitId(commit))
        return fail(ErrorCode::Protocol, u"git made a commit without telling its id"_s);
    return commit;
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
    // Whatever a stranger's objects expand to, git has this much and no more; what is larger it passes on in pieces.
    command.largestMemory = m_settings.memoryBytes;
    command.config = {{u"core.bigFileThreshold"_s, u"4m"_s},
                      {u"core.packedGitWindowSize"_s, u"16m"_s},
                      {u"core.packedGitLimit"_s, u"64m"_s},
                      {u"pack.threads"_s, u"1"_s}};
    command.config += source::durability();
    return command;
}

QString ConfigRepository::below(const QString &path) const
{
    return m_settings.path.isEmpty() ? path : m_settings.path + u'/' + path;
}

void ConfigRepository::run(const git::Command &command, Done<QByteArray> done)
{
    m_git.run(command, this, [this, command, done = std::move(done)](Result<git::Finished> finished) mutable {
        note(finished);
        done(outputOf(command, finished));
    });
}

void ConfigRepository::note(const Result<git::Finished> &finished)
{
    m_upkeep.afterWriting(finished);
    m_isDamaged = m_isDamaged || (finished && finished->isDamaged());
}

void ConfigRepository::runRemote(git::Command command, Done<git::Finished> done)
{
    Reply<Result<git::Finished>> answer(this, std::move(done));
    if (const auto made = source::makeBareRepository(m_settings.directory); !made)
        return answer(std::unexpected(made.error().in(command.what)));
    command.protocols = {m_settings.repository.protocol};
    command.config += m_settings.repository.config;
    command.largestFile = m_settings.packBytes;
    command.lane = git::Lane::Remote;
    if (!m_settings.access)
        return m_git.run(std::move(command), this, std::move(answer));
    m_settings.access(
        this, [this, command = std::move(command), answer = std::move(answer)](Result<git::Access> access) mutable {
            if (!access)
                return answer(std::unexpected(access.error().in(command.what)));
            command.access = std::move(*access);
            m_git.run(std::move(command), this, std::move(answer));
        });
}

void ConfigRepository::fetch(Done<QString> done)
{
    // All of it can be had again.
    if (std::exchange(m_isDamaged, false))
        QDir(m_settings.directory).removeRecursively();
    m_upkeep.beforeWriting(m_settings.directory);
    startFetch([this, done = std::move(done)](Result<QString> head) mutable {
        if (head || !m_isDamaged)
            return done(std::move(head));
        m_isDamaged = false;
        QDir(m_settings.directory).removeRecursively();
        startFetch(std::move(done));
    });
}

void ConfigRepository::startFetch(Done<QString> done)
{
    auto fetching = command(u"fetch branch %1 of"_s.arg(m_settings.branch),
                            {u"fetch"_s, u"--quiet"_s, u"--force"_s, u"--no-tags"_s, u"--no-write-fetch-head"_s,
                             u"--no-recurse-submodules"_s, u"--depth=1"_s, u"--"_s, m_settings.repository.url,
                             u"+refs/heads/%1:%2"_s.arg(m_settings.branch, fetchedRef)});
    fetching.largestFile = m_settings.packBytes;
    // Trees with "..", ".git" or a name twice are refused as they come in.
    fetching.config.append({u"fetch.fsckObjects"_s, u"true"_s});
    runRemote(fetching, [this, fetching, done = std::move(done)](Result<git::Finished> finished) mutable {
        note(finished);
        if (const auto fetched = outputOf(fetching, finished); !fetched)
            return done(std::unexpected(fetched.error()));
        m_upkeep.fetched(command(u"collect garbage of"_s, {}));
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
    run(reading, [this, count, entries = std::move(entries), tree = std::move(tree),
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
    NewCommit made{proposedRef,       parent, author, {u"Danube"_s, u"danube@localhost"_s}, seconds, message,
                   std::move(changes)};
    writing.input = toFastImport(made);
    made.changes.clear();
    run(writing, [this, made = std::move(made), done = std::move(done)](Result<QByteArray> output) mutable {
        auto commit = commitIn(output);
        if (!commit || m_settings.signing.signingKey.isEmpty())
            return done(std::move(commit));
        sign(made, *commit, std::move(done));
    });
}

void ConfigRepository::sign(const NewCommit &unsignedCommit, const QString &commit, Done<QString> done)
{
    // fast-import does not sign. The same tree, parent, people and message; only the time is git's.
    auto signing =
        command(u"sign a commit with config_repo.signing_key_path for"_s,
                {u"commit-tree"_s, u"-S"_s, u"-F"_s, u"-"_s, u"-p"_s, unsignedCommit.parent, commit + u"^{tree}"_s});
    signing.input = unsignedCommit.message.toUtf8();
    signing.config += signConfig(m_settings.signing);
    for (const auto &[who, person] : {std::pair(u"author"_s, cleaned(unsignedCommit.author)),
                                      std::pair(u"committer"_s, cleaned(unsignedCommit.committer))}) {
        signing.config.append({who + u".name"_s, person.name});
        signing.config.append({who + u".email"_s, person.email});
    }
    run(signing, [this, done = std::move(done)](const Result<QByteArray> &output) mutable {
        auto made = commitIn(output);
        if (!made || !m_settings.signing.isRequired)
            return done(std::move(made));
        checkOwn(*made, std::move(done));
    });
}

void ConfigRepository::checkOwn(const QString &commit, Done<QString> done)
{
    // What we would refuse ourselves must not reach the branch.
    checkSignature(commit, [commit, done = std::move(done)](const Result<Signature> &signature) mutable {
        if (!signature)
            return done(std::unexpected(signature.error()));
        const auto reason = whyNotTrusted(commit, *signature);
        if (reason)
            return done(fail(ErrorCode::Conflict, u"config_repo.signing_key_path: "_s + *reason));
        done(commit);
    });
}

void ConfigRepository::checkSignature(const QString &commit, Done<Signature> done)
{
    const QFileInfo file(m_settings.signing.allowedSigners);
    if (!file.isFile() || !file.isReadable())
        return Reply<Result<Signature>>(this, std::move(done))(
            fail(ErrorCode::NotFound,
                 u"config_repo.allowed_signers: %1 is no file that can be read"_s.arg(file.filePath())));
    auto checking = command(u"check the signature of commit %1 of"_s.arg(commit), signatureArguments(commit));
    checking.config += checkConfig(m_settings.signing);
    run(checking,
        [done = std::move(done)](const Result<QByteArray> &output) mutable { done(output.and_then(parseSignature)); });
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
