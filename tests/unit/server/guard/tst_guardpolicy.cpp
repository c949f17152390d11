// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/guardpolicy.h"
#include "shared/egress/policy.h"
#include "tests/unit/server/guard/guardconfigs.h"
#include "tests/unit/shared/egress/patternpairs.h"
#include "tests/unit/shared/egress/policymodel.h"

#include <QTest>

using namespace danube;
using namespace danube::guard;
using namespace danube::guard::tests;
using egress::tests::newer;
using egress::tests::older;
using namespace Qt::StringLiterals;

namespace {

const QJsonObject pod{{u"danube.dev/instance"_s, u"danube"_s}};

GuardPolicy policyOf(const QStringList &entries, egress::CiliumVersion version = newer)
{
    GuardConfig config = configOf(entries);
    config.cilium = version;
    return GuardPolicy(config);
}

/// What Cilium would let through, and what explain says, are what the guard does.
void compareAll(const QStringList &entries, const QString &host, egress::CiliumVersion version)
{
    egress::PolicySettings settings;
    settings.cilium = version;
    const auto set = egress::compileCilium({.allowlist = entries}, settings);
    QVERIFY(set.has_value());
    const PolicyModel model(set->objects);
    GuardPolicy policy = policyOf(entries, version);
    const std::string name = host.toStdString();
    const QString text = entries.join(u' ') + u" | "_s + host;
    QVERIFY2(policy.isReachable(name) == model.resolves(pod, host), qPrintable(text));
    for (const quint16 port : {80, 443, 8443}) {
        const bool isAllowed = policy.isAllowed(name, port);
        egress::LintOptions options;
        options.cilium = version;
        QVERIFY2(isAllowed == egress::explain({host, port}, {entries}, options).isAllowed, qPrintable(text));
        QVERIFY2(isAllowed == model.connects(pod, host, port, host), qPrintable(text));
    }
}

} // namespace

class TestGuardPolicy : public QObject
{
    Q_OBJECT
private slots:
    void followsTheTableOfTheContract()
    {
        for (const egress::tests::PatternRow &row : egress::tests::patternTable()) {
            for (qsizetype i = 0; i < row.isMatch.size(); ++i) {
                const std::string name = egress::tests::tableNames[i].toStdString();
                QCOMPARE(policyOf({row.text}).isAllowed(name, 443), row.isMatch[i]);
                QCOMPARE(policyOf({row.text}).isReachable(name), row.isMatch[i]);
                QVERIFY(!policyOf({row.text}).isAllowed(name, 8443));
            }
            QCOMPARE(policyOf({row.text}, older).isAllowed("a.b.pypi.org", 443), row.isDeepMatchOnOlder);
        }
    }
    void agreesWithCompilerAndExplainer()
    {
        int count = 0;
        int allowed = 0;
        for (const auto &[text, name] : egress::tests::randomPairs()) {
            const auto version = ++count % 2 == 0 ? older : newer;
            const QString entry = count % 5 == 0 ? text + u":8443"_s : text;
            compareAll({entry}, name, version);
            if (QTest::currentTestFailed())
                return;
            allowed += policyOf({entry}, version).isReachable(name.toStdString()) ? 1 : 0;
        }
        QVERIFY2(allowed > 250, qPrintable(QString::number(allowed)));
    }
    void knowsPortsAndFixedRules()
    {
        GuardPolicy policy = policyOf({u"a.org:8443"_s, u"*.b.org"_s, u"registry.danube-system:5000"_s, u"*"_s});
        QVERIFY(policy.isReachable("a.org") && policy.isAllowed("a.org", 8443));
        QVERIFY(policy.isAllowed("registry.danube-system", 5000) && !policy.isAllowed("registry.danube-system", 443));
        QVERIFY(policy.isReachable("registry.danube-system.svc.cluster.local"));
        QVERIFY(!policy.isReachable("kubernetes.default.svc") && !policy.isAllowed("kubernetes.default.svc", 443));
        QVERIFY(policy.isReachable("master.danube-system") && policy.isAllowed("master.danube-system", 9000));
        QVERIFY(!policy.isAllowed("master.danube-system", 8080) && policy.isMaster("master.danube-system.svc"));
        QVERIFY(policy.mayBePrivate("registry.danube-system") && !policy.mayBePrivate("a.org"));
    }
    void tellsSearchNames()
    {
        const GuardPolicy policy = policyOf({});
        QVERIFY(policy.isSearchName("a.org.danube-jobs.svc.cluster.local"));
        QVERIFY(policy.isSearchName("a.cluster.local"));
        QVERIFY(!policy.isSearchName("cluster.local") && !policy.isSearchName("a.evilcluster.local"));
        QVERIFY(!policy.isSearchName("1.2.3.4.5.6.7.8.9.cluster.local"));
    }
    void saysWhyNot()
    {
        const GuardPolicy policy = policyOf({u"*.example.org"_s});
        QVERIFY(policy.whyNot("example.org", 443).endsWith(u"'example.org' would allow it"_s));
        QVERIFY(policy.whyNot("a.example.org", 443).isEmpty());
    }
    void remembersWithinBounds()
    {
        GuardPolicy policy = policyOf({u"*.example.org"_s});
        for (size_t i = 0; i < 2 * GuardPolicy::maxRemembered; ++i)
            QVERIFY(policy.isReachable("n" + std::to_string(i) + ".example.org"));
        QVERIFY(!policy.isReachable("example.org"));
    }
};

QTEST_APPLESS_MAIN(TestGuardPolicy)
#include "tst_guardpolicy.moc"
