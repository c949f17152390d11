// SPDX-License-Identifier: GPL-3.0-or-later
// A23: every odd entry gets a finding of its own, with the right severity, in the table of the allowlist page.
#include "console/models/allowlistmodel.h"
#include "tests/support/fakeclock.h"

#include <QAbstractItemModelTester>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

enum class Expected { None, Error, Warning, Hint };

struct Case
{
    const char *name;
    QStringList list;
    Expected expected; // of the last entry
    const char *says;  // part of the finding's text
};

QList<Case> cases()
{
    const QString label(64, u'a');
    QString longName = u"b"_s.repeated(63) + u'.' + u"c"_s.repeated(63) + u'.' + u"d"_s.repeated(63) + u'.' +
                       u"e"_s.repeated(58) + u".org"_s; // 254
    longName += u"xy"_s;                                // 256: one more than the CRD takes
    return {{"empty", {u""_s}, Expected::Error, "empty"},
            {"space", {u"pypi .org"_s}, Expected::Error, "blank"},
            {"URL", {u"https://pypi.org/simple"_s}, Expected::Error, "URL"},
            {"port", {u"pypi.org:99999"_s}, Expected::Error, "port"},
            {"IP address", {u"192.0.2.1"_s}, Expected::Error, "address"},
            {"CIDR", {u"192.0.2.0/24"_s}, Expected::Error, "range"},
            {"match all", {u"*"_s}, Expected::Warning, "every name"},
            {"two stars", {u"**"_s}, Expected::Warning, "every name"},
            {"loose wildcard", {u"*pypi.org"_s}, Expected::Warning, "evilpypi.org"},
            {"punycode", {u"xn--bcher-kva.org"_s}, Expected::Hint, "bücher"},
            {"label of 64", {label + u".org"_s}, Expected::Error, "63"},
            {"too long a name", {longName}, Expected::Error, "255"},
            {"duplicate", {u"pypi.org"_s, u"PyPI.org"_s}, Expected::Warning, "already"},
            {"shadowed", {u"*.pypi.org"_s, u"files.pypi.org"_s}, Expected::Hint, "as well"},
            {"in the cluster", {u"registry.danube-system"_s}, Expected::None, ""}};
}

} // namespace

class TestFindings : public QObject
{
    Q_OBJECT
    tests::FakeClock m_clock;

    static QByteArray config(const QStringList &list)
    {
        return QJsonDocument(
                   QJsonObject{{u"spec"_s, QJsonObject{{u"egress_allowlist"_s, QJsonArray::fromStringList(list)}}}})
            .toJson();
    }

private slots:
    void eachHasItsOwnFinding_data()
    {
        QTest::addColumn<int>("number");
        for (int i = 0; i < cases().size(); ++i)
            QTest::newRow(cases()[i].name) << i;
    }
    void eachHasItsOwnFinding()
    {
        QFETCH(int, number);
        const Case test = cases()[number];
        BlueprintDocument document(u"config.json"_s, config(test.list), m_clock);
        AllowlistModel model(m_clock);
        const QAbstractItemModelTester tester(&model);
        model.setDocument(&document);
        const int row = model.rowCount() - 1;
        QCOMPARE(row, test.list.size() - 1);
        const egress::Finding *finding = model.findingOf(row);
        const QString shown = model.index(row, AllowlistModel::FindingColumn).data().toString();
        if (test.expected == Expected::None) {
            QVERIFY2(!finding, qPrintable(shown));
            QCOMPARE(shown, QString());
            return;
        }
        QVERIFY(finding);
        const auto severity = test.expected == Expected::Error     ? egress::Severity::Error
                              : test.expected == Expected::Warning ? egress::Severity::Warning
                                                                   : egress::Severity::Hint;
        QCOMPARE(finding->severity, severity);
        QVERIFY2(shown.startsWith(severityWord(severity)), qPrintable(shown));
        QVERIFY2(shown.contains(QString::fromUtf8(test.says)), qPrintable(shown));
        QVERIFY2(
            model.index(row, AllowlistModel::FindingColumn).data(Qt::ToolTipRole).toString().contains(finding->message),
            "the tooltip has all of it");
    }
    void noTwoKindsSayTheSame()
    {
        QSet<QString> codes;
        for (const Case &test : cases()) {
            if (test.expected == Expected::None || QByteArray(test.name) == "two stars")
                continue;
            const auto findings = egress::lint(test.list, {});
            const auto mine = std::ranges::find(findings, test.list.size() - 1, &egress::Finding::entry);
            QVERIFY(mine != findings.end());
            QVERIFY2(!codes.contains(egress::findingName(mine->code)), test.name);
            codes.insert(egress::findingName(mine->code));
        }
    }
    void aFileThatIsNoJsonShowsNothingOfTheLastOne()
    {
        BlueprintDocument document(u"config.json"_s, config({u"a.example.org"_s, u"b.example.org"_s}), m_clock);
        BlueprintDocument broken(u"pipelines/web.json"_s, "{\"spec\": ", m_clock);
        AllowlistModel model(m_clock);
        const QAbstractItemModelTester tester(&model);
        model.setDocument(&document);
        model.setDocument(&broken);
        QCOMPARE(model.rowCount(), 0);
        model.setDocument(&document);
        document.setText("{", u"typing"_s); // of the same file it stays as it was
        QCOMPARE(model.entries(), (QStringList{u"a.example.org"_s, u"b.example.org"_s}));
    }
    void aNameOf254CharactersStands()
    {
        const QString name = u"b"_s.repeated(63) + u'.' + u"c"_s.repeated(63) + u'.' + u"d"_s.repeated(63) + u'.' +
                             u"e"_s.repeated(58) + u".org"_s;
        QCOMPARE(name.size(), 254);
        const auto findings = egress::lint({name}, {});
        QVERIFY(!egress::hasErrors(findings)); // Cilium's definition takes 255
    }
};

QTEST_GUILESS_MAIN(TestFindings)
#include "a23_findings.moc"
