// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/allowlistdiff.h"
#include "shared/egress/explain.h"
#include "shared/egress/proposal.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QTest>

using namespace danube;
using namespace danube::egress;
using namespace Qt::StringLiterals;

namespace {

QStringList sentencesOf(const QList<ListChange> &changes)
{
    QStringList sentences;
    for (const ListChange &change : changes)
        sentences.append(change.sentence);
    return sentences;
}

QStringList entriesOf(const Proposals &proposals)
{
    QStringList entries;
    for (const Proposal &proposal : proposals.entries)
        entries.append(proposal.entry);
    return entries;
}

} // namespace

class TestEgressExplain : public QObject
{
    Q_OBJECT
private slots:
    void readsQuestions_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port"); // 0 = refused
        QTest::newRow("host") << u"github.com"_s << u"github.com"_s << 443;
        QTest::newRow("port") << u"git.example.org:22"_s << u"git.example.org"_s << 22;
        QTest::newRow("URL") << u"https://packages.example.org/simple/?x"_s << u"packages.example.org"_s << 443;
        QTest::newRow("http") << u"http://packages.example.org"_s << u"packages.example.org"_s << 80;
        QTest::newRow("URL with port") << u"http://packages.example.org:8080/"_s << u"packages.example.org"_s << 8080;
        QTest::newRow("blanks around") << u" github.com "_s << u"github.com"_s << 443;
        QTest::newRow("underscore") << u"a_b.example.org"_s << u"a_b.example.org"_s << 443;
        QTest::newRow("address") << u"192.0.2.7"_s << u"192.0.2.7"_s << 443;
        QTest::newRow("IPv6") << u"2001:db8::1"_s << u"2001:db8::1"_s << 443;
        QTest::newRow("unicode") << u"b\u00fccher.example.org"_s << u"xn--bcher-kva.example.org"_s << 443;
        QTest::newRow("empty") << u""_s << u""_s << 0;
        QTest::newRow("path") << u"github.com/x"_s << u""_s << 0;
        QTest::newRow("port too large") << u"github.com:70000"_s << u""_s << 0;
        QTest::newRow("blank inside") << u"git hub.com"_s << u""_s << 0;
    }
    void readsQuestions()
    {
        QFETCH(QString, text);
        QFETCH(QString, host);
        QFETCH(int, port);
        const auto question = parseQuestion(text);
        QCOMPARE(question.has_value(), port != 0);
        if (question)
            QCOMPARE(*question, (Question{host, static_cast<quint16>(port)}));
        else
            QCOMPARE(question.error().code, ErrorCode::InvalidArgument);
    }
    void namesTheEntryThatAllows()
    {
        const Allowlists lists{{u"packages.example.org"_s, u"*.cdn.example.com"_s}, {u"git.example.org:22"_s}};
        const Verdict base = explain({u"A.CDN.example.com."_s, 443}, lists);
        QVERIFY(base.isAllowed);
        QCOMPARE(base.entry, (EntryPlace{false, 1, u"*.cdn.example.com"_s}));
        QCOMPARE(base.reason, u"'*.cdn.example.com' (entry 2 of config.json) allows it"_s);
        const Verdict own = explain({u"git.example.org"_s, 22}, lists);
        QVERIFY(own.isAllowed);
        QCOMPARE(own.reason, u"'git.example.org:22' (entry 1 of the pipeline) allows it"_s);
        QVERIFY(own.proposal.isEmpty());
    }
    void saysWhyNotAndWhatWouldHelp_data()
    {
        QTest::addColumn<QString>("entry");
        QTest::addColumn<QString>("question");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QString>("proposal");
        const auto row = [](const char *name, const char *entry, const char *question, const char *reason,
                            const char *proposal) {
            QTest::newRow(name) << QString::fromLatin1(entry) << QString::fromLatin1(question)
                                << QString::fromLatin1(reason) << QString::fromLatin1(proposal);
        };
        row("nothing near", "github.com", "evil.example", "no entry comes near", "evil.example");
        row("apex", "*.example.org", "example.org",
            "'*.example.org' (entry 1 of config.json) matches names below 'example.org', not itself", "example.org");
        row("depth", "*.example.org", "a.b.example.org",
            "'*.example.org' (entry 1 of config.json) matches one label, and 'a.b.example.org' has more",
            "a.b.example.org **.example.org");
        row("port", "example.org", "example.org:8443",
            "'example.org' (entry 1 of config.json) opens ports 80 and 443, not 8443", "example.org:8443");
        row("the one port", "example.org:8443", "example.org",
            "'example.org:8443' (entry 1 of config.json) opens port 8443 only", "example.org");
        row("below a name", "example.org", "www.example.org",
            "'example.org' (entry 1 of config.json) matches that name only, none below it", "www.example.org");
        row("same domain", "files.example.org", "docs.example.org",
            "'files.example.org' (entry 1 of config.json) is of the same domain and does not match",
            "docs.example.org");
        row("address", "*", "192.0.2.7",
            "'192.0.2.7' is an address: jobs reach names, whose addresses follow from DNS answers", "");
        row("API server", "*", "kubernetes.default.svc.cluster.local", "jobs never reach the Kubernetes API server",
            "");
        row("in the cluster", "*", "registry.danube-system:5000", "no entry comes near", "registry.danube-system:5000");
    }
    void saysWhyNotAndWhatWouldHelp()
    {
        QFETCH(QString, entry);
        QFETCH(QString, question);
        QFETCH(QString, reason);
        QFETCH(QString, proposal);
        const auto asked = parseQuestion(question);
        QVERIFY(asked.has_value());
        const Verdict verdict = explain(*asked, {{entry}});
        QVERIFY(!verdict.isAllowed);
        QCOMPARE(verdict.reason, reason);
        QCOMPARE(verdict.proposal.join(u' '), proposal);
        for (const QString &each : verdict.proposal)
            QVERIFY2(explain(*asked, {{entry, each}}).isAllowed, qPrintable(each));
    }
    void namesTheNearestOfMany()
    {
        const Allowlists lists{{u"files.example.org"_s, u"*.example.org"_s, u"a.b.example.org:22"_s}};
        QCOMPARE(explain({u"a.b.example.org"_s, 443}, lists).entry->index, 2); // the name, another port
        QCOMPARE(explain({u"c.b.example.org"_s, 443}, lists).entry->index, 1);
    }
    void knowsTheFixedRulesAndVersions()
    {
        QVERIFY(explain({u"master.danube-system"_s, 9000}, {}).isAllowed);
        QVERIFY(explain({u"master.danube-system.svc.cluster.local"_s, 9000}, {}).isAllowed);
        QVERIFY(!explain({u"master.danube-system"_s, 8080}, {}).isAllowed);
        QVERIFY(explain({u"registry.danube-system.svc"_s, 5000}, {{u"registry.danube-system"_s}}).isAllowed);
        // No pattern opens the cluster: toFQDNs never matches its addresses.
        QVERIFY(!explain({u"registry.danube-system"_s, 443}, {{u"*"_s, u"*.*.*.*.*"_s}}).isAllowed);
        QCOMPARE(explain({u"pod.web.danube-jobs.svc"_s, 443}, {{u"*"_s}}).reason,
                 u"'pod.web.danube-jobs.svc' is no Service of the cluster"_s);
        const Allowlists lists{{u"**.example.org"_s}};
        QVERIFY(explain({u"a.b.example.org"_s, 443}, lists).isAllowed);
        const Verdict older = explain({u"a.b.example.org"_s, 443}, lists, {.cilium = {1, 18}});
        QVERIFY(!older.isAllowed);
        QVERIFY(older.reason.contains(u"spans one label with Cilium 1.18"));
        QCOMPARE(older.proposal, QStringList{u"a.b.example.org"_s});
    }
    void survivesHostileHosts()
    {
        QElapsedTimer timer;
        timer.start();
        QStringList list;
        for (int i = 0; i < 1000; ++i)
            list.append(u"*a*b*%1.example.org"_s.arg(i));
        for (const QString &host : {QString(100'000, u'a'), QString(u"a."_s).repeated(5000), u"\u001b[2J"_s,
                                    QString(QChar(0)), u"$(reboot).example.org"_s}) {
            const Verdict verdict = explain({host, 443}, {list});
            QVERIFY(!verdict.isAllowed && verdict.proposal.isEmpty());
            QVERIFY(verdict.reason.size() < 200 && !verdict.reason.contains(QChar(0x1b)));
        }
        QVERIFY(timer.elapsed() < 5000);
    }
    void writesJson()
    {
        const QJsonObject refused = toJson(explain({u"example.org"_s, 443}, {{}, {u"*.example.org"_s}}));
        QCOMPARE(
            refused,
            (QJsonObject{{u"host"_s, u"example.org"_s},
                         {u"port"_s, 443},
                         {u"allowed"_s, false},
                         {u"entry"_s, u"*.example.org"_s},
                         {u"list"_s, u"pipeline"_s},
                         {u"index"_s, 0},
                         {u"reason"_s,
                          u"'*.example.org' (entry 1 of the pipeline) matches names below 'example.org', not itself"_s},
                         {u"proposal"_s, QJsonArray{u"example.org"_s}}}));
    }
    void tellsWhatAChangeOpensAndCloses()
    {
        const auto changes =
            diffAllowlists({u"github.com"_s, u"old.example.org:8443"_s, u"*.cdn.example.com"_s, u"a.cdn.example.com"_s},
                           {u"*.cdn.example.com"_s, u"GitHub.com."_s, u"registry.danube-system:5000"_s,
                            u"registry.danube-jobs"_s, u"b.cdn.example.com"_s, u"*"_s, u"no entry"_s});
        QCOMPARE(sentencesOf(changes),
                 (QStringList{u"removes 'a.cdn.example.com': '*' still allows it"_s,
                              u"closes old.example.org on port 8443"_s, u"opens every name on ports 80 and 443"_s,
                              u"adds 'b.cdn.example.com': '*.cdn.example.com' allowed it already"_s,
                              u"adds 'no entry', which is no entry"_s, u"opens registry.danube-jobs on all its ports"_s,
                              u"opens registry.danube-system on port 5000"_s}));
        QVERIFY(!changes[0].changesAccess && changes[1].changesAccess && !changes[3].changesAccess);
        QVERIFY(diffAllowlists({u"a.org"_s, u"b.org"_s}, {u"B.org"_s, u"a.org."_s, u"a.org"_s}).isEmpty());
    }
    void proposesExactNames()
    {
        const QList<Refusal> refusals{{u"files.example.org."_s, 0, 5}, {u"files.example.org"_s, 443, 2},
                                      {u"git.example.org"_s, 22, 9},   {u"dns.google"_s, 443, 1},
                                      {u"192.0.2.7"_s, 443, 3},        {u"bad host"_s, 0, 1},
                                      {u"github.com"_s, 443, 1},       {u"192.0.2.7"_s, 443, 3}};
        const Proposals proposals = propose(refusals, {{u"github.com"_s}});
        QCOMPARE(entriesOf(proposals), (QStringList{u"git.example.org:22"_s, u"files.example.org"_s, u"dns.google"_s}));
        QCOMPARE(proposals.entries[1].count, 7);
        QCOMPARE(findingName(proposals.entries[2].findings.first().code), u"dns-over-https"_s);
        QCOMPARE(proposals.notProposed.size(), 3); // the address once, no name, allowed by now
        QCOMPARE(proposals.leftOut, 0);
        for (const Refusal &refusal : refusals) {
            const Question question{refusal.host, refusal.port == 0 ? quint16(443) : refusal.port};
            const bool isNoName = question.host == u"192.0.2.7" || question.host == u"bad host";
            QCOMPARE(explain(question, {{u"github.com"_s}, entriesOf(proposals)}).isAllowed, !isNoName);
        }
    }
    void offersAWildcardForManyOfOneDomain()
    {
        const Proposals proposals = propose({{u"a.cdn.example.org"_s, 0, 1},
                                             {u"b.cdn.example.org"_s, 0, 1},
                                             {u"c.cdn.example.org"_s, 0, 1},
                                             {u"one.org"_s, 0, 1},
                                             {u"two.org"_s, 0, 1},
                                             {u"three.org"_s, 0, 1},
                                             {u"x.github.io"_s, 0, 1},
                                             {u"y.github.io"_s, 0, 1},
                                             {u"z.github.io"_s, 0, 1}},
                                            {});
        QCOMPARE(proposals.entries.size(), 9);
        for (const Proposal &proposal : proposals.entries)
            QCOMPARE(proposal.wildcard,
                     proposal.entry.endsWith(u".cdn.example.org") ? u"*.cdn.example.org"_s : QString());
    }
    void boundsProposals()
    {
        QList<Refusal> refusals;
        for (int i = 0; i < 300; ++i)
            refusals.append({u"h%1.x%1.org"_s.arg(i), 0, i});
        const Proposals proposals = propose(refusals, {});
        QCOMPARE(proposals.entries.size(), maxProposals);
        QCOMPARE(proposals.leftOut, 100);
        QCOMPARE(proposals.entries.first().count, 299);
    }
};

QTEST_APPLESS_MAIN(TestEgressExplain)
#include "tst_egressexplain.moc"
