// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/textdifference.h"

#include <QRandomGenerator>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestTextDifference : public QObject
{
    Q_OBJECT
    static QStringList side(const QList<DiffLine> &lines, DiffLine::Kind other)
    {
        QStringList texts;
        for (const DiffLine &line : lines) {
            if (line.kind != other)
                texts.append(line.text);
        }
        return texts;
    }
    static qsizetype changes(const QList<DiffLine> &lines)
    {
        return std::ranges::count_if(lines, [](const DiffLine &line) { return line.kind != DiffLine::Kind::Same; });
    }
    /// Insertions and removals by the textbook's table.
    static qsizetype fewestChanges(const QStringList &a, const QStringList &b)
    {
        QList<QList<qsizetype>> table(a.size() + 1, QList<qsizetype>(b.size() + 1, 0));
        for (qsizetype i = 0; i <= a.size(); ++i) {
            for (qsizetype j = 0; j <= b.size(); ++j) {
                table[i][j] = i == 0 || j == 0       ? i + j
                              : a[i - 1] == b[j - 1] ? table[i - 1][j - 1]
                                                     : 1 + std::min(table[i - 1][j], table[i][j - 1]);
            }
        }
        return table[a.size()][b.size()];
    }

private slots:
    void linesAreThoseOfBothSidesWithTheFewestChanges()
    {
        QRandomGenerator random(7);
        const auto text = [&random] {
            QStringList lines;
            for (int i = random.bounded(14); i > 0; --i)
                lines.append(QString(QChar(u'a' + random.bounded(4))));
            return lines;
        };
        for (int i = 0; i < 2000; ++i) {
            const QStringList before = text();
            const QStringList after = text();
            const auto lines = diffLines(before, after);
            QCOMPARE(side(lines, DiffLine::Kind::Added), before);
            QCOMPARE(side(lines, DiffLine::Kind::Removed), after);
            QCOMPARE(changes(lines), fewestChanges(before, after));
        }
    }
    void aReplacedNovelIsABlock()
    {
        QStringList before;
        QStringList after;
        for (int i = 0; i < 5000; ++i) {
            before.append(u"a%1"_s.arg(i));
            after.append(u"b%1"_s.arg(i));
        }
        const auto lines = diffLines(before, after);
        QCOMPARE(side(lines, DiffLine::Kind::Added), before);
        QCOMPARE(side(lines, DiffLine::Kind::Removed), after);
    }
    void editsNeverCutACharacter_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::newRow("same first byte") << u"aä"_s << u"aü"_s;
        QTest::newRow("same last byte") << u"ıx"_s << u"űx"_s;
        QTest::newRow("emoji") << u"a😀b"_s << u"a😁b"_s;
        QTest::newRow("empty") << QString() << u"ä"_s;
        QTest::newRow("repeated") << u"ää"_s << u"äää"_s;
    }
    void editsNeverCutACharacter()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        const auto edit = editBetween(before.toUtf8(), after.toUtf8());
        QCOMPARE(blueprint::apply(before.toUtf8(), edit), after.toUtf8());
        QVERIFY(edit.replacement.isValidUtf8());
        QVERIFY(before.toUtf8().sliced(edit.offset, edit.length).isValidUtf8());
        const TextChange change = changeBetween(before, after);
        QString changed = before;
        QCOMPARE(changed.replace(change.position, change.length, change.replacement), after);
        QVERIFY(change.replacement.isEmpty() || !change.replacement.front().isLowSurrogate());
    }
    void linesEndAnyWay()
    {
        QCOMPARE(linesOf("a\r\nb\n\nc"), (QStringList{u"a"_s, u"b"_s, QString(), u"c"_s}));
        QCOMPARE(linesOf("a\n"), QStringList{u"a"_s});
        QCOMPARE(linesOf(""), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestTextDifference)
#include "tst_textdifference.moc"
