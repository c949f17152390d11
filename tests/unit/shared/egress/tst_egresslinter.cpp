// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/linter.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QTest>

using namespace danube::egress;
using namespace Qt::StringLiterals;

namespace {

const Finding *findingOf(const QList<Finding> &findings, const QString &name, qsizetype entry = 0)
{
    const auto found = std::ranges::find_if(
        findings, [&](const Finding &each) { return findingName(each.code) == name && each.entry == entry; });
    return found == findings.end() ? nullptr : &*found;
}

QByteArray namesOf(const QList<Finding> &findings)
{
    QStringList names;
    for (const Finding &each : findings)
        names.append(QString::number(each.entry) + u':' + findingName(each.code));
    return names.join(u' ').toUtf8();
}

} // namespace

class TestEgressLinter : public QObject
{
    Q_OBJECT
private slots:
    void findsNothingInAPlainList()
    {
        const QStringList list{u"packages.example.org"_s,   u"github.com"_s,
                               u"registry.danube-system"_s, u"git.example.org:22"_s,
                               u"**.assets.example.net"_s,  u"assets.example.net"_s};
        const auto findings = lint(list);
        QCOMPARE(namesOf(findings), QByteArray("4:dns-tunnel")); // a hint: any depth
        QCOMPARE(findings.first().severity, Severity::Hint);
    }
    void refusesWhatIsNoEntry_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("fix"); // "-" = none, entries joined by blanks
        const auto row = [](const char *name, const QString &text, const char *code, const char *fix) {
            QTest::newRow(name) << text << QString::fromLatin1(code) << QString::fromLatin1(fix);
        };
        row("empty", u""_s, "empty", "");
        row("only blanks", u"  "_s, "empty", "");
        row("blanks around", u" github.com "_s, "blank", "github.com");
        row("two in one", u"a.example.org b.example.org"_s, "blank", "-");
        row("IPv4", u"192.0.2.7"_s, "ip-address", "-");
        row("IPv4 with port", u"192.0.2.7:443"_s, "ip-address", "-");
        row("IPv4 with the dot of the root", u"192.0.2.7."_s, "ip-address", "-");
        row("IPv6", u"2001:db8::1"_s, "ip-address", "-");
        row("IPv6 in brackets", u"[2001:db8::1]:443"_s, "ip-address", "-");
        row("CIDR", u"10.0.0.0/8"_s, "cidr", "-");
        row("CIDR 6", u"2001:db8::/32"_s, "cidr", "-");
        row("URL", u"https://Packages.example.org/simple/"_s, "url", "packages.example.org");
        row("URL with port", u"http://mirror.example.org:8080/x?y#z"_s, "url", "mirror.example.org:8080");
        row("path", u"github.com/org/repo"_s, "url", "github.com");
        row("user", u"git@github.com:org/repo"_s, "url", "github.com:22");
        row("unicode", u"b\u00fccher.example.org"_s, "unicode", "xn--bcher-kva.example.org");
        row("unicode with port", u"b\u00fccher.example.org:8443"_s, "unicode", "xn--bcher-kva.example.org:8443");
        row("comma", u"a.example.org,b.example.org"_s, "bad-character", "-");
        row("regular expression", u"^.*[.]example$"_s, "bad-character", "-");
        row("leading dot", u".example.org"_s, "empty-label", "example.org *.example.org");
        row("two dots", u"a..example.org"_s, "empty-label", "-");
        row("too long", u"a."_s.repeated(130) + u"org"_s, "too-long", "-");
        row("long label", QString(64, u'x') + u".example.org"_s, "label-too-long", "-");
        row("port 0", u"example.org:0"_s, "bad-port", "-");
        row("port 65536", u"example.org:65536"_s, "bad-port", "-");
        row("port by name", u"git.example.org:ssh"_s, "bad-port", "git.example.org:22");
        row("any port", u"example.org:*"_s, "bad-port", "-");
        row("port range", u"example.org:1-1024"_s, "bad-port", "-");
        row("leading zero", u"example.org:0443"_s, "bad-port", "-");
        row("wildcard Service", u"*.danube-system"_s, "in-cluster-wildcard", "-");
        row("any depth of a namespace", u"**.danube-jobs"_s, "in-cluster-wildcard", "-");
        row("wildcard of the cluster", u"**.cluster.local"_s, "in-cluster-wildcard", "-");
        row("wildcard below svc", u"*.danube-system.svc"_s, "in-cluster-wildcard", "-");
        row("too many labels", u"pod.name.danube-system.svc"_s, "in-cluster-shape", "-");
        row("API server", u"kubernetes.default.svc"_s, "api-server", "");
        row("API server, short", u"kubernetes.default"_s, "api-server", "");
    }
    void refusesWhatIsNoEntry()
    {
        QFETCH(QString, text);
        QFETCH(QString, code);
        QFETCH(QString, fix);
        const auto findings = lint({text});
        QCOMPARE(findings.size(), 1);
        QCOMPARE(findingName(findings.first().code), code);
        QCOMPARE(findings.first().severity, Severity::Error);
        QCOMPARE(findings.first().fix ? findings.first().fix->join(u' ') : u"-"_s, fix);
        QVERIFY(hasErrors(findings));
        if (findings.first().fix)
            QVERIFY(!hasErrors(lint(applyFix({text}, findings.first()))));
    }
    void namesTheDefectsOfGoodEntries_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("severity");
        QTest::addColumn<QString>("fix");
        const auto row = [](const char *text, const char *code, const char *severity, const char *fix) {
            QTest::newRow(qPrintable(QString::fromLatin1(text) + u' ' + QString::fromLatin1(code)))
                << QString::fromLatin1(text) << QString::fromLatin1(code) << QString::fromLatin1(severity)
                << QString::fromLatin1(fix);
        };
        row("*", "match-all", "warning", "-");
        row("**", "match-all", "warning", "-");
        row("*foo.org", "loose-wildcard", "warning", "foo.org *.foo.org");
        row("*foo.org:8443", "loose-wildcard", "warning", "foo.org:8443 *.foo.org:8443");
        row("foo*.org", "loose-wildcard", "warning", "-");
        row("*foo-org", "loose-wildcard", "warning", "-"); // "*.foo-org" would be the cluster's
        row("foo.*", "loose-wildcard", "warning", "-");
        row("api.*-foo.co.uk", "loose-wildcard", "warning", "-");
        row("*.org", "dns-tunnel", "warning", "-");
        row("**.co.uk", "dns-tunnel", "warning", "-");
        row("*.duckdns.org", "dns-tunnel", "warning", "-");
        row("**.example.org", "dns-tunnel", "hint", "-");
        row("dns.google", "dns-over-https", "warning", "-");
        row("abc123.dns.nextdns.io", "dns-over-https", "warning", "-");
        row("*.cloudflare-dns.com", "dns-over-https", "warning", "-");
        row("ns.example.org:53", "dns-port", "warning", "-");
        row("ns.example.org:853", "dns-port", "warning", "-");
        row("*.cloudfront.net", "shared-hosting", "warning", "-");
        row("d1.cloudfront.net", "shared-address", "hint", "d1.cloudfront.net:443");
        row("localhost", "single-label", "warning", "-");
        row("xn--bcher-kva.example.org", "punycode", "hint", "-");
        row("a.b.c.d.e.example.org", "too-deep", "hint", "-");
        row("a**b.example.org", "stars-inside", "hint", "a*b.example.org");
        row("GitHub.com", "upper-case", "hint", "github.com");
        row("github.com.", "trailing-dot", "hint", "github.com");
        row("github.com.:443", "trailing-dot", "hint", "github.com:443");
        row("*.example.org", "apex-not-covered", "hint", "*.example.org example.org");
        row("*.example.org:8443", "apex-not-covered", "hint", "*.example.org:8443 example.org:8443");
        row("**.example.org", "apex-not-covered", "hint", "**.example.org example.org");
        row("*.example.org", "one-level-only", "hint", "**.example.org");
        row("master.danube-system", "master-port", "warning", "");
        row("master.danube-system:9000", "shadowed", "hint", "");
        row("a*.example.org", "server-name-unknown", "warning", "-");
    }
    void namesTheDefectsOfGoodEntries()
    {
        QFETCH(QString, text);
        QFETCH(QString, code);
        QFETCH(QString, severity);
        QFETCH(QString, fix);
        const auto findings = lint({text});
        const Finding *finding = findingOf(findings, code);
        QVERIFY2(finding, namesOf(findings).constData());
        QCOMPARE(severityName(finding->severity), severity);
        QCOMPARE(finding->fix ? finding->fix->join(u' ') : u"-"_s, fix);
        QVERIFY(finding->message.startsWith(u'\''));
        QVERIFY(!hasErrors(findings));
        if (finding->fix)
            QVERIFY(!findingOf(lint(applyFix({text}, *finding)), code));
    }
    void knowsTheVersions()
    {
        const LintOptions older{.cilium = {1, 18}};
        const LintOptions oldest{.cilium = {1, 17}};
        const LintOptions newest{.cilium = {1, 20}};
        const Finding *finding = nullptr;
        auto findings = lint({u"**.example.org"_s}, older);
        finding = findingOf(findings, u"any-depth-too-old"_s);
        QVERIFY(finding);
        QCOMPARE(finding->fix->join(u' '), u"*.example.org *.*.example.org *.*.*.example.org"_s);
        findings = lint({u"*.example.org"_s}, older);
        finding = findingOf(findings, u"one-level-only"_s);
        QVERIFY(finding);
        QCOMPARE(finding->fix->join(u' '), u"*.example.org *.*.example.org"_s);
        QVERIFY(findingOf(lint({u"*.example.org"_s}, oldest), u"server-name-unknown"_s));
        QVERIFY(!findingOf(lint({u"*.example.org"_s}, older), u"server-name-unknown"_s));
        QVERIFY(!findingOf(lint({u"*.example.org:8443"_s}, oldest), u"server-name-unknown"_s));
        QVERIFY(!findingOf(lint({u"a*.example.org"_s}, newest), u"server-name-unknown"_s));
    }
    void comparesEntries()
    {
        const QStringList list{u"github.com"_s,        u"GITHUB.com."_s,        u"*.example.org"_s, u"a.example.org"_s,
                               u"a.example.org:443"_s, u"a.example.org:8443"_s, u"example.org"_s};
        const auto findings = lint(list);
        const Finding *twin = findingOf(findings, u"duplicate"_s, 1);
        QVERIFY(twin);
        QCOMPARE(twin->message, u"'github.com' is there already (entry 1)"_s);
        QCOMPARE(applyFix(list, *twin).size(), list.size() - 1);
        QVERIFY(findingOf(findings, u"shadowed"_s, 3));
        QVERIFY(findingOf(findings, u"shadowed"_s, 4));
        QVERIFY(!findingOf(findings, u"shadowed"_s, 5)); // another port
        QVERIFY(!findingOf(findings, u"shadowed"_s, 2));
        QVERIFY(!findingOf(findings, u"apex-not-covered"_s, 2)); // entry 7
    }
    void comparesWithTheInheritedList()
    {
        const LintOptions options{.inherited = {u"*.example.org"_s, u"example.org"_s, u"no entry"_s}};
        const auto findings = lint({u"a.example.org"_s, u"example.org"_s, u"github.com"_s}, options);
        QCOMPARE(namesOf(findings), QByteArray("0:shadowed 1:duplicate"));
        QVERIFY(findings[0].message.contains(u"'*.example.org' of config.json"));
        QVERIFY(findings[1].message.contains(u"in config.json"));
    }
    void mutualCoverShadowsTheLaterOneOnly()
    {
        const auto findings = lint({u"*.example.org"_s, u"**.example.org"_s}, {.cilium = {1, 18}});
        QVERIFY(!findingOf(findings, u"shadowed"_s, 0));
        QVERIFY(findingOf(findings, u"shadowed"_s, 1));
    }
    void putsErrorsFirstAndIsDeterministic()
    {
        const QStringList list{u"*"_s, u"bad entry"_s, u"*foo.org"_s, u"github.com"_s};
        const auto findings = lint(list);
        QCOMPARE(findings, lint(list));
        QVERIFY(std::ranges::is_sorted(findings, {}, [](const Finding &f) { return std::pair(f.entry, f.severity); }));
    }
    void showsHostileTextHarmlessly()
    {
        const auto findings = lint({u"evil\u001b[2J\u0007"_s});
        QVERIFY(!findings.first().message.contains(QChar(0x1b)));
        const auto longer = lint({QString(5000, u'a')});
        QVERIFY(longer.first().message.size() < 200);
    }
    void refusesEndlessLists()
    {
        QStringList list;
        for (int i = 0; i < 1000; ++i)
            list.append(u"*.h%1.example.org"_s.arg(i));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!hasErrors(lint(list)));
        QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
        list.append(u"one.example.org"_s);
        const auto findings = lint(list);
        QCOMPARE(namesOf(findings), QByteArray("1000:too-many"));
    }
    void writesJson()
    {
        const QJsonObject object = toJson(lint({u"github.com."_s}).first());
        QCOMPARE(object, (QJsonObject{{u"code"_s, u"trailing-dot"_s},
                                      {u"severity"_s, u"hint"_s},
                                      {u"entry"_s, 0},
                                      {u"message"_s, u"'github.com' needs no trailing dot"_s},
                                      {u"fix"_s, QJsonArray{u"github.com"_s}}}));
        QVERIFY(!toJson(lint({u"10.0.0.1"_s}).first()).contains(u"fix"));
    }
};

QTEST_APPLESS_MAIN(TestEgressLinter)
#include "tst_egresslinter.moc"
