// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/merge.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestMerge : public QObject
{
    Q_OBJECT
    static QByteArray config(const QStringList &hosts, int days = 30)
    {
        QByteArray text = "{\n   \"spec\": {\n      \"hosts\": [";
        for (qsizetype i = 0; i < hosts.size(); ++i)
            text += (i == 0 ? "\n         \"" : ",\n         \"") + hosts[i].toUtf8() + '"';
        return text + "\n      ],\n      \"days\": " + QByteArray::number(days) + "\n   }\n}\n";
    }
    static QSet<QString> hostsOf(const QByteArray &text)
    {
        QSet<QString> hosts;
        for (const QJsonValue host : QJsonDocument::fromJson(text)["spec"_L1]["hosts"_L1].toArray())
            hosts.insert(host.toString());
        return hosts;
    }

private slots:
    void oneSideAloneIsTakenByteByByte()
    {
        const QByteArray base = config({u"a"_s});
        const QByteArray changed = config({u"a"_s, u"b"_s}, 7);
        QCOMPARE(merge({base, changed, base}).text, changed);
        QCOMPARE(merge({base, base, changed}).text, changed);
        QCOMPARE(merge({base, changed, changed}).text, changed);
    }
    void bothSidesOfAListAreThere()
    {
        const auto merged = merge({config({u"a"_s, u"b"_s, u"c"_s}), config({u"a"_s, u"mine"_s, u"b"_s}),
                                   config({u"a"_s, u"b"_s, u"c"_s, u"theirs"_s})});
        QVERIFY(merged.conflicts.isEmpty());
        QCOMPARE(merged.text, config({u"a"_s, u"mine"_s, u"b"_s, u"theirs"_s})); // c went, for I removed it
    }
    void aRemovedDuplicateStaysRemoved()
    {
        const auto merged = merge({config({u"a"_s, u"a"_s}), config({u"a"_s}), config({u"a"_s, u"a"_s, u"b"_s})});
        QCOMPARE(merged.text, config({u"a"_s, u"b"_s}));
    }
    void differentMembersDoNotConflict()
    {
        const auto merged = merge({config({u"a"_s}, 30), config({u"a"_s, u"b"_s}, 30), config({u"a"_s}, 90)});
        QVERIFY(merged.conflicts.isEmpty());
        QCOMPARE(merged.text, config({u"a"_s, u"b"_s}, 90));
    }
    void theSameMemberIsAConflictUntilDecided()
    {
        const MergeInput input{config({}, 30), config({}, 7), config({}, 90)};
        const auto merged = merge(input);
        QCOMPARE(merged.conflicts, (QList<MergeConflict>{{u"/spec/days"_s, 30, 7, 90}}));
        QCOMPARE(merged.text, input.theirs);
        const auto mine = merge(input, {{u"/spec/days"_s, MergeSide::Mine}});
        QCOMPARE(mine.text, input.mine);
        QCOMPARE(mine.conflicts.size(), 1);
    }
    void whatOneRemovedAndTheOtherChangedIsAConflict()
    {
        const QByteArray removed = R"({"spec": {"hosts": []}})";
        const auto merged = merge({config({}, 30), removed, config({}, 90)});
        QCOMPARE(merged.conflicts.size(), 1);
        QVERIFY(merged.conflicts.first().mine.isUndefined());
        QVERIFY(merged.text.contains("90"));
    }
    void brokenTextIsDecidedAsAWhole()
    {
        const MergeInput input{config({}, 30), "{", config({}, 90)};
        const auto merged = merge(input);
        QCOMPARE(merged.conflicts.size(), 1);
        QCOMPARE(merged.conflicts.first().pointer, QString());
        QCOMPARE(merged.text, input.theirs);
        QCOMPARE(merge(input, {{QString(), MergeSide::Mine}}).text, input.mine);
    }
    void aMergeTooLargeToBeWrittenIsDecidedAsAWhole()
    {
        QStringList many{u"a"_s};
        for (int i = 0; i < 1100; ++i)
            many.append(u"h%1"_s.arg(i));
        const MergeInput input{config({u"a"_s}), config(many), config({u"a"_s}, 90)};
        const auto merged = merge(input);
        QCOMPARE(merged.conflicts.size(), 1);
        QCOMPARE(merged.text, input.theirs);
        QCOMPARE(merge(input, {{QString(), MergeSide::Mine}}).text, input.mine);
    }
    void aFileThatWentIsDecidedAsAWhole()
    {
        const auto merged = merge({config({}, 30), config({}, 7), QByteArray()});
        QCOMPARE(merged.conflicts.size(), 1);
        QCOMPARE(merged.text, QByteArray());
    }
    void sideBySideFilesThatBothMade()
    {
        const auto merged = merge({QByteArray(), config({u"mine"_s}), config({u"theirs"_s})});
        QCOMPARE(hostsOf(merged.text), (QSet<QString>{u"mine"_s, u"theirs"_s}));
    }
    // Of lists as sets: nothing that either side added is lost, nothing that either removed comes back.
    void listsMergeLikeSets()
    {
        QRandomGenerator random(3);
        const auto some = [&random] {
            QStringList hosts;
            for (int i = 0; i < 8; ++i) {
                if (random.bounded(2) == 0)
                    hosts.append(u"h%1"_s.arg(i));
            }
            return hosts;
        };
        for (int i = 0; i < 500; ++i) {
            const QByteArray base = config(some());
            const QByteArray mine = config(some());
            const QByteArray theirs = config(some());
            const auto merged = merge({base, mine, theirs});
            QVERIFY(merged.conflicts.isEmpty());
            const QSet<QString> b = hostsOf(base);
            const QSet<QString> m = hostsOf(mine);
            const QSet<QString> t = hostsOf(theirs);
            QCOMPARE(hostsOf(merged.text), (m & t) | (m - b) | (t - b));
        }
    }
};

QTEST_GUILESS_MAIN(TestMerge)
#include "tst_merge.moc"
