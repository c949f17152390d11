// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/rulewords.h"

#include "shared/blueprint/changes.h"
#include "shared/blueprint/validator.h"
#include "shared/egress/allowlistdiff.h"
#include "shared/egress/explain.h"
#include "shared/egress/policy.h"

#include <QCoreApplication>
#include <QTest>
#include <QTranslator>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

/// Marks what was asked for: "has blanks" is "‹has blanks›".
class Marking : public QTranslator
{
public:
    bool isEmpty() const override { return false; }
    QString translate(const char *context, const char *source, const char *, int) const override
    {
        return qstrcmp(context, "RuleWords") == 0 ? u'‹' + QString::fromUtf8(source) + u'›' : QString();
    }
};

/// JSON with single quotes.
QByteArray quoted(QByteArray text)
{
    return text.replace('\'', '"');
}

QByteArray document(const char *kind, const char *name, const QByteArray &spec)
{
    return quoted(QByteArray("{'apiVersion': 'danube.dev/v1', 'kind': '") + kind + "', 'metadata': {'name': '" + name +
                  "'}, 'spec': " + spec + "}");
}

const QStringList &badEntries()
{
    static const QStringList entries{u""_s,
                                     u"pypi .org"_s,
                                     u"https://pypi.org/simple"_s,
                                     u"pypi.org:99999"_s,
                                     u"192.0.2.1"_s,
                                     u"192.0.2.0/24"_s,
                                     u"bücher.org"_s,
                                     u"a?b.org"_s,
                                     u".example.org"_s,
                                     QString(64, u'a') + u".org"_s,
                                     u"ab."_s.repeated(100) + u"org"_s,
                                     u"*.danube-system"_s,
                                     u"kubernetes.default.svc"_s,
                                     u"a.b.c.svc"_s,
                                     u"*"_s,
                                     u"*pypi.org"_s,
                                     u"*.org"_s,
                                     u"*.github.io"_s,
                                     u"dns.google"_s,
                                     u"*.ngrok.io"_s,
                                     u"xn--bcher-kva.org"_s,
                                     u"PyPI.org"_s,
                                     u"pypi.org"_s,
                                     u"pypi.org."_s,
                                     u"*.pypi.org"_s,
                                     u"files.pypi.org"_s,
                                     u"**.example.net"_s,
                                     u"a.**.example.com"_s,
                                     u"a.b.c.d.e.f.g.example.org"_s,
                                     u"resolver.example.org:53"_s,
                                     u"localhost"_s,
                                     u"master.danube-system"_s,
                                     u"master.danube-system:9000"_s};
    return entries;
}

const QList<blueprint::Files> &badBlueprints()
{
    const auto config = [](const char *spec) {
        return blueprint::Files{{u"config.json"_s, document("Config", "global", spec)}};
    };
    const auto pipeline = [](const char *spec) {
        return blueprint::Files{{u"pipelines/web.json"_s, document("Pipeline", "web", spec)}};
    };
    static const QList<blueprint::Files> all{
        {},
        {{u"config.json"_s, "{"}},
        {{u"config.json"_s, "{\"a\": 1,}"}},
        {{u"config.json"_s, "{\"a\": 01}"}},
        {{u"config.json"_s, "{'a': 1}"}},
        {{u"config.json"_s, "{\"a\": 1} x"}},
        {{u"config.json"_s, "{\"a\": no}"}},
        {{u"config.json"_s, "{\"a\": \"b}"}},
        {{u"config.json"_s, "{\"a\": \"\\x\"}"}},
        {{u"config.json"_s, "{\"a\": /* why */ 1}"}},
        {{u"config.json"_s, "{\"a\" 1}"}},
        {{u"config.json"_s, "[]"}},
        config("{'retention': {'logs_days': -1}, 'egress_mode': 'maybe', 'egress_allow': []}"),
        config("{'egress_allowlist': ['pypi .org', 5], 'retention': []}"),
        config("{'git_authentication': [{'host': 'a.org', 'type': 'ssh_key', 'secret': 'x'}]}"),
        config("{'git_authentication': [{'host': 'a.org', 'type': 'github_app', 'secret': 'x'}]}"),
        config("{'git_authentication': [{'host': 'a.org', 'type': 'https_token', 'secret': 'x'}, {'host': 'a.org', "
               "'type': 'https_token', 'secret': 'y'}]}"),
        pipeline("{}"),
        pipeline("{'repository': 'https://example.org/web.git', 'worker': {'image': 'GCC:14'}}"),
        pipeline("{'repository': 'https://example.org/web.git', 'worker': {'image': 'gcc'}}"),
        pipeline("{'repository': 'https://example.org/web.git', 'worker': {'image': 'gcc:14'}, 'triggers': [{'on': "
                 "'cron'}, {'on': 'cron', 'schedule': '61 4 * * 1-5'}, {'on': 'cron', 'schedule': '1 2'}, {'on': "
                 "'push', 'branches': ['a//b', 'main', 'main']}]}"),
        pipeline("{'repository': 'https://example.org/web.git', 'worker': {'image': 'gcc:14'}, 'permissions': "
                 "[{'team': 'nobody', 'level': 'write'}]}"),
        {{u"pipelines/other.json"_s, document("Pipeline", "web", "{'repository': 'https://example.org/web.git'}")}},
        {{u"users.json"_s, '[' + document("User", "ada", "{'email': 'ada@example.org'}") + ',' +
                               document("User", "ada", "{'email': 'ada@example.org'}") + ']'},
         {u"teams.json"_s, document("Team", "core", "{'members': ['ada', 'ada', 'adda']}")}}};
    return all;
}

/// What of it is still as the rules say it: everything outside of ‹›, but for names in quotes and paths in front.
bool isKnown(const QString &said)
{
    return said.endsWith(u'›') && (said.startsWith(u'‹') || said.contains(u": ‹"_s));
}

} // namespace

class TestRuleWords : public QObject
{
    Q_OBJECT
    Marking m_marking;

private slots:
    void cleanup() { QCoreApplication::removeTranslator(&m_marking); }

    void findingsOfAllowlistsAreKnown()
    {
        QCoreApplication::installTranslator(&m_marking);
        const auto findings = egress::lint(badEntries(), {.inherited = {u"pypi.org"_s}});
        QSet<egress::FindingCode> seen;
        for (const egress::Finding &finding : findings) {
            QVERIFY2(isKnown(inOwnWords(finding.message)), qPrintable(finding.message));
            seen.insert(finding.code);
        }
        QVERIFY2(seen.size() > 22, qPrintable(QString::number(seen.size())));
        const auto tooMany = egress::lint(QStringList(egress::maxEntries + 1, u"a.org"_s));
        QVERIFY(isKnown(inOwnWords(tooMany.first().message)));
    }
    void verdictsAreKnown()
    {
        QCoreApplication::installTranslator(&m_marking);
        const egress::Allowlists lists{
            {u"pypi.org"_s, u"*.cdn.example.org"_s, u"git.example.org:22"_s, u"**.example.net"_s},
            {u"b.example.com"_s}};
        const QList<egress::Question> questions{{u"pypi.org"_s, 443},
                                                {u"pypi.org"_s, 22},
                                                {u"a.b.cdn.example.org"_s, 443},
                                                {u"cdn.example.org"_s, 443},
                                                {u"files.pypi.org"_s, 443},
                                                {u"git.example.org"_s, 443},
                                                {u"192.0.2.1"_s, 443},
                                                {u"no name"_s, 443},
                                                {u"kubernetes.default.svc"_s, 443},
                                                {u"elsewhere.example"_s, 443},
                                                {u"b.example.com"_s, 443},
                                                {u"master.danube-system"_s, 9000},
                                                {u"c.example.net"_s, 443},
                                                {u"other.cdn.example.org"_s, 80}};
        for (const egress::Question &question : questions) {
            const QString reason = egress::explain(question, lists, {}).reason;
            QVERIFY2(isKnown(inOwnWords(reason)), qPrintable(reason));
        }
    }
    void changesOfAListAreKnown()
    {
        QCoreApplication::installTranslator(&m_marking);
        for (const egress::ListChange &change :
             egress::diffAllowlists({u"pypi.org"_s, u"a b"_s, u"x.example.org"_s, u"*.example.org"_s},
                                    {u"github.com:22"_s, u"c d"_s, u"*.example.org"_s, u"y.example.org"_s, u"*"_s}, {}))
            QVERIFY2(isKnown(inOwnWords(change.sentence)), qPrintable(change.sentence));
    }
    void findingsOfDocumentsAreKnown()
    {
        QCoreApplication::installTranslator(&m_marking);
        int count = 0;
        for (const blueprint::Files &files : badBlueprints()) {
            for (const blueprint::Finding &finding : blueprint::validate(files).findings) {
                QVERIFY2(isKnown(inOwnWords(finding.message)), qPrintable(finding.message));
                QVERIFY2(finding.fix.isEmpty() || isKnown(inOwnWords(finding.fix)), qPrintable(finding.fix));
                ++count;
            }
        }
        QVERIFY2(count > 35, qPrintable(QString::number(count)));
    }
    void phrasesInsideAreKnown()
    {
        QCoreApplication::installTranslator(&m_marking);
        QCOMPARE(inOwnWords(u"spec.retention: expected an object, got a list of 0"_s),
                 u"spec.retention: ‹expected ‹an object›, got ‹a list of 0››"_s);
        QCOMPARE(inOwnWords(u"the document: expected true or false, got nothing"_s),
                 u"‹the document›: ‹expected ‹true or false›, got ‹nothing››"_s);
    }
    void namesStayAsTheyAre()
    {
        QCoreApplication::installTranslator(&m_marking);
        QCOMPARE(inOwnWords(u"'nothing' has blanks"_s), u"‹'nothing' has blanks›"_s);
        QCOMPARE(inOwnWords(u"'%2 %1' also matches '%1', which anybody may register"_s),
                 u"‹'%2 %1' also matches '%1', which anybody may register›"_s);
    }
    void otherSentencesStay()
    {
        QCoreApplication::installTranslator(&m_marking);
        for (const QString &text : {u"fatal: repository not found"_s, u""_s, u"The master said no."_s})
            QCOMPARE(inOwnWords(text), text);
    }
    void withoutALanguageNothingChanges()
    {
        for (const egress::Finding &finding : egress::lint(badEntries()))
            QCOMPARE(inOwnWords(finding.message), finding.message);
    }
};

QTEST_GUILESS_MAIN(TestRuleWords)
#include "tst_rulewords.moc"
