// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/checkout.h"

#include "server/coordinator/background.h"

#include <QDir>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace danube::coordinator {

constexpr milliseconds gitTimeout(30 * 60'000); ///< a bundle may hold gigabytes

Result<QByteArrayList> shallowCommits(const QByteArray &heads, const QString &commit)
{
    QByteArrayList shallow;
    QByteArray head;
    for (const QByteArray &line : heads.split('\n')) {
        const auto space = line.indexOf(' ');
        const auto ref = line.mid(space + 1);
        if (ref == "HEAD")
            head = line.left(space);
        else if (ref.startsWith("refs/danube/shallow/"))
            shallow.append(line.left(space));
    }
    if (head != commit.toLatin1())
        return fail(ErrorCode::DataLoss, u"the bundle holds %1 instead of commit %2"_s.arg(
                                             head.isEmpty() ? u"no HEAD"_s : QString::fromLatin1(head), commit));
    return shallow;
}

Checkout::Checkout(const Environment &environment, RpcClient &client)
    : m_environment(environment), m_client(client), m_bundle(environment.privateDirectory + u"/source.bundle"_s)
{}

QString Checkout::directory() const
{
    return m_environment.privateDirectory + u"/source"_s;
}

void Checkout::start(Done done)
{
    m_done = std::move(done);
    QDir(directory()).removeRecursively(); // of a coordinator that was restarted
    if (!QDir().mkpath(m_environment.privateDirectory))
        return end(fail(ErrorCode::Io, u"make directory "_s + m_environment.privateDirectory));
    download();
}

Result<void> Checkout::restart()
{
    m_bundle.close();
    if (!m_bundle.open(QIODevice::WriteOnly | QIODevice::Truncate))
        return fail(ErrorCode::Io, u"write %1: %2"_s.arg(m_bundle.fileName(), m_bundle.errorString()));
    return {};
}

void Checkout::download()
{
    if (auto opened = restart(); !opened)
        return end(std::unexpected(opened.error()));
    const auto path = "/rpc/source?job_id=" + QUrl::toPercentEncoding(m_environment.job.value());
    const auto maker = [this, path] {
        m_bundle.resize(0);
        m_bundle.seek(0);
        HttpRequest request;
        request.method = "GET";
        request.path = path;
        request.sink = [this](QByteArrayView bytes) {
            return m_bundle.write(bytes.data(), bytes.size()) == bytes.size();
        };
        return request;
    };
    m_client.call(maker, this, [this](Result<HttpAnswer> answer) {
        const bool stored = m_bundle.flush();
        m_bundle.close();
        if (!answer)
            return end(std::unexpected(answer.error().in(u"get the source"_s)));
        if (!stored)
            return end(fail(ErrorCode::Io, u"write %1: %2"_s.arg(m_bundle.fileName(), m_bundle.errorString())));
        clone();
    });
}

void Checkout::run(const QString &what, const QString &directory, const QStringList &arguments,
                   std::move_only_function<void(const git::Finished &)> then)
{
    git::Command command;
    command.what = what;
    command.arguments = arguments;
    command.directory = directory;
    command.protocols = {u"file"_s};
    command.timeout = gitTimeout;
    m_git.run(command, this, [this, command, then = std::move(then)](Result<git::Finished> finished) mutable {
        if (!finished)
            return end(std::unexpected(finished.error()));
        if (!finished->isSuccess())
            return end(std::unexpected(git::refusal(command, *finished)));
        then(*finished);
    });
}

void Checkout::clone()
{
    run(u"clone the source"_s, m_environment.privateDirectory,
        {u"clone"_s, u"--quiet"_s, u"--no-checkout"_s, u"--no-tags"_s, u"--"_s, m_bundle.fileName(), directory()},
        [this](const git::Finished &) { readHeads(); });
}

void Checkout::readHeads()
{
    run(u"read the bundle"_s, directory(), {u"bundle"_s, u"list-heads"_s, m_bundle.fileName()},
        [this](const git::Finished &finished) { useHeads(finished.output); });
}

void Checkout::useHeads(const QByteArray &lines)
{
    const auto shallow = shallowCommits(lines, m_environment.commit);
    if (!shallow)
        return end(std::unexpected(shallow.error()));
    QFile file(directory() + u"/.git/shallow"_s);
    const auto text = shallow->join('\n') + '\n';
    const bool isWhole = shallow->isEmpty();
    if (!isWhole && (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()))
        return end(fail(ErrorCode::Io, u"write %1: %2"_s.arg(file.fileName(), file.errorString())));
    file.close();
    m_bundle.remove();
    checkOut();
}

void Checkout::checkOut()
{
    run(u"check out "_s + m_environment.commit, directory(),
        {u"checkout"_s, u"--quiet"_s, u"--force"_s, u"--detach"_s, m_environment.commit},
        [this](const git::Finished &) { setOrigin(); });
}

void Checkout::setOrigin()
{
    // Tools that look at the remote (version scripts) see the repository, not a file that is gone.
    run(u"name the origin"_s, directory(), {u"config"_s, u"remote.origin.url"_s, m_environment.repository},
        [this](const git::Finished &) { copy(); });
}

void Checkout::copy()
{
    runAside<Result<CopiedTree>>(
        [source = directory(), target = m_environment.workspace] { return copyTree(source, target); }, this,
        [this](Result<CopiedTree> copied) {
            if (!copied)
                return end(std::unexpected(copied.error().in(u"copy the source into the workspace"_s)));
            end(copied);
        });
}

void Checkout::end(Result<CopiedTree> result)
{
    auto done = std::exchange(m_done, {});
    if (done)
        done(std::move(result));
}

} // namespace danube::coordinator
