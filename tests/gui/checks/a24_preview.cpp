// SPDX-License-Identifier: GPL-3.0-or-later
// A24: the policy preview of the Danube document's allowlist.
#include "console/models/policypreview.h"
#include "console/models/yaml.h"

#include <QTest>

#include <yaml-cpp/yaml.h>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

const QStringList documentsList{u"packages.example.org"_s, u"pypi.org"_s, u"*.cdn.example.com"_s,
                                u"registry.danube-system"_s};

egress::PolicySettings settings()
{
    egress::PolicySettings all;
    all.services = {
        {u"registry"_s, {u"danube-system"_s, {{u"app.kubernetes.io/name"_s, u"registry"_s}}}, {{5000, {}}}}};
    return all;
}

PolicyPreview preview(const QStringList &before, const QStringList &after)
{
    auto made = previewPolicy({.allowlist = before}, {.allowlist = after}, settings());
    if (!made)
        qFatal("%s", qPrintable(made.error().message));
    return *made;
}

QStringList textsOf(const YAML::Node &list, const char *key)
{
    QStringList texts;
    for (const auto &item : list) {
        if (item[key])
            texts.append(QString::fromStdString(item[key].as<std::string>()));
    }
    return texts;
}

} // namespace

class TestPreview : public QObject
{
    Q_OBJECT
    static YAML::Node base() { return YAML::LoadAll(preview({}, documentsList).yaml().toStdString()).front(); }

    static QList<YAML::Node> egressRules()
    {
        QList<YAML::Node> rules;
        for (const auto &rule : base()["spec"]["egress"])
            rules.append(rule);
        return rules;
    }

private slots:
    void isYamlThatMeansTheSameAsTheManifest()
    {
        const auto set = egress::compileCilium({.allowlist = documentsList}, settings()).value();
        const auto documents = YAML::LoadAll(preview({}, documentsList).yaml().toStdString());
        QCOMPARE(documents.size(), size_t(set.objects.size()));
        QJsonObject manifest = set.objects.first();
        QJsonObject metadata = manifest.value("metadata"_L1).toObject();
        metadata.remove("annotations"_L1); // the digest, which follows from the rest
        manifest.insert("metadata"_L1, metadata);
        QVERIFY(isSame(documents.front(), manifest));
    }
    void hasTheDnsRule()
    {
        const YAML::Node dns = egressRules().first();
        QStringList ports;
        for (const auto &port : dns["toPorts"][0]["ports"])
            ports.append(
                QString::fromStdString(port["port"].as<std::string>() + "/" + port["protocol"].as<std::string>()));
        ports.sort();
        QCOMPARE(ports, (QStringList{u"53/TCP"_s, u"53/UDP"_s}));
        const YAML::Node names = dns["toPorts"][0]["rules"]["dns"];
        QVERIFY(textsOf(names, "matchName").contains(u"pypi.org"_s));
        QVERIFY(textsOf(names, "matchPattern").contains(u"*.cdn.example.com"_s));
    }
    void splitsNamesAndPatterns()
    {
        QStringList names;
        QStringList patterns;
        for (const YAML::Node &rule : egressRules()) {
            if (!rule["toFQDNs"])
                continue;
            names += textsOf(rule["toFQDNs"], "matchName");
            patterns += textsOf(rule["toFQDNs"], "matchPattern");
        }
        names.removeDuplicates();
        patterns.removeDuplicates();
        names.sort();
        QCOMPARE(names, (QStringList{u"packages.example.org"_s, u"pypi.org"_s}));
        QCOMPARE(patterns, QStringList{u"*.cdn.example.com"_s});
    }
    void opensTheClusterByItsPods()
    {
        QStringList peers;
        for (const YAML::Node &rule : egressRules()) {
            for (const auto &peer : rule["toEndpoints"]) {
                const auto label = peer["matchLabels"]["k8s:app.kubernetes.io/name"];
                if (label)
                    peers.append(QString::fromStdString(label.as<std::string>()));
            }
        }
        QVERIFY(peers.contains(u"danube-master"_s));
        QVERIFY(peers.contains(u"registry"_s));
        for (const PolicyLine &line : preview({}, documentsList).lines)
            QVERIFY2(!line.text.contains(u"matchName: registry"_s), qPrintable(line.text));
    }
    void opensTheMastersRpc()
    {
        const bool any = std::ranges::any_of(egressRules(), [](const YAML::Node &rule) {
            return rule["toEndpoints"] && rule["toPorts"][0]["ports"][0]["port"].as<std::string>() == "9000";
        });
        QVERIFY(any);
    }
    void marksWhatChangesAndWhoseItIs()
    {
        const PolicyPreview made = preview(documentsList, documentsList + QStringList{u"new.example.org"_s});
        QStringList added;
        for (const PolicyLine &line : made.lines) {
            if (line.text.contains(u"new.example.org"_s)) {
                QCOMPARE(line.change, DiffLine::Kind::Added);
                QCOMPARE(line.origin, PolicyLine::Origin::Yours);
                added.append(line.text);
            }
            if (line.text.contains(u"9000"_s) || line.text.contains(u"169.254.169.254"_s)) {
                QCOMPARE(line.change, DiffLine::Kind::Same);
                QCOMPARE(line.origin, PolicyLine::Origin::System);
            }
        }
        QVERIFY(added.size() >= 2); // to look it up, to reach it
        QVERIFY(made.added >= 2);
    }
    void sameListsChangeNothing()
    {
        const PolicyPreview made = preview(documentsList, documentsList);
        QCOMPARE(made.added + made.removed, 0);
    }
    void saysWhichEntryCannotBeCompiled()
    {
        const auto made = previewPolicy({}, {.allowlist = {u"https://pypi.org"_s}}, settings());
        QVERIFY(!made);
        QVERIFY2(made.error().message.contains(u"https://pypi.org"_s), qPrintable(made.error().message));
    }
    void yamlKeepsTextsThatLookLikeSomethingElse()
    {
        const QJsonObject object{{u"a"_s, u"true"_s},
                                 {u"b"_s, u"53"_s},
                                 {u"c"_s, u""_s},
                                 {u"d"_s, u"* x: y"_s},
                                 {u"e"_s, u"naïve \"q\"\n"_s},
                                 {u"f"_s, 53},
                                 {u"g"_s, true},
                                 {u"h"_s, QJsonArray{}},
                                 {u"i"_s, QJsonObject{}},
                                 {u"j"_s, QJsonArray{u"-"_s, QJsonObject{{u"k"_s, QJsonArray{u"no"_s, 1.5}}}}}};
        QVERIFY(isSame(YAML::Load(toYaml(object).join(u'\n').toStdString()), object));
    }

private:
    static bool isSame(const YAML::Node &node, const QJsonValue &value)
    {
        if (value.isObject()) {
            const QJsonObject object = value.toObject();
            return node.IsMap() && qsizetype(node.size()) == object.size() &&
                   std::ranges::all_of(object.keys(), [&](const QString &key) {
                       return isSame(node[key.toStdString()], object.value(key));
                   });
        }
        if (value.isArray()) {
            const QJsonArray array = value.toArray();
            bool same = node.IsSequence() && qsizetype(node.size()) == array.size();
            for (qsizetype i = 0; same && i < array.size(); ++i)
                same = isSame(node[size_t(i)], array[i]);
            return same;
        }
        if (!node.IsScalar())
            return false;
        // "!" is what yaml-cpp calls a text in quotes.
        const bool isText = node.Tag() == "!" || value.isString();
        const QString text = QString::fromStdString(node.Scalar());
        if (value.isString()) {
            static const QStringList words{u"true"_s, u"false"_s, u"null"_s, u"no"_s, u"yes"_s, u""_s, u"~"_s};
            bool isNumber = false;
            text.toDouble(&isNumber);
            return text == value.toString() && (node.Tag() == "!" || (!isNumber && !words.contains(text)));
        }
        return value.isBool() ? text == (value.toBool() ? u"true"_s : u"false"_s)
                              : !isText && text.toDouble() == value.toDouble();
    }
};

QTEST_GUILESS_MAIN(TestPreview)
#include "a24_preview.moc"
