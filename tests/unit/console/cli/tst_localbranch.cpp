// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/localbranch.h"
#include "tests/support/gitrepository.h"

#include <QTemporaryDir>

using namespace danube;
using namespace danube::cli;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestLocalBranch : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<GitRepository> m_repository;
    QString m_base;

    BranchCommit commit(const QString &branch) const
    {
        return {.repository = m_repository->directory(),
                .branch = branch,
                .base = m_base,
                .files = {{u"some dir/a.json"_s, "after\n"}, {u"b.json"_s, "new, with no end"}},
                .message = u"Allow hosts\n\nRefused yesterday."_s};
    }
    QString git(const QStringList &arguments) const { return m_repository->git(arguments); }

private slots:
    void initTestCase()
    {
        for (const char *who : {"AUTHOR", "COMMITTER"}) {
            qputenv((QByteArray("GIT_") + who + "_NAME").constData(), "Ada");
            qputenv((QByteArray("GIT_") + who + "_EMAIL").constData(), "ada@example.org");
        }
        qputenv("GIT_CONFIG_GLOBAL", "/dev/null");
        qputenv("GIT_CONFIG_NOSYSTEM", "1");
    }
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        m_repository = std::make_unique<GitRepository>(m_directory->filePath(u"clone"_s));
        m_repository->commit(u"other.txt"_s, "other\n");
        m_base = m_repository->commit(u"some dir/a.json"_s, "before\n");
    }

    void makesACommitOnANewBranch()
    {
        m_repository->commit(u"later.txt"_s, "later\n"); // main goes on
        const auto made = commitOnNewBranch(commit(u"egress/web"_s));
        QVERIFY2(made, made ? "" : qPrintable(made.error().message));
        QCOMPARE(git({u"rev-parse"_s, u"refs/heads/egress/web"_s}), *made);
        QCOMPARE(git({u"rev-parse"_s, *made + u"^"_s}), m_base);
        QCOMPARE(git({u"log"_s, u"-1"_s, u"--format=%an <%ae> %B"_s, *made}),
                 u"Ada <ada@example.org> Allow hosts\n\nRefused yesterday."_s);
        QCOMPARE(git({u"diff"_s, u"--name-status"_s, m_base, *made}), u"A\tb.json\nM\tsome dir/a.json"_s);
        QCOMPARE(git({u"show"_s, *made + u":b.json"_s}), u"new, with no end"_s);
    }
    void touchesNothingElse()
    {
        QFile half(m_repository->directory() + u"/other.txt"_s);
        QVERIFY(half.open(QIODevice::WriteOnly) && half.write("half done") > 0);
        half.close();
        git({u"rm"_s, u"-q"_s, u"--cached"_s, u"some dir/a.json"_s});
        const QString status = git({u"status"_s, u"--porcelain"_s});
        QVERIFY(commitOnNewBranch(commit(u"x"_s)));
        QCOMPARE(git({u"status"_s, u"--porcelain"_s}), status);
        QCOMPARE(git({u"rev-parse"_s, u"main"_s}), m_base);
        QCOMPARE(git({u"symbolic-ref"_s, u"HEAD"_s}), u"refs/heads/main"_s);
    }
    void worksFromAFolderOfTheRepository()
    {
        BranchCommit wanted = commit(u"x"_s);
        wanted.repository += u"/some dir"_s;
        const auto made = commitOnNewBranch(wanted);
        QVERIFY2(made, made ? "" : qPrintable(made.error().message));
        QCOMPARE(git({u"diff"_s, u"--name-only"_s, m_base, *made}), u"b.json\nsome dir/a.json"_s);
    }
    void keepsTheModeOfAFile()
    {
        git({u"update-index"_s, u"--chmod=+x"_s, u"some dir/a.json"_s});
        git({u"commit"_s, u"-q"_s, u"-m"_s, u"executable"_s});
        m_base = git({u"rev-parse"_s, u"HEAD"_s});
        QVERIFY(commitOnNewBranch(commit(u"x"_s)));
        QVERIFY(git({u"ls-tree"_s, u"x"_s, u"some dir/a.json"_s}).startsWith(u"100755"));
    }
    void refuses_data()
    {
        QTest::addColumn<QString>("branch");
        QTest::addColumn<QString>("base");
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("words");
        QTest::newRow("option") << u"-D"_s << QString() << QString() << u"--branch '-D': no name for a branch"_s;
        QTest::newRow("two dots") << u"a..b"_s << QString() << QString() << u"no name for a branch"_s;
        QTest::newRow("nothing") << QString() << QString() << QString() << u"no name for a branch"_s;
        QTest::newRow("exists") << u"main"_s << QString() << QString() << u"the branch exists already"_s;
        QTest::newRow("unknown base") << u"x"_s << u"0123456789012345678901234567890123456789"_s << QString()
                                      << u"commit 012345678901, on which the master stands, is not in the repository"_s;
        QTest::newRow("option for a base") << u"x"_s << u"--all"_s << QString() << u"is not in the repository"_s;
        QTest::newRow("no repository") << u"x"_s << QString() << u"/"_s << u"not a git repository"_s;
    }
    void refuses()
    {
        QFETCH(QString, branch);
        QFETCH(QString, base);
        QFETCH(QString, folder);
        QFETCH(QString, words);
        BranchCommit wanted = commit(branch);
        if (!base.isEmpty())
            wanted.base = base;
        if (!folder.isEmpty())
            wanted.repository = folder;
        const QString before = git({u"for-each-ref"_s});
        const auto made = commitOnNewBranch(wanted);
        QVERIFY(!made);
        QVERIFY2(made.error().message.contains(words), qPrintable(made.error().message));
        QCOMPARE(git({u"for-each-ref"_s}), before);
    }
};

QTEST_GUILESS_MAIN(TestLocalBranch)
#include "tst_localbranch.moc"
