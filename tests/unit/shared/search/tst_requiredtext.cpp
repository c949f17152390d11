// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/search/requiredtext.h"

#include <QTest>

using namespace danube::search;
using namespace Qt::StringLiterals;

class TestRequiredText : public QObject
{
    Q_OBJECT
private slots:
    void namesWhatEveryMatchContains_data()
    {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QList<QByteArray>>("expected");
        const auto row = [](const char *source, const QList<QByteArray> &expected) {
            QTest::newRow(source) << QByteArray(source) << expected;
        };
        row("plain text", {"plain text"});
        row("after \\d{3,4} ms: [h-z]+", {"after ", " ms: "});
        row("a\\.b\\[1\\]", {"a.b[1]"});
        row("^error$", {"error"});
        row("\\berror\\b", {"error"});
        row("ab+cd", {"ab", "cd"});
        row("ab+?cd", {"ab", "cd"});
        row("ab*cd", {"a", "cd"});
        row("ab?cd", {"a", "cd"});
        row("ab??cd", {"a", "cd"});
        row("ab{2}cd", {"ab", "cd"});
        row("ab{0}cd", {"a", "cd"});
        row("ab{0,3}cd", {"a", "cd"});
        row("ab{0,}cd", {"a", "cd"});
        row("ab{12,}?cd", {"ab", "cd"});
        row("caf\xc3\xa9?s", {"caf", "s"}); // the whole character may be missing, not its last byte
        row("caf\xc3\xa9+s", {"caf\xc3\xa9", "s"});
        row("ab(cd)ef", {"ab", "ef"});
        row("ab(?:c|d)*ef", {"ab", "ef"});
        row("ab((x|y)+z)?ef", {"ab", "ef"});
        row("ab(e{2}|[)]|\\))ef", {"ab", "ef"});
        row("ab[]c]ef", {"ab", "ef"});
        row("ab[^]c]ef", {"ab", "ef"});
        row("ab[\\]c]ef", {"ab", "ef"});
        row("ab[c|(]ef", {"ab", "ef"});
        row("ab.ef", {"ab", "ef"});
        row("ab\\tef", {"ab", "ef"});
        row("a]}b", {"a]}b"});
    }
    void namesWhatEveryMatchContains()
    {
        QFETCH(QByteArray, source);
        QFETCH(QList<QByteArray>, expected);
        QCOMPARE(requiredTexts(source), expected);
    }

    void namesNothingInDoubt_data()
    {
        QTest::addColumn<QByteArray>("source");
        static constexpr const char *sources[] = {
            "",
            "[abc]+",
            "foo|bar",
            "foo|",
            "(foo)?",
            "(?i)foo",
            "foo(?i:bar)",
            "foo(?#comment)",
            "(?x)foo # bar",
            "(?<=foo)bar",
            "(?<!foo)bar",
            "foo(?=bar)",
            "foo(?!bar)",
            "(?>foo)bar",
            "(?|foo)bar",
            "(?<name>foo)bar",
            "(?P<name>foo)bar",
            "(?R)foo",
            "(*ANYCRLF)foo",
            "(*atomic:foo)bar",
            "foo\\s++",
            "foo*+bar",
            "fo?+bar",
            "foo{2}+bar",
            "foo{2}{0}bar",
            "foo{,2}bar",
            "foo{ 2 }bar",
            "foo{bar",
            "foo{2bar",
            "foo{2,x}",
            "{2}foo",
            "foo\\1",
            "(foo)\\1bar",
            "foo\\x41",
            "foo\\Qbar\\E",
            "\\Afoo",
            "foo\\z",
            "foo\\Z",
            "\\Gfoo",
            "foo\\Kbar",
            "foo\\Rbar",
            "foo\\Xbar",
            "foo\\Cbar",
            "foo\\p{L}",
            "foo\\",
            "foo[",
            "foo[]",
            "foo[[:alpha:]]",
            "foo[\\Qa\\E]",
            "foo[\\",
            "foo(bar",
            "foo)bar",
            "foo)(bar",
            "foo(?",
            "foo(",
        };
        for (const char *source : sources)
            QTest::newRow(source) << QByteArray(source);
    }
    void namesNothingInDoubt()
    {
        QFETCH(QByteArray, source);
        QCOMPARE(requiredTexts(source), QList<QByteArray>());
    }
    void depthIsBounded()
    {
        QCOMPARE(requiredTexts("foo" + QByteArray(20, '(') + 'x' + QByteArray(20, ')')), QList<QByteArray>{"foo"});
        QCOMPARE(requiredTexts("foo" + QByteArray(1'000'000, '(')), QList<QByteArray>());
    }
};

QTEST_APPLESS_MAIN(TestRequiredText)
#include "tst_requiredtext.moc"
