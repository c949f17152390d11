// SPDX-License-Identifier: GPL-3.0-or-later
// A22: what the allowlist page says of the contract's matching table, for a Cilium that knows "**." and for one that
// does not.
#include "console/models/entrywords.h"
#include "console/models/hosttest.h"

#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestMatching : public QObject
{
    Q_OBJECT
    static constexpr egress::CiliumVersion withDepth{1, 19};
    static constexpr egress::CiliumVersion without{1, 18};

private slots:
    void saysWhatTheContractSays_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("since119");
        QTest::addColumn<bool>("before119");
        const QStringList hosts{u"pypi.org"_s, u"files.pypi.org"_s, u"a.b.pypi.org"_s, u"evilpypi.org"_s};
        struct Row
        {
            const char *pattern;
            const char *since119; // y or n for each host
            const char *before119;
        };
        const Row rows[] = {{"pypi.org", "ynnn", "ynnn"},
                            {"*.pypi.org", "nynn", "nynn"},
                            {"**.pypi.org", "nyyn", "nynn"},
                            {"*pypi.org", "ynny", "ynny"}};
        for (const Row &row : rows) {
            for (qsizetype i = 0; i < hosts.size(); ++i)
                QTest::addRow("%s %s", row.pattern, qPrintable(hosts[i]))
                    << QString::fromLatin1(row.pattern) << hosts[i] << (row.since119[i] == 'y')
                    << (row.before119[i] == 'y');
        }
    }
    void saysWhatTheContractSays()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, host);
        QFETCH(bool, since119);
        QFETCH(bool, before119);
        for (const auto &[cilium, expected] : {std::pair(withDepth, since119), std::pair(without, before119)}) {
            egress::LintOptions options;
            options.cilium = cilium;
            const auto verdicts = testHosts({{host, 443}}, {}, {.base = {pattern}}, options);
            QCOMPARE(verdicts.size(), 1);
            QVERIFY(!verdicts.first().now.isAllowed);
            QCOMPARE(verdicts.first().after.isAllowed, expected);
            QVERIFY(!verdicts.first().after.reason.isEmpty());
        }
    }
    // The table's words show names; none of them may contradict the verdicts.
    void examplesHoldWhatTheyClaim_data()
    {
        QTest::addColumn<QString>("pattern");
        for (const char *pattern : {"pypi.org", "*.pypi.org", "**.pypi.org", "*pypi.org", "*", "py*.org",
                                    "*.*.pypi.org", "pypi.org:8443", "*.pypi.org:80", "registry.danube-system:5000"})
            QTest::newRow(pattern) << QString::fromLatin1(pattern);
    }
    void examplesHoldWhatTheyClaim()
    {
        QFETCH(QString, pattern);
        for (const auto cilium : {withDepth, without}) {
            egress::LintOptions options;
            options.cilium = cilium;
            const EntryWords words = wordsOf(pattern, options);
            QVERIFY(!words.meaning.isEmpty());
            QVERIFY(!words.matches.isEmpty());
            QVERIFY(!words.mismatches.isEmpty());
            const auto isAllowed = [&](const QString &example) {
                return egress::explain(egress::parseQuestion(example).value(), {.base = {pattern}}, options).isAllowed;
            };
            for (const QString &example : words.matches)
                QVERIFY2(isAllowed(example), qPrintable(example));
            for (const QString &example : words.mismatches)
                QVERIFY2(!isAllowed(example), qPrintable(example));
        }
    }
};

QTEST_GUILESS_MAIN(TestMatching)
#include "a22_matching.moc"
