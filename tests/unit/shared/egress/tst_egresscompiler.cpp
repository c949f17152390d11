// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/explain.h"
#include "shared/egress/policy.h"
#include "tests/unit/shared/egress/crdcheck.h"
#include "tests/unit/shared/egress/policymodel.h"

#include <QRandomGenerator>
#include <QTest>

using namespace danube;
using namespace danube::egress;
using namespace Qt::StringLiterals;

namespace {

const QString directory = QStringLiteral(DANUBE_SOURCE_DIR "/tests/unit/shared/egress/golden/");
const QString crdFile = QStringLiteral(DANUBE_SOURCE_DIR "/tests/support/kube/standin/data/ciliumnetworkpolicies.json");

const Service registry{u"registry"_s,
                       {u"danube-system"_s, {{u"app.kubernetes.io/name"_s, u"registry"_s}}},
                       {{5000, u"http"_s}, {5001, {}}}};

PolicySettings settings(CiliumVersion cilium = {})
{
    PolicySettings all;
    all.cilium = cilium;
    all.services = {registry};
    return all;
}

/// The Danube document's list.
PolicyRequest documentsRequest()
{
    return {
        .allowlist = {u"packages.example.org"_s, u"github.com"_s, u"*.cdn.example.com"_s, u"registry.danube-system"_s}};
}

PolicySet compile(const PolicyRequest &request, const PolicySettings &all = settings())
{
    auto set = compileCilium(request, all);
    if (!set)
        qFatal("%s", qPrintable(set.error().message));
    return *set;
}

QByteArray bytesOf(const PolicySet &set)
{
    QByteArray bytes;
    for (const QJsonObject &object : set.objects)
        bytes.append(QJsonDocument(object).toJson());
    return bytes;
}

QJsonObject readJson(const QString &name)
{
    QFile file(directory + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(file.fileName()));
    return QJsonDocument::fromJson(file.readAll()).object();
}

/// What a CiliumNetworkPolicy must do for jobs, and the document's does not.
QStringList defectsOf(const QJsonObject &policy)
{
    const PolicyModel model({policy});
    const QJsonObject pod;
    QStringList defects;
    const auto require = [&](const QString &name, bool isMet) {
        if (!isMet)
            defects.append(name);
    };
    const QJsonArray egress = policy[u"spec"][u"egress"].toArray();
    const auto hasRule = [&](auto &&predicate) { return std::ranges::any_of(egress, predicate); };
    const auto speaks53 = [](const QString &protocol) {
        return [protocol](const QJsonValue &rule) {
            return std::ranges::any_of(rule[u"toPorts"][0][u"ports"].toArray(), [&](const QJsonValue &port) {
                return port[u"port"].toString() == u"53" && port[u"protocol"].toString() == protocol;
            });
        };
    };
    require(u"allowed names resolve"_s, model.resolves(pod, u"github.com"_s));
    require(u"other names do not resolve"_s, !model.resolves(pod, u"secret.evil.example"_s));
    require(u"DNS by TCP"_s, hasRule(speaks53(u"TCP"_s)));
    require(u"master's RPC"_s, model.reaches(pod,
                                             {{u"k8s:io.kubernetes.pod.namespace"_s, u"danube-system"_s},
                                              {u"k8s:app.kubernetes.io/name"_s, u"danube-master"_s}},
                                             u"9000"_s));
    require(u"registry by its pods"_s, model.reaches(pod,
                                                     {{u"k8s:io.kubernetes.pod.namespace"_s, u"danube-system"_s},
                                                      {u"k8s:app.kubernetes.io/name"_s, u"registry"_s}},
                                                     u"http"_s));
    require(u"no name of the cluster in toFQDNs"_s, !hasRule([](const QJsonValue &rule) {
                return std::ranges::any_of(rule[u"toFQDNs"].toArray(), [](const QJsonValue &each) {
                    return each[u"matchName"].toString().startsWith(u"registry");
                });
            }));
    require(u"no API server"_s,
            !hasRule([](const QJsonValue &rule) { return rule.toObject().contains(u"toEntities"); }));
    require(u"named ports only"_s, !model.connects(pod, u"github.com"_s, 25, {}));
    require(u"other sites of a shared address"_s, !model.connects(pod, u"github.com"_s, 443, u"evil.example"_s));
    require(u"search domains"_s, model.resolves(pod, u"github.com.danube-jobs.svc.cluster.local"_s));
    require(u"jobs accept nothing"_s, model.refusesByDefault(pod, u"ingress"_s));
    return defects;
}

} // namespace

class TestEgressCompiler : public QObject
{
    Q_OBJECT
private slots:
    void mendsTheDocumentsPolicy()
    {
        const QStringList documents = defectsOf(readJson(u"document-cnp.json"_s));
        QCOMPARE(documents,
                 (QStringList{u"allowed names resolve"_s, u"DNS by TCP"_s, u"master's RPC"_s, u"registry by its pods"_s,
                              u"no name of the cluster in toFQDNs"_s, u"no API server"_s, u"named ports only"_s,
                              u"other sites of a shared address"_s, u"search domains"_s, u"jobs accept nothing"_s}));
        const PolicySet set = compile(documentsRequest());
        QCOMPARE(defectsOf(set.objects.first()), QStringList());
        QCOMPARE(set.notes, QStringList());
    }
    void equalsTheGoldenFiles_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<PolicySet>("set");
        const PolicyRequest pipelines{
            .allowlist = documentsRequest().allowlist,
            .mode = Mode::Enforce,
            .pipelines = {{u"web"_s, {u"**.assets.example.net"_s, u"git.example.org:22"_s}, Mode::Enforce},
                          {u"nightly"_s, {u"registry.danube-system:5001"_s}, Mode::Audit},
                          {u"plain"_s, {u"github.com"_s}, Mode::Enforce}}};
        PolicyRequest audit = pipelines;
        audit.mode = Mode::Audit;
        QTest::newRow("the document's list") << u"document.json"_s << compile(documentsRequest());
        QTest::newRow("pipelines") << u"pipelines.json"_s << compile(pipelines);
        QTest::newRow("audit") << u"audit.json"_s << compile(audit);
        QTest::newRow("an older Cilium") << u"cilium-1.17.json"_s << compile(pipelines, settings({1, 17}));
        PolicySettings plain = settings();
        plain.fallbackCidrs = {u"192.0.2.0/24"_s};
        QTest::newRow("no Cilium") << u"fallback.json"_s << compileFallback(pipelines, plain).value();
        QTest::newRow("no Cilium, audit") << u"fallback-audit.json"_s << compileFallback(audit, plain).value();
    }
    void equalsTheGoldenFiles()
    {
        QFETCH(QString, file);
        QFETCH(PolicySet, set);
        QJsonArray items;
        for (const QJsonObject &object : set.objects)
            items.append(object);
        const QByteArray bytes = QJsonDocument(QJsonObject{{u"apiVersion"_s, u"v1"_s},
                                                           {u"kind"_s, u"List"_s},
                                                           {u"items"_s, items},
                                                           {u"digest"_s, set.digest},
                                                           {u"notes"_s, QJsonArray::fromStringList(set.notes)}})
                                     .toJson();
        QFile golden(directory + file);
        if (qEnvironmentVariableIsSet("DANUBE_UPDATE_GOLDEN")) {
            QVERIFY(golden.open(QIODevice::WriteOnly));
            golden.write(bytes);
            return;
        }
        QVERIFY2(golden.open(QIODevice::ReadOnly), qPrintable(golden.fileName()));
        QCOMPARE(bytes, golden.readAll());
    }
    void isAcceptedByTheCrd()
    {
        const CrdCheck crd(crdFile);
        if (!crd.isLoaded())
            QSKIP("the stand-in API server's copy of the CRD is not there");
        QVERIFY(!crd.complaints(QJsonDocument::fromJson(R"({"apiVersion":"cilium.io/v2","kind":"CiliumNetworkPolicy",
            "metadata":{"name":"x"},"spec":{"endpointSelector":{},"egress":[{"toFQDN":[]}]}})")
                                    .object())
                     .isEmpty());
        QVERIFY(!crd.complaints(QJsonDocument::fromJson(R"({"apiVersion":"cilium.io/v2","kind":"CiliumNetworkPolicy",
            "metadata":{"name":"x"},"spec":{"endpointSelector":{},"egress":[{"toPorts":[{"ports":[{"port":443}]}]}]}})")
                                    .object())
                     .isEmpty());
        for (const int minor : {16, 17, 18, 19, 20}) {
            for (const Mode mode : {Mode::Enforce, Mode::Audit}) {
                const QStringList list{u"*"_s,
                                       u"a_b.example.org"_s,
                                       u"*foo.org"_s,
                                       u"**.example.org:8443"_s,
                                       u"x.example.org:443"_s,
                                       u"registry.danube-system"_s};
                const PolicyRequest request{
                    .allowlist = list,
                    .mode = mode,
                    .pipelines = {{u"p"_s, {u"api.*-x.example.com"_s}, mode}, {u"q"_s, {}, Mode::Audit}}};
                for (const QJsonObject &object : compile(request, settings({1, minor})).objects)
                    QCOMPARE(crd.complaints(object), QStringList());
            }
        }
    }
    void neverMixesPeersInOneRule()
    {
        for (const Mode mode : {Mode::Enforce, Mode::Audit}) {
            PolicyRequest request = documentsRequest();
            request.mode = mode;
            for (const QJsonObject &object : compile(request).objects) {
                for (const QJsonValue &rule : object[u"spec"][u"egress"].toArray()) {
                    const QStringList keys = rule.toObject().keys().filter(u"to"_s);
                    QCOMPARE(keys.size() - (keys.contains(u"toPorts") ? 1 : 0), 1);
                }
            }
        }
    }
    void givesTheSameBytesForTheSameMeaning()
    {
        const PolicyRequest one{
            .allowlist = {u"b.example.org"_s, u"A.example.org."_s, u"registry.danube-system.svc:5000"_s},
            .mode = Mode::Enforce,
            .pipelines = {{u"x"_s, {u"c.example.org"_s}, Mode::Enforce}, {u"y"_s, {u"d.example.org"_s}, Mode::Audit}}};
        const PolicyRequest other{
            .allowlist = {u"registry.danube-system:5000"_s, u"a.example.org"_s, u"b.example.org"_s, u"a.example.org"_s},
            .mode = Mode::Enforce,
            .pipelines = {{u"y"_s, {u"d.example.org"_s}, Mode::Audit}, {u"x"_s, {u"C.example.org"_s}, Mode::Enforce}}};
        QCOMPARE(bytesOf(compile(one)), bytesOf(compile(other)));
        QCOMPARE(compile(one).digest, compile(other).digest);
        PolicyRequest changed = one;
        changed.allowlist.append(u"e.example.org"_s);
        QVERIFY(compile(one).digest != compile(changed).digest);
    }
    void opensNothingItDoesNotKnow()
    {
        const PolicyRequest request{
            .allowlist = {u"registry.danube-system:6000"_s, u"cache.danube-system"_s, u"bare.danube-system"_s}};
        PolicySettings all = settings();
        all.services.append({u"bare"_s, {u"danube-system"_s, {}}, {{80, {}}}});
        const PolicySet set = compile(request, all);
        QCOMPARE(set.notes,
                 (QStringList{u"'bare.danube-system' is not opened: the Service has no selector"_s,
                              u"'cache.danube-system' is not opened: no such Service is known"_s,
                              u"'registry.danube-system:6000' is not opened: the Service has no such TCP port"_s}));
        QCOMPARE(set.objects.first()[u"spec"][u"egress"].toArray().size(), 2); // DNS and the master
    }
    void opensTheMastersOtherPortsOnlyWhenAsked()
    {
        PolicySettings all = settings();
        all.services.append({u"master"_s, all.master.pods, {{8080, u"http"_s}, {9000, u"rpc"_s}}});
        const QJsonObject pods{{u"k8s:io.kubernetes.pod.namespace"_s, u"danube-system"_s},
                               {u"k8s:app.kubernetes.io/name"_s, u"danube-master"_s}};
        QVERIFY(!PolicyModel(compile(documentsRequest(), all).objects).reaches({}, pods, u"http"_s));
        QVERIFY(PolicyModel(compile({.allowlist = {u"master.danube-system:8080"_s}}, all).objects)
                    .reaches({}, pods, u"http"_s));
    }
    void keepsPipelinesApart()
    {
        const PolicyRequest request{
            .allowlist = {u"github.com"_s},
            .mode = Mode::Enforce,
            .pipelines = {{u"web"_s, {u"web.example.org"_s}, Mode::Enforce}, {u"lax"_s, {}, Mode::Audit}}};
        const PolicyModel model(compile(request).objects);
        const auto pod = [](const QString &pipeline) {
            return QJsonObject{{u"danube.dev/instance"_s, u"danube"_s}, {u"danube.dev/pipeline"_s, pipeline}};
        };
        const QString host = u"web.example.org"_s;
        QVERIFY(model.resolves(pod(u"web"_s), host) && model.connects(pod(u"web"_s), host, 443, host));
        QVERIFY(!model.resolves(pod(u"api"_s), host) && !model.connects(pod(u"api"_s), host, 443, host));
        QVERIFY(model.resolves(pod(u"lax"_s), u"any.example"_s) &&
                model.connects(pod(u"lax"_s), u"any.example"_s, 25, {}));
        QVERIFY(!model.connects(pod(u"web"_s), u"any.example"_s, 443, u"any.example"_s));
        QVERIFY(!model.rulesFor(pod(u"lax"_s), u"egressDeny"_s).isEmpty());
    }
    void auditLeavesEnforcedPipelinesClosed()
    {
        const PolicyRequest request{
            .allowlist = {},
            .mode = Mode::Audit,
            .pipelines = {{u"strict"_s, {u"a.example.org"_s}, Mode::Enforce}, {u"lax"_s, {}, Mode::Audit}}};
        const PolicySet set = compile(request);
        const PolicyModel model(set.objects);
        const auto pod = [](const QString &pipeline) {
            return QJsonObject{{u"danube.dev/instance"_s, u"danube"_s}, {u"danube.dev/pipeline"_s, pipeline}};
        };
        QVERIFY(model.connects(pod(u"lax"_s), u"any.example"_s, 8443, {}));
        QVERIFY(!model.connects(pod(u"strict"_s), u"any.example"_s, 443, u"any.example"_s));
        QVERIFY(!model.resolves(pod(u"strict"_s), u"any.example"_s));
        QVERIFY(model.connects(pod(u"strict"_s), u"a.example.org"_s, 443, u"a.example.org"_s));
        QVERIFY(model.refusesByDefault(pod(u"lax"_s), u"ingress"_s));
        QCOMPARE(set.objects.size(), 3); // base, audit, strict
    }
    void selectsOneInstanceWhenAsked()
    {
        PolicySettings all = settings();
        QCOMPARE(compile(documentsRequest(), all).objects.first()[u"spec"][u"endpointSelector"],
                 QJsonValue(QJsonObject()));
        all.selectsInstanceOnly = true;
        all.instance = u"second"_s;
        const QJsonObject object = compile(documentsRequest(), all).objects.first();
        QCOMPARE(object[u"metadata"][u"name"].toString(), u"second-egress"_s);
        QCOMPARE(object[u"spec"][u"endpointSelector"][u"matchLabels"][u"danube.dev/instance"].toString(), u"second"_s);
    }
    void isCheckedByTlsNameWhereCiliumCan_data()
    {
        QTest::addColumn<QString>("entry");
        QTest::addColumn<int>("since"); // minor version
        QTest::newRow("name") << u"github.com"_s << 16;
        QTest::newRow("one label") << u"*.example.org"_s << 18;
        QTest::newRow("any depth") << u"**.example.org"_s << 18;
        QTest::newRow("inside") << u"a*.example.org"_s << 20;
        QTest::newRow("two") << u"*.*.example.org"_s << 20;
    }
    void isCheckedByTlsNameWhereCiliumCan()
    {
        QFETCH(QString, entry);
        QFETCH(int, since);
        for (const int minor : {16, 17, 18, 19, 20}) {
            const PolicySet set = compile({.allowlist = {entry}}, settings({1, minor}));
            QCOMPARE(bytesOf(set).contains("serverNames"), minor >= since);
            QCOMPARE(set.notes.filter(u"cannot check TLS names"_s).isEmpty(), minor >= since);
        }
    }
    void upgradingCiliumWidensNothing()
    {
        QVERIFY(!bytesOf(compile({.allowlist = {u"**.example.org"_s}}, settings({1, 18}))).contains("**."));
        QVERIFY(bytesOf(compile({.allowlist = {u"**.example.org"_s}}, settings({1, 19}))).contains("**.example.org"));
    }
    void agreesWithTheExplainer()
    {
        QRandomGenerator random(42);
        const QStringList pool{u"*"_s,           u"a.org"_s,          u"*.a.org"_s,     u"**.a.org"_s, u"*a.org"_s,
                               u"b.a.org:443"_s, u"*.b.a.org:8443"_s, u"c*.a.org:80"_s, u"*.*.org"_s};
        const QStringList hosts{u"a.org"_s, u"b.a.org"_s, u"c.b.a.org"_s, u"cc.a.org"_s, u"aa.org"_s, u"x.example"_s};
        int allowed = 0;
        for (int i = 0; i < 100; ++i) {
            QStringList base;
            QStringList own;
            for (int n = random.bounded(3); n > 0; --n)
                base.append(pool[random.bounded(1, int(pool.size()))]);
            for (int n = random.bounded(3); n > 0; --n)
                own.append(pool[random.bounded(i % 10 == 0 ? 0 : 1, int(pool.size()))]);
            const PolicyModel model(
                compile({.allowlist = base, .mode = Mode::Enforce, .pipelines = {{u"p"_s, own, Mode::Enforce}}},
                        settings({1, 20}))
                    .objects);
            const QJsonObject pod{{u"danube.dev/instance"_s, u"danube"_s}, {u"danube.dev/pipeline"_s, u"p"_s}};
            for (const QString &host : hosts) {
                for (const quint16 port : {80, 443, 8443}) {
                    const bool isOpen = model.resolves(pod, host) && model.connects(pod, host, port, host);
                    const Verdict verdict = explain({host, port}, {base, own}, {.cilium = {1, 20}});
                    QVERIFY2(verdict.isAllowed == isOpen, qPrintable(u"%1:%2 [%3] [%4] %5"_s.arg(host).arg(port).arg(
                                                              base.join(u' '), own.join(u' '), verdict.reason)));
                    allowed += isOpen ? 1 : 0;
                }
            }
        }
        QVERIFY(allowed > 80);
    }
    void marksTheFallbackAsWeaker()
    {
        PolicySettings all = settings();
        all.fallbackCidrs = {u"192.0.2.0/24"_s};
        const auto set = compileFallback(documentsRequest(), all);
        QVERIFY(set.has_value());
        const QJsonObject object = set->objects.first();
        QVERIFY(object[u"metadata"][u"annotations"][u"danube.dev/enforcement"].toString().startsWith(u"weaker: "));
        QCOMPARE(object[u"spec"][u"policyTypes"], QJsonValue(QJsonArray{u"Ingress"_s, u"Egress"_s}));
        QVERIFY(object[u"spec"][u"ingress"].toArray().isEmpty());
        QCOMPARE(
            set->notes,
            QStringList{
                u"3 entries of config.json are not opened by name: this cluster's policies know addresses only"_s});
        QVERIFY(!QJsonDocument(object).toJson().contains("github.com"));
    }
    void refuses_data()
    {
        QTest::addColumn<PolicyRequest>("request");
        QTest::addColumn<QString>("message");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("no entry") << PolicyRequest{.allowlist = {u"github.com"_s, u"10.0.0.0/8"_s}}
                                  << u"egress_allowlist[1]: '10.0.0.0/8' is an address range"_s
                                  << ErrorCode::InvalidArgument;
        QTest::newRow("no entry of a pipeline")
            << PolicyRequest{.allowlist = {},
                             .mode = Mode::Enforce,
                             .pipelines = {{u"web"_s, {u"kubernetes.default"_s}, Mode::Enforce}}}
            << u"egress_allowlist of pipeline 'web'[0]: 'kubernetes.default' is the Kubernetes API server"_s
            << ErrorCode::InvalidArgument;
        QTest::newRow("no label") << PolicyRequest{.allowlist = {},
                                                   .mode = Mode::Enforce,
                                                   .pipelines = {{u"--"_s, {}, Mode::Enforce}}}
                                  << u"pipeline '--'"_s << ErrorCode::InvalidArgument;
        QTest::newRow("same label") << PolicyRequest{.allowlist = {},
                                                     .mode = Mode::Enforce,
                                                     .pipelines = {{u"web"_s, {}, Mode::Enforce},
                                                                   {u"-web"_s, {}, Mode::Enforce}}}
                                    << u"pipelines 'web' and '-web' have the same label 'web'"_s
                                    << ErrorCode::InvalidArgument;
        QTest::newRow("too many") << PolicyRequest{.allowlist = QStringList(1001, u"a.example.org"_s)}
                                  << u"1001 entries, at most 1000"_s << ErrorCode::ResourceExhausted;
    }
    void refuses()
    {
        QFETCH(PolicyRequest, request);
        QFETCH(QString, message);
        QFETCH(ErrorCode, code);
        for (const auto &set : {compileCilium(request, settings()), compileFallback(request, settings())}) {
            QVERIFY(!set);
            QCOMPARE(set.error().code, code);
            QVERIFY2(set.error().message.contains(message), qPrintable(set.error().message));
        }
    }
    void refusesAMasterNobodyFinds()
    {
        PolicySettings all = settings();
        all.master.pods.labels.clear();
        QCOMPARE(compileCilium({}, all).error().code, ErrorCode::InvalidArgument);
    }
    void refusesRangesThatAreNone()
    {
        for (const QString &range : {u"10.0.0.0"_s, u"10.0.0.0/33"_s, u"2001:db8::/129"_s, u"all"_s, u""_s, u"/8"_s}) {
            PolicySettings all = settings();
            all.fallbackCidrs = {range};
            const auto set = compileFallback({}, all);
            QVERIFY2(!set, qPrintable(range));
            QCOMPARE(set.error().code, ErrorCode::InvalidArgument);
        }
    }
    void boundsTheObject()
    {
        PolicyRequest request;
        for (int i = 0; i < 1000; ++i)
            request.allowlist.append(QString(60, u'x') + u".%1."_s.arg(i, 4, 10, QChar(u'0')) +
                                     QString(u"abcdefg."_s).repeated(22) + u"example.org"_s);
        const auto set = compileCilium(request, settings());
        QVERIFY2(set.has_value(), "1000 of the longest names fit");
        QVERIFY(QJsonDocument(set->objects.first()).toJson(QJsonDocument::Compact).size() < maxPolicyBytes);
    }
};

QTEST_APPLESS_MAIN(TestEgressCompiler)
#include "tst_egresscompiler.moc"
