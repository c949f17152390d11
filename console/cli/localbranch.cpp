// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/localbranch.h"

#include <QProcess>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

constexpr int patience = 30'000; // ms
constexpr auto nothing = "0000000000000000000000000000000000000000"_L1;

/// git in one repository, with an index of its own.
class Git
{
public:
    explicit Git(QString repository) : m_repository(std::move(repository)) {}

    Result<QString> run(const QStringList &arguments, const QByteArray &input = {}) const
    {
        QProcess git;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"GIT_INDEX_FILE"_s, m_index.filePath(u"index"_s));
        git.setProcessEnvironment(environment);
        git.start(u"git"_s, QStringList{u"-C"_s, m_repository} + arguments);
        git.write(input);
        git.closeWriteChannel();
        const QString attempt = u"git %1 in %2"_s.arg(arguments.first(), m_repository);
        if (!git.waitForFinished(patience))
            return fail(ErrorCode::Io, u"%1: %2"_s.arg(attempt, git.errorString()));
        if (git.exitStatus() != QProcess::NormalExit || git.exitCode() != 0)
            return fail(ErrorCode::Io,
                        u"%1: %2"_s.arg(attempt, QString::fromUtf8(git.readAllStandardError()).simplified()));
        return QString::fromUtf8(git.readAllStandardOutput()).trimmed();
    }

private:
    QString m_repository;
    QTemporaryDir m_index;
};

Result<void> check(const Git &git, const BranchCommit &commit)
{
    const QString reference = u"refs/heads/"_s + commit.branch;
    if (commit.branch.startsWith(u'-') || !git.run({u"check-ref-format"_s, reference}))
        return fail(ErrorCode::InvalidArgument, u"--branch '%1': no name for a branch"_s.arg(commit.branch));
    if (const auto inside = git.run({u"rev-parse"_s, u"--git-dir"_s}); !inside)
        return std::unexpected(inside.error());
    if (git.run({u"rev-parse"_s, u"--verify"_s, u"--quiet"_s, reference}))
        return fail(ErrorCode::Conflict, u"--branch '%1': the branch exists already"_s.arg(commit.branch));
    if (!git.run({u"rev-parse"_s, u"--verify"_s, u"--quiet"_s, u"--end-of-options"_s, commit.base + u"^{commit}"_s}))
        return fail(ErrorCode::NotFound, u"commit %1, on which the master stands, is not in the repository: git fetch "
                                         "brings it"_s.arg(commit.base.left(12)));
    return {};
}

/// Into the index, with the mode it has in the base.
Result<QString> addFile(const Git &git, const QString &base, const QString &path, const QByteArray &text)
{
    const auto blob = git.run({u"hash-object"_s, u"-w"_s, u"--stdin"_s}, text);
    if (!blob)
        return blob;
    return git.run({u"ls-tree"_s, u"--full-tree"_s, base, u"--"_s, path}).and_then([&](const QString &present) {
        const QString mode = present.startsWith("100755"_L1) ? u"100755"_s : u"100644"_s;
        return git.run({u"update-index"_s, u"--add"_s, u"--cacheinfo"_s, u"%1,%2,%3"_s.arg(mode, *blob, path)});
    });
}

Result<QString> treeOf(const Git &git, const BranchCommit &commit)
{
    if (auto read = git.run({u"read-tree"_s, commit.base}); !read)
        return read;
    for (const auto &[path, text] : commit.files.asKeyValueRange()) {
        if (auto added = addFile(git, commit.base, path, text); !added)
            return added;
    }
    return git.run({u"write-tree"_s});
}

} // namespace

Result<QString> commitOnNewBranch(const BranchCommit &commit)
{
    const Git git(commit.repository);
    if (auto checked = check(git, commit); !checked)
        return std::unexpected(checked.error());
    const auto made = treeOf(git, commit).and_then([&](const QString &tree) {
        return git.run({u"commit-tree"_s, tree, u"-p"_s, commit.base, u"-F"_s, u"-"_s}, commit.message.toUtf8() + '\n');
    });
    if (!made)
        return made;
    return git.run({u"update-ref"_s, u"refs/heads/"_s + commit.branch, *made, QString(nothing).left(made->size())})
        .transform([&](const QString &) { return *made; });
}

} // namespace danube::cli
