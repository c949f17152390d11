// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/gitcredentials.h"
#include "server/blueprint/gitobjects.h"
#include "server/blueprint/memoryfile.h"

#include <QFile>
#include <QProcess>
#include <QTest>

using namespace danube;
using namespace danube::blueprint;
using namespace Qt::StringLiterals;

class TestGitCredentials : public QObject
{
    Q_OBJECT
private:
    static source::Repository repository(const QString &url)
    {
        return *source::parseRepository(url, {u"https"_s, u"ssh"_s, u"file"_s});
    }
    static GitCredentials credentials()
    {
        GitCredentials all([](const QString &key) -> Result<Secret> {
            if (key == "missing"_L1)
                return fail(ErrorCode::NotFound, u"no such secret"_s);
            return Secret("value of " + key.toUtf8() + "\n");
        });
        using enum GitAuthentication::Type;
        all.set({{u"example.org"_s, HttpsToken, u"token"_s, {}, {}},
                 {u"example.org:8443"_s, HttpsToken, u"other"_s, u"ada"_s, {}},
                 {u"git.example.org"_s, SshKey, u"key"_s, {}, {u"git.example.org ssh-ed25519 AAAA"_s}},
                 {u"broken.example.org"_s, HttpsToken, u"missing"_s, {}, {}}});
        return all;
    }
    static Result<git::Access> accessTo(const QString &url)
    {
        std::optional<Result<git::Access>> access;
        QObject context;
        const auto all = credentials();
        all.accessTo(repository(url), &context, [&access](Result<git::Access> found) { access = std::move(found); });
        if (access || !QTest::qWaitFor([&access] { return access.has_value(); }, 10'000))
            return fail(ErrorCode::Internal, u"no answer, or one from inside the call"_s);
        return *access;
    }
private slots:
    void tokensGoToTheirHostOnly_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("user"); // empty: nothing is sent
        QTest::addColumn<QString>("key");
        QTest::newRow("host") << u"https://example.org/a.git"_s << u"x-access-token:value of token"_s
                              << u"http.https://example.org/.extraHeader"_s;
        QTest::newRow("capitals") << u"https://Example.ORG/a.git"_s << u"x-access-token:value of token"_s
                                  << u"http.https://example.org/.extraHeader"_s;
        QTest::newRow("port") << u"https://example.org:8443/a.git"_s << u"ada:value of other"_s
                              << u"http.https://example.org:8443/.extraHeader"_s;
        QTest::newRow("usual port") << u"https://example.org:443/a.git"_s << u"x-access-token:value of token"_s
                                    << u"http.https://example.org/.extraHeader"_s;
        QTest::newRow("other port") << u"https://example.org:444/a.git"_s << QString() << QString();
        QTest::newRow("below") << u"https://a.example.org/a.git"_s << QString() << QString();
        QTest::newRow("longer") << u"https://example.org.evil.example/a.git"_s << QString() << QString();
        QTest::newRow("by ssh") << u"git@example.org:a.git"_s << QString() << QString();
        QTest::newRow("own user") << u"https://me:pw@example.org/a.git"_s << QString() << QString();
        QTest::newRow("file") << u"file:///example.org"_s << QString() << QString();
    }
    void tokensGoToTheirHostOnly()
    {
        QFETCH(QString, url);
        QFETCH(QString, user);
        const auto access = accessTo(url);
        QVERIFY(access);
        QCOMPARE(access->config.isEmpty(), user.isEmpty());
        QVERIFY(access->sshKeyPath.isEmpty());
        if (user.isEmpty())
            return;
        QTEST(access->config.first().first, "key");
        QCOMPARE(access->config.first().second,
                 u"Authorization: Basic "_s + QString::fromLatin1(user.toUtf8().toBase64()));
        // git would send it along to wherever a redirect led.
        QVERIFY(access->config.contains(std::pair(u"http.followRedirects"_s, u"false"_s)));
    }
    void credentialsAreInNoArgument()
    {
        git::Command command;
        command.arguments = {u"fetch"_s};
        command.access = *accessTo(u"https://example.org/a.git"_s);
        const auto secret = QString::fromLatin1(QByteArray("x-access-token:value of token").toBase64());
        QVERIFY(!git::hardening(command.arguments).join(u' ').contains(secret));
        QVERIFY(git::environment(command).join(u'\n').contains(secret));
    }
    void keysLieInMemory()
    {
        QString path;
        {
            const auto access = accessTo(u"ssh://git@git.example.org/a.git"_s);
            QVERIFY(access);
            path = access->sshKeyPath;
            QFile key(path);
            QVERIFY2(key.open(QIODevice::ReadOnly), qPrintable(key.errorString()));
            QCOMPARE(key.readAll(), "value of key\n");
            QVERIFY(path.startsWith("/proc/"_L1));
            // What a child such as ssh sees: the bytes, and nobody else's rights.
            QProcess child;
            child.start(u"sh"_s, {u"-c"_s, u"stat -Lc %a \"$1\"; cat \"$2\""_s, u"sh"_s, path, access->knownHostsPath});
            QVERIFY(child.waitForFinished(10'000));
            QCOMPARE(child.readAllStandardOutput(), "600\ngit.example.org ssh-ed25519 AAAA\n");
            const auto ssh = git::sshCommand(*access);
            QVERIFY(ssh.contains(u"-i '%1'"_s.arg(path)));
            QVERIFY(ssh.contains("StrictHostKeyChecking=yes"_L1));
        }
        QVERIFY(!QFile::exists(path));
    }
    void missingSecretsAreNamed()
    {
        const auto access = accessTo(u"https://broken.example.org/a.git"_s);
        QVERIFY(!access);
        QCOMPARE(access.error().message, u"sign in at broken.example.org with secret \"missing\": no such secret"_s);
    }
    void sshCommandsAreQuoted()
    {
        git::Access access;
        access.sshKeyPath = u"/a'; touch /tmp/x; '"_s;
        QVERIFY(git::sshCommand(access).endsWith(u"-i '/a'\\''; touch /tmp/x; '\\'''"_s));
        QCOMPARE(git::sshCommand({}), u"ssh -oBatchMode=yes"_s);
    }

    void commitsAsFastImportReadsThem()
    {
        const NewCommit commit{u"refs/x"_s,
                               QString(40, u'a'),
                               {u"Ada <b>\nevil"_s, u"a@b> 1 +0000\ncommitter"_s},
                               {u"Danube"_s, u"d@localhost"_s},
                               7,
                               u"ä\ndata 3"_s,
                               {{u"pipelines/a\"b.json"_s, "x\n"}, {u"users.json"_s, std::nullopt}}};
        QCOMPARE(toFastImport(commit),
                 "commit refs/x\nmark :1\nauthor Ada bevil <a@b 1 +0000committer> 7 +0000\n"
                 "committer Danube <d@localhost> 7 +0000\ndata 9\nä\ndata 3\nfrom " +
                     QByteArray(40, 'a') +
                     "\nM 100644 inline \"pipelines/a\\\"b.json\"\ndata 2\nx\n\nD \"users.json\"\n"
                     "\nget-mark :1\ndone\n");
    }
    void readsBatches()
    {
        const QString id(40, u'b');
        const TreeEntry entry{id, u"config.json"_s, 3};
        const QList<TreeEntry> two{entry, entry};
        const QByteArray one = id.toLatin1() + " blob 3\na\nb\n";
        QCOMPARE(*parseBatch(one + one, {two.constData(), 2}), QByteArrayList({"a\nb", "a\nb"}));
        QVERIFY(!parseBatch(one, {two.constData(), 2}));
        QVERIFY(!parseBatch(id.toLatin1() + " missing\n", {two.constData(), 1}));
        QVERIFY(!parseBatch(one.chopped(1), {two.constData(), 1}));
    }
    void refusesUnknownTrees()
    {
        QVERIFY(!parseTree("nonsense", {}, {}));
        QVERIFY(!parseTree("100644 blob " + QByteArray(40, 'a') + "  3\tother/config.json", u"here"_s, {}));
        for (const char *size : {"-5", "x", "99999999999999999999"})
            QVERIFY2(!parseTree("100644 blob " + QByteArray(40, 'a') + ' ' + size + "\tconfig.json", {}, {}), size);
        QVERIFY(parseTree("160000 commit " + QByteArray(40, 'a') + " -\tconfig.json", {}, {})); // has no size
    }
};

QTEST_GUILESS_MAIN(TestGitCredentials)
#include "tst_gitcredentials.moc"
