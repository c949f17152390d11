// SPDX-License-Identifier: GPL-3.0-or-later
// What changes between two sets of policy objects, in words and as JSON.
#include "shared/egress/policy.h"
#include "shared/egress/policydiff.h"
#include "shared/egress/policywords.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace danube;
using namespace danube::egress;
using namespace Qt::StringLiterals;

namespace {

QList<QJsonObject> objects(const QStringList &base, const QStringList &web = {}, Mode webMode = Mode::Enforce)
{
    PolicyRequest request{.allowlist = base};
    request.pipelines = {{u"web"_s, web, webMode}};
    return compileCilium(request, PolicySettings{}).value().objects;
}

QStringList paths(const PolicyChange &change)
{
    QStringList paths;
    for (const FieldChange &field : change.fields)
        paths.append(field.path);
    return paths;
}

} // namespace

class TestPolicyDiff : public QObject
{
    Q_OBJECT
private slots:
    void saysRulesInWords()
    {
        const QStringList words = rulesInWords(objects({u"github.com"_s, u"git.example.org:22"_s}).first());
        const QStringList expected{
            u"allows git.example.org on TCP 22"_s,
            u"allows github.com on TCP 443 (TLS name checked) and TCP 80"_s,
            u"allows look-ups of *.cluster.local"_s,
            u"allows look-ups of github.com"_s,
            u"allows pods app.kubernetes.io/name=danube-master of namespace danube-system on TCP 9000"_s,
            u"allows pods k8s-app=kube-dns of namespace kube-system on TCP 53 and UDP 53"_s,
            u"denies 169.254.169.254/32 on every port"_s,
            u"is for every pod of the namespace"_s,
            u"refuses all connections to the pods"_s};
        for (const QString &sentence : expected)
            QVERIFY2(words.contains(sentence), qPrintable(sentence + u" is not in "_s + words.join(u'\n')));
    }
    void saysTheWeakerKindInWords()
    {
        PolicySettings settings;
        settings.fallbackCidrs = {u"192.0.2.0/24"_s};
        const auto set = compileFallback({.allowlist = {u"github.com"_s}, .mode = Mode::Audit}, settings).value();
        const QStringList base = rulesInWords(set.objects.first());
        QVERIFY(base.contains(u"allows 192.0.2.0/24 on TCP 443 and TCP 80"_s));
        QVERIFY(base.contains(u"refuses all connections to the pods"_s));
        QVERIFY(rulesInWords(set.objects.last()).join(u'\n').contains(u"allows 0.0.0.0/0 but not 10.0.0.0/8"_s));
    }
    void showsWhatIsNoRuleOfOurs_data()
    {
        QTest::addColumn<QByteArray>("spec");
        QTest::addColumn<QString>("words");
        QTest::newRow("everything") << QByteArray(R"({"egress":[{}]})") << u"allows {}"_s;
        QTest::newRow("another peer") << QByteArray(R"({"egress":[{"toServices":[]}]})")
                                      << uR"(allows {"toServices":[]})"_s;
        QTest::newRow("a peer beside ours")
            << QByteArray(R"({"egress":[{"toFQDNs":[{"matchName":"a.org"}],"toNodes":[]}]})")
            << uR"(allows {"toFQDNs":[{"matchName":"a.org"}],"toNodes":[]})"_s;
        QTest::newRow("rules of HTTP")
            << QByteArray(R"({"egress":[{"toEntities":["world"],"toPorts":[{"rules":{"http":[]}}]}]})")
            << uR"(allows {"toEntities":["world"],"toPorts":[{"rules":{"http":[]}}]})"_s;
        QTest::newRow("no ports") << QByteArray(R"({"egress":[{"toEntities":["world"]}]})")
                                  << u"allows world on every port"_s;
        QTest::newRow("ingress") << QByteArray(R"({"ingress":[{"fromEntities":["world"]}]})")
                                 << uR"(lets in {"fromEntities":["world"]})"_s;
        QTest::newRow("another member") << QByteArray(R"({"enableDefaultDeny":{"egress":false}})")
                                        << uR"(enableDefaultDeny: {"egress":false})"_s;
    }
    void showsWhatIsNoRuleOfOurs()
    {
        QFETCH(QByteArray, spec);
        QFETCH(QString, words);
        const QJsonObject policy{{u"kind"_s, u"CiliumNetworkPolicy"_s},
                                 {u"spec"_s, QJsonDocument::fromJson(spec).object()}};
        const QStringList said = rulesInWords(policy);
        QVERIFY2(said.contains(words), qPrintable(said.join(u'\n')));
    }

    void namesNothingWhereNothingChanges()
    {
        const auto set = objects({u"b.org"_s, u"a.org"_s}, {u"c.org"_s});
        QVERIFY(diffPolicies(set, set).isEmpty());
        QVERIFY(diffPolicies(set, objects({u"A.org"_s, u"b.org"_s, u"a.org"_s}, {u"c.org."_s})).isEmpty());
    }
    // "b.org" stands between the others: three arrays get one element each, and nothing else is said to have moved.
    void namesOneAdditionWhereOneHostIsAdded()
    {
        const auto changes =
            diffPolicies(objects({u"a.org"_s, u"c.org"_s}), objects({u"a.org"_s, u"b.org"_s, u"c.org"_s}));
        QCOMPARE(changes.size(), 1);
        const PolicyChange &change = changes.first();
        QCOMPARE(describe(change), u"CiliumNetworkPolicy danube-egress is changed"_s);
        QCOMPARE(change.rulesRemoved, QStringList());
        QCOMPARE(change.rulesAdded, (QStringList{u"allows b.org on TCP 443 (TLS name checked) and TCP 80"_s,
                                                 u"allows look-ups of b.org"_s}));
        QCOMPARE(paths(change),
                 (QStringList{u"spec.egress[0].toPorts[0].rules.dns[1]"_s, u"spec.egress[2].toFQDNs[1]"_s,
                              u"spec.egress[2].toPorts[0].serverNames[1]"_s}));
        for (const FieldChange &field : change.fields)
            QVERIFY(field.before.isUndefined() && !field.after.isUndefined());
    }
    void namesObjectsThatComeAndGo()
    {
        const auto with = objects({u"a.org"_s}, {u"b.org"_s});
        const auto without = objects({u"a.org"_s});
        const auto come = diffPolicies(without, with);
        QCOMPARE(come.size(), 1);
        QCOMPARE(come.first().verb, PolicyChange::Verb::Added);
        QCOMPARE(come.first().pipeline, u"web"_s);
        QVERIFY(come.first().before.isEmpty() && come.first().fields.isEmpty());
        QVERIFY(come.first().rulesAdded.contains(u"is for pods danube.dev/instance=danube, danube.dev/pipeline=web"_s));
        const auto go = diffPolicies(with, without);
        QCOMPARE(go.size(), 1);
        QCOMPARE(describe(go.first()), u"CiliumNetworkPolicy danube-egress-pipeline-web is removed"_s);
        QCOMPARE(go.first().rulesRemoved, come.first().rulesAdded);
    }
    void namesAnotherMode()
    {
        const auto changes = diffPolicies(objects({}, {u"b.org"_s}), objects({}, {u"b.org"_s}, Mode::Audit));
        QCOMPARE(changes.size(), 1);
        QVERIFY(changes.first().rulesAdded.contains(u"allows world on every port"_s));
        QVERIFY(paths(changes.first()).contains(u"metadata.labels[\"danube.dev/egress-mode\"]"_s));
    }
    void readsBackWhatItWrites()
    {
        const auto changes =
            diffPolicies(objects({u"a.org"_s}, {u"b.org"_s}), objects({u"c.org"_s}, {u"b.org"_s, u"d.org"_s}));
        QCOMPARE(changes.size(), 2);
        for (const PolicyChange &change : changes)
            QCOMPARE(policyChangeFromJson(toJson(change)), change);
    }
    // A hand-edited or hostile object is compared by what it is: no quadratic time, no endless answer.
    void boundsWhatItSays()
    {
        QJsonArray many;
        QJsonArray others;
        for (int i = 0; i < 20'000; ++i) {
            many.append(QString::number(i));
            others.append(QString::number(-i - 1));
        }
        const auto object = [](const QJsonArray &rules) {
            return QJsonObject{
                {u"kind"_s, u"CiliumNetworkPolicy"_s},
                {u"metadata"_s, QJsonObject{{u"name"_s, u"a"_s}}},
                {u"spec"_s, QJsonObject{{u"egressDeny"_s, QJsonArray{QJsonObject{{u"toCIDR"_s, rules}}}}}}};
        };
        const auto changes = diffPolicies({object(many)}, {object(others)});
        QCOMPARE(changes.first().fields.size(), maxFieldChanges);
    }
};

QTEST_APPLESS_MAIN(TestPolicyDiff)
#include "tst_policydiff.moc"
