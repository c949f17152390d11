// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/source/mirror.h"

#include <QTest>

using namespace danube;
using namespace danube::source;
using namespace Qt::StringLiterals;

class TestRepository : public QObject
{
    Q_OBJECT
private slots:
    void takesUrls_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("shown");
        const auto row = [](const char *url, const char *given, const char *shown) {
            QTest::newRow(url) << QString::fromLatin1(url) << QString::fromLatin1(given) << QString::fromLatin1(shown);
        };
        row("https://example.org/a.git", "https://example.org/a.git", "https://example.org/a.git");
        row("https://me:pw@example.org/a", "https://example.org/a", "https://example.org/a");
        row("https://@example.org/a", "https://example.org/a", "https://example.org/a");
        row("https://:@example.org/a", "https://example.org/a", "https://example.org/a");
        row("ssh://git@example.org:2222/a", "ssh://git@example.org:2222/a", "ssh://example.org:2222/a");
        row("ssh://git:pw@example.org/a", "ssh://git@example.org/a", "ssh://example.org/a");
        row("git@example.org:team/a.git", "git@example.org:team/a.git", "git@example.org:team/a.git");
        row("file:///srv/a", "file:///srv/a", "file:///srv/a");
    }
    void takesUrls()
    {
        QFETCH(QString, url);
        const auto repository = parseRepository(url, {u"https"_s, u"ssh"_s, u"file"_s});
        QVERIFY2(repository, qPrintable(repository ? QString() : repository.error().message));
        QTEST(repository->url, "given");
        QTEST(repository->shown, "shown");
        QCOMPARE(repository->mirrorName.size(), 64);
    }
    void carriesHttpCredentialsInConfiguration()
    {
        const auto repository = parseRepository(u"https://me:p%40w@example.org/a"_s, {u"https"_s});
        const std::pair expected(u"http.https://example.org/a.extraHeader"_s,
                                 u"Authorization: Basic "_s + QString::fromLatin1(QByteArray("me:p@w").toBase64()));
        const std::pair noRedirects{u"http.followRedirects"_s, u"false"_s};
        QCOMPARE(repository->config, QList({expected, noRedirects}));
    }
    void keepsMirrorsOfCredentialsApart()
    {
        const auto one = parseRepository(u"https://a:b@h/x"_s, {u"https"_s});
        const auto other = parseRepository(u"https://h/x"_s, {u"https"_s});
        QVERIFY(one->mirrorName != other->mirrorName);
    }
    void refusesUrls_data()
    {
        QTest::addColumn<QString>("url");
        for (const char *url : {"",
                                "-oProxyCommand=touch /tmp/x",
                                "--upload-pack=touch",
                                "ext::sh -c touch% /tmp/x",
                                "ext://sh",
                                "/srv/a",
                                "../a",
                                "a",
                                "http://example.org/a",
                                "git://example.org/a",
                                "file:///srv/a",
                                "ftp://h/a",
                                "fd::17",
                                "https://",
                                "https:///a",
                                "https://h",
                                "https://-x/a",
                                "ssh://-oProxyCommand=x/a",
                                "ssh://-x@h/a",
                                "ssh://h",
                                "https://h/a b",
                                "https://h/a\n",
                                "https://h/a#b",
                                "-x@h:a",
                                "git@-h:a",
                                "git@h:-a",
                                "git@h:",
                                "git@h::x",
                                "HTTPS://h/a",
                                "https:h/a",
                                "file://host/a",
                                "ssh+x://h/a",
                                "https://h/\x01"})
            QTest::newRow(*url ? url : "empty") << QString::fromLatin1(url);
        QTest::newRow("long") << u"https://h/"_s + QString(3000, u'a');
    }
    void refusesUrls()
    {
        QFETCH(QString, url);
        const auto refused = parseRepository(url, {u"https"_s, u"ssh"_s});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        QVERIFY(refused.error().message.size() < 400);
    }
    void refusalsHoldNoCredentials()
    {
        const auto refused = parseRepository(u"ftp://me:hunter2@h/a"_s, {u"https"_s});
        QVERIFY(!refused.error().message.contains("hunter2"_L1));
        QVERIFY(refused.error().message.contains("protocol ftp is not allowed"_L1));
    }

    void takesReferences_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("kind");
        const auto row = [](const QString &text, Reference::Kind kind) {
            QTest::newRow(qPrintable(u"ref "_s + text)) << text << static_cast<int>(kind);
        };
        row(QString(), Reference::Kind::Default);
        row(u"main"_s, Reference::Kind::Name);
        row(u"feature/a-b_c.d"_s, Reference::Kind::Name);
        row(u"refs/heads/main"_s, Reference::Kind::Name);
        row(u"refs/tags/v1.0"_s, Reference::Kind::Name);
        row(u"größe"_s, Reference::Kind::Name);
        row(u"+a"_s, Reference::Kind::Name); // legal for git, and never in a refspec here
        row(QString(40, u'A'), Reference::Kind::Commit);
        row(QString(39, u'a'), Reference::Kind::Name);
    }
    void takesReferences()
    {
        QFETCH(QString, text);
        const auto reference = parseReference(text);
        QVERIFY(reference);
        QTEST(static_cast<int>(reference->kind), "kind");
    }
    void refusesReferences_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"-x",
                                 "--upload-pack=x",
                                 "a b",
                                 "a..b",
                                 "a~1",
                                 "a^",
                                 "a:b",
                                 "a?",
                                 "a*",
                                 "a[b",
                                 "a\\b",
                                 "/a",
                                 "a/",
                                 "a//b",
                                 "a/.b",
                                 ".a",
                                 "a.",
                                 "a.lock",
                                 "a.lock/b",
                                 "@",
                                 "a@{1}",
                                 "a\nb",
                                 "refs/danube/x",
                                 "refs/pull/1/head"})
            QTest::newRow(text) << QString::fromLatin1(text);
        QTest::newRow("long") << QString(256, u'a');
    }
    void refusesReferences()
    {
        QFETCH(QString, text);
        const auto refused = parseReference(text);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
    }

    void choosesRefs_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("commit");
        QTest::addColumn<QString>("branch");
        QTest::newRow("branch before tag") << u"x"_s << u"1"_s << u"x"_s;
        QTest::newRow("tag by full name") << u"refs/tags/x"_s << u"2"_s << QString();
        QTest::newRow("annotated tag") << u"v1"_s << u"4"_s << QString();
        QTest::newRow("branch by full name") << u"refs/heads/x"_s << u"1"_s << u"x"_s;
        QTest::newRow("prefix is no match") << u"y"_s << QString() << QString();
        QTest::newRow("tag of a tree") << u"tree"_s << QString() << QString();
    }
    void choosesRefs()
    {
        QFETCH(QString, name);
        const auto found =
            chooseRef(name, "refs/heads/x commit 1  \nrefs/heads/y/z commit 9  \nrefs/tags/x commit 2  \n"
                            "refs/tags/v1 tag 3 commit 4\nrefs/tags/tree tree 5  \n\n");
        QTEST(found.value_or(ResolvedCommit{}).commit, "commit");
        QTEST(found.value_or(ResolvedCommit{}).branch, "branch");
    }
    void choosesTheDefaultBranch()
    {
        const QByteArray id(40, 'a');
        QCOMPARE(chooseDefault("ref: refs/heads/trunk\tHEAD\n" + id + "\tHEAD\n").value(),
                 (ResolvedCommit{QString::fromLatin1(id), u"trunk"_s}));
        QCOMPARE(chooseDefault(id + "\tHEAD\n").value(), (ResolvedCommit{QString::fromLatin1(id), {}}));
        QVERIFY(!chooseDefault(""));
        QVERIFY(!chooseDefault("ref: refs/heads/trunk\tHEAD\n"));
    }
};

QTEST_APPLESS_MAIN(TestRepository)
#include "tst_repository.moc"
