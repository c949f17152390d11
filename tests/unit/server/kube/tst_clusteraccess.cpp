// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/clusteraccess.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace danube;
using namespace danube::kube;

namespace {

const QByteArray certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const QByteArray privateKey = "-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n";

/// A kubeconfig with one context "dev" whose cluster and user hold these fields.
QByteArray kubeconfig(const QByteArray &cluster, const QByteArray &user)
{
    return "apiVersion: v1\nkind: Config\ncurrent-context: dev\n"
           "contexts:\n- name: dev\n  context: {cluster: c, user: u, namespace: jobs}\n"
           "- {name: other, context: {cluster: c2, user: u}}\n- {name: lost, context: {cluster: nowhere, user: u}}\n"
           "clusters:\n- name: c\n  cluster: {" +
           cluster + "}\n- {name: c2, cluster: {server: 'https://two:2'}}\nusers:\n- name: u\n  user: {" + user + "}\n";
}

} // namespace

class TestClusterAccess : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    QString path(const QString &name) const { return m_folder.filePath(name); }
    void write(const QString &name, const QByteArray &content) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(content), content.size());
    }
    Result<ClusterAccess> read(const QByteArray &yaml, const QString &context = {},
                               InsecureTls insecure = InsecureTls::Refused) const
    {
        return readKubeconfig({.yaml = yaml, .fileName = path(u"config"_s), .context = context}, insecure);
    }
    QString refusalOf(const QByteArray &yaml, const QString &context = {},
                      InsecureTls insecure = InsecureTls::Refused) const
    {
        const auto access = read(yaml, context, insecure);
        if (access)
            return u"accepted"_s;
        QString message = access.error().message;
        const QString start = u"kubeconfig %1: "_s.arg(path(u"config"_s));
        return message.startsWith(start) ? message.remove(0, start.size()) : u"unnamed: "_s + message;
    }
    static QMap<QString, QString> pod(const QString &host, const QString &port = u"443"_s)
    {
        return {{u"KUBERNETES_SERVICE_HOST"_s, host}, {u"KUBERNETES_SERVICE_PORT"_s, port}};
    }

private slots:
    void init()
    {
        write(u"ca.crt"_s, certificate);
        write(u"dev.crt"_s, certificate);
        write(u"dev.key"_s, privateKey);
        write(u"junk"_s, "junk");
        write(u"token"_s, "abc\n");
        write(u"namespace"_s, "jobs\n");
    }
    void cleanup()
    {
        for (const auto &name : {u"ca.crt"_s, u"dev.crt"_s, u"dev.key"_s, u"junk"_s, u"token"_s, u"namespace"_s})
            QFile::remove(path(name));
    }

    void readsATokenAndTheClustersFields()
    {
        const auto access = read(kubeconfig("server: 'https://api.example:6443/k8s', tls-server-name: inner, "
                                            "proxy-url: 'socks5://proxy:1080', certificate-authority-data: " +
                                                certificate.toBase64(),
                                            "token: secret-token"));
        QVERIFY2(access, qPrintable(access ? QString() : access.error().message));
        QCOMPARE(access->server, QUrl(u"https://api.example:6443/k8s"_s));
        QCOMPARE(access->tlsServerName, u"inner"_s);
        QCOMPARE(access->proxy, QUrl(u"socks5://proxy:1080"_s));
        QCOMPARE(access->caPem, certificate);
        QCOMPARE(access->token.reveal(), "secret-token");
        QCOMPARE(access->defaultNamespace, u"jobs"_s);
        QVERIFY(access->verifyPeer);
        QVERIFY(access->clientCertificate.isEmpty() && access->tokenFile.isEmpty());
    }

    void readsAClientCertificateFromData()
    {
        const auto access =
            read(kubeconfig("server: 'https://h'", "client-certificate-data: " + certificate.toBase64() +
                                                       ", client-key-data: " + privateKey.toBase64()));
        QVERIFY(access);
        QCOMPARE(access->clientCertificate, certificate);
        QCOMPARE(access->clientKey.reveal(), privateKey);
    }

    void pathsAreRelativeToTheFile()
    {
        const auto access = read(kubeconfig(
            "server: 'https://h', certificate-authority: ca.crt",
            "client-certificate: ./dev.crt, client-key: " + path(u"dev.key"_s).toUtf8() + ", tokenFile: run/token"));
        QVERIFY2(access, qPrintable(access ? QString() : access.error().message));
        QCOMPARE(access->caPem, certificate);
        QCOMPARE(access->clientCertificate, certificate);
        QCOMPARE(access->clientKey.reveal(), privateKey);
        QCOMPARE(access->tokenFile, path(u"run/token"_s));
    }

    void dataWinsOverTheFile()
    {
        const auto access = read(kubeconfig("server: 'https://h', certificate-authority: missing, "
                                            "certificate-authority-data: " +
                                                certificate.toBase64(),
                                            "token: t"));
        QVERIFY(access);
        QCOMPARE(access->caPem, certificate);
    }

    void base64MayBeFolded()
    {
        const QByteArray packed = certificate.toBase64();
        const auto access =
            read("kind: Config\ncurrent-context: d\ncontexts: [{name: d, context: {cluster: c, user: u}}]\n"
                 "users: [{name: u, user: {token: t}}]\nclusters:\n- name: c\n  cluster:\n"
                 "    server: https://h\n    certificate-authority-data: >\n      " +
                 packed.first(20) + "\n      " + packed.sliced(20) + "\n");
        QVERIFY2(access, qPrintable(access ? QString() : access.error().message));
        QCOMPARE(access->caPem, certificate);
    }

    void theAskedContextWinsOverTheCurrentOne()
    {
        const auto access = read(kubeconfig("server: 'https://h'", "token: t"), u"other"_s);
        QVERIFY(access);
        QCOMPARE(access->server, QUrl(u"https://two:2"_s));
        QVERIFY(access->defaultNamespace.isEmpty());
    }

    void jsonIsYaml()
    {
        QVERIFY(read(R"({"kind":"Config","current-context":"d","contexts":[{"name":"d","context":{"cluster":"c",)"
                     R"("user":"u"}}],"clusters":[{"name":"c","cluster":{"server":"https://h"}}],"users":)"
                     R"([{"name":"u","user":{"token":"t","exec":null,"username":null}}]})"));
    }

    void insecureIsForThoseWhoAskForIt()
    {
        const QByteArray yaml = kubeconfig("server: 'https://h', insecure-skip-tls-verify: true", "token: t");
        QCOMPARE(refusalOf(yaml),
                 u"cluster \"c\": insecure-skip-tls-verify is refused (give its certificate-authority instead)"_s);
        const auto access = read(yaml, {}, InsecureTls::Allowed);
        QVERIFY(access);
        QVERIFY(!access->verifyPeer);
        // Being allowed does not make a verified cluster insecure.
        QVERIFY(read(kubeconfig("server: 'https://h'", "token: t"), {}, InsecureTls::Allowed)->verifyPeer);
    }

    void refusesWhatItCannotDo_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("message");
        const QByteArray server = "server: 'https://h'";
        const auto user = [&](const char *name, const QByteArray &fields, const QString &message) {
            QTest::newRow(name) << kubeconfig(server, fields) << u"user \"u\": "_s + message;
        };
        const auto cluster = [&](const char *name, const QByteArray &fields, const QString &message) {
            QTest::newRow(name) << kubeconfig(fields, "token: t") << u"cluster \"c\": "_s + message;
        };
        user("exec", "exec: {command: aws}", u"exec plugins are not supported (use a token or a client certificate)"_s);
        user("auth-provider", "auth-provider: {name: gcp}",
             u"auth-provider plugins are not supported (use a token or a client certificate)"_s);
        user("password", "username: a, password: b",
             u"passwords are not supported (use a token or a client certificate)"_s);
        user("impersonation", "token: t, as: root", u"impersonation (as) is not supported"_s);
        user("nobody", "", u"there is no credential (token, tokenFile or client-certificate)"_s);
        user("half a certificate", "client-certificate: dev.crt",
             u"client-certificate and client-key belong together, one is missing"_s);
        user("half a key", "token: t, client-key: dev.key",
             u"client-certificate and client-key belong together, one is missing"_s);
        user("token with a line", "token: \"a\\r\\nX-Evil: 1\"", u"token holds characters that no token has"_s);
        user("token is a list", "token: [a]", u"token is not a text"_s);
        user("key is none", "client-certificate: dev.crt, client-key: junk",
             u"client-key: no PEM \"PRIVATE KEY-----\" inside"_s);
        user("no base64", "client-certificate-data: '***', client-key: dev.key",
             u"client-certificate: the data is not base64"_s);
        cluster("no server", "", u"server is not an address like https://host:port"_s);
        cluster("clear text", "server: 'http://h'",
                u"server must begin with https:// (credentials never travel in clear)"_s);
        cluster("user in the address", "server: 'https://a:b@h'",
                u"server may have neither user, query nor fragment"_s);
        cluster("proxy of another kind", server + ", proxy-url: 'ftp://p'",
                u"proxy-url is not an address like http://host:port or socks5://host:port"_s);
        cluster("authority is none", server + ", certificate-authority: junk",
                u"certificate-authority: no PEM \"-----BEGIN CERTIFICATE-----\" inside"_s);
        cluster("neither true nor false", server + ", insecure-skip-tls-verify: perhaps",
                u"insecure-skip-tls-verify is neither true nor false"_s);
        QTest::newRow("no kubeconfig") << QByteArray("kind: Pod\n") << u"this is no kubeconfig (kind: Config)"_s;
        QTest::newRow("a text") << QByteArray("hello") << u"this is no kubeconfig (kind: Config)"_s;
        QTest::newRow("empty") << QByteArray() << u"this is no kubeconfig (kind: Config)"_s;
        QTest::newRow("no context") << QByteArray("kind: Config\n")
                                    << u"no context was asked for and there is no current-context"_s;
        QTest::newRow("too large") << QByteArray(2 << 20, '#') << u"larger than 1 MiB"_s;
    }
    void refusesWhatItCannotDo()
    {
        QFETCH(QByteArray, yaml);
        QTEST(refusalOf(yaml), "message");
    }

    void namesWhatIsMissing()
    {
        const QByteArray yaml = kubeconfig("server: 'https://h', certificate-authority: none.crt", "token: t");
        QCOMPARE(refusalOf(yaml, u"x"_s), u"context \"x\" not found (there are: dev, other, lost)"_s);
        QCOMPARE(refusalOf(yaml, u"lost"_s), u"context \"lost\": cluster \"nowhere\" not found (there are: c, c2)"_s);
        QCOMPARE(refusalOf(yaml),
                 u"cluster \"c\": certificate-authority: %1: No such file or directory"_s.arg(path(u"none.crt"_s)));
        QCOMPARE(refusalOf("kind: Config\ncontexts: {}\n", u"x"_s), u"context \"x\" not found (there is none)"_s);
    }

    void malformedYamlNamesItsPlace_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::newRow("open bracket") << QByteArray("kind: Config\nusers: [");
        QTest::newRow("tab") << QByteArray("a:\n\tb: c");
        QTest::newRow("unknown alias") << QByteArray("kind: *nobody");
        QTest::newRow("deep") << QByteArray(100'000, '[');
        QTest::newRow("deep maps") << QByteArray("{a: ").repeated(50'000);
    }
    void malformedYamlNamesItsPlace()
    {
        QFETCH(QByteArray, yaml);
        const QString refusal = refusalOf(yaml);
        QVERIFY2(refusal.startsWith(u"malformed YAML: line "_s), qPrintable(refusal));
    }

    void refusalsNeverShowASecret()
    {
        const QByteArray secret = "s3cr3t-value";
        for (const QByteArray &fields :
             {"token: \"" + secret + " x\"", "password: " + secret, "client-key-data: '" + secret + "!', token: t",
              "client-certificate: dev.crt, client-key-data: " + secret.toBase64()}) {
            const QString refusal = refusalOf(kubeconfig("server: 'https://h'", fields));
            QVERIFY2(refusal.startsWith(u"user \"u\": "_s), qPrintable(refusal));
            QVERIFY(!refusal.contains(QString::fromLatin1(secret)));
        }
    }

    void aPodFindsItsServer_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("ipv4") << u"10.0.0.1"_s << QByteArray("https://10.0.0.1:6443");
        QTest::newRow("ipv6") << u"fd00::1"_s << QByteArray("https://[fd00::1]:6443");
        QTest::newRow("name") << u"kubernetes.default.svc"_s << QByteArray("https://kubernetes.default.svc:6443");
    }
    void aPodFindsItsServer()
    {
        QFETCH(QString, host);
        const auto access = inClusterAccess(pod(host, u"6443"_s), m_folder.path());
        QVERIFY2(access, qPrintable(access ? QString() : access.error().message));
        QTEST(access->server.toEncoded(), "expected");
        QCOMPARE(access->caPem, certificate);
        QCOMPARE(access->tokenFile, path(u"token"_s));
        QVERIFY(access->token.isEmpty()); // it rotates: the file is what counts
        QCOMPARE(access->defaultNamespace, u"jobs"_s);
        QVERIFY(access->verifyPeer);
    }

    void outsideAPodThereIsNoServer()
    {
        QCOMPARE(inClusterAccess({}, m_folder.path()).error().code, ErrorCode::NotFound);
        QCOMPARE(inClusterAccess(pod(u"h"_s, {}), m_folder.path()).error().code, ErrorCode::NotFound);
    }

    void aPodWithoutItsFilesIsAnErrorOfItsOwn()
    {
        QFile::remove(path(u"namespace"_s));
        QVERIFY(inClusterAccess(pod(u"10.0.0.1"_s), m_folder.path())->defaultNamespace.isEmpty());
        QFile::remove(path(u"token"_s));
        const auto noToken = inClusterAccess(pod(u"10.0.0.1"_s), m_folder.path());
        QCOMPARE(noToken.error().code, ErrorCode::InvalidArgument);
        QVERIFY(noToken.error().message.contains(path(u"token"_s)));
        QFile::remove(path(u"ca.crt"_s));
        QVERIFY(inClusterAccess(pod(u"10.0.0.1"_s), m_folder.path()).error().message.contains(path(u"ca.crt"_s)));
    }

    void oddAddressesOfAPodAreRefused()
    {
        for (const auto &[host, port] : {std::pair(u"10.0.0.1"_s, u"none"_s), std::pair(u"10.0.0.1"_s, u"0"_s),
                                         std::pair(u"10.0.0.1"_s, u"70000"_s), std::pair(u"a b"_s, u"443"_s)})
            QCOMPARE(inClusterAccess(pod(host, port), m_folder.path()).error().code, ErrorCode::InvalidArgument);
    }
};

QTEST_APPLESS_MAIN(TestClusterAccess)
#include "tst_clusteraccess.moc"
