// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/maskstream.h"
#include "tests/unit/server/logs/logfixture.h"

using namespace danube;
using namespace danube::logs;
using namespace danube::tests;
using namespace Qt::StringLiterals;

/// Masking a stream equals masking the text as a whole, however it is cut.
class TestMaskStream : public QObject
{
    Q_OBJECT

    static QList<QByteArray> somePatterns(Dice &dice, QByteArrayView alphabet)
    {
        QList<QByteArray> patterns;
        const int count = 1 + dice.below(5);
        for (int i = 0; i < count; ++i)
            patterns.append(dice.bytes(4 + dice.below(dice.below(4) == 0 ? 90 : 6), alphabet));
        return patterns;
    }

    /// Mostly noise, with patterns and beginnings of patterns in it.
    static QByteArray someText(Dice &dice, const QList<QByteArray> &patterns, QByteArrayView alphabet)
    {
        QByteArray text;
        while (text.size() < 400) {
            const QByteArray &pattern = patterns[dice.below(static_cast<int>(patterns.size()))];
            switch (dice.below(4)) {
            case 0:
                text += pattern;
                break;
            case 1:
                text += pattern.first(dice.below(static_cast<int>(pattern.size())));
                break;
            case 2:
                text += pattern.last(dice.below(static_cast<int>(pattern.size())));
                break;
            default:
                text += dice.bytes(dice.below(60), alphabet);
            }
        }
        return text;
    }

private slots:
    void equalsTheOracleForAnyCut_data()
    {
        QTest::addColumn<QByteArray>("alphabet");
        QTest::newRow("two letters, all overlaps") << QByteArray("ab");
        QTest::newRow("letters") << QByteArray("abcdefgh");
        QTest::newRow("high bytes and NUL") << QByteArray("\x00\xff\xfe\x80", 4);
    }
    void equalsTheOracleForAnyCut()
    {
        QFETCH(QByteArray, alphabet);
        for (uint32_t seed = 0; seed < 300; ++seed) {
            Dice dice(seed);
            const auto patterns = somePatterns(dice, alphabet);
            const QByteArray text = someText(dice, patterns, alphabet);
            const MaskAutomaton automaton(patterns);
            MaskStream stream;
            QByteArray output;
            const int largest = 1 + dice.below(100);
            for (qsizetype at = 0; at < text.size();) {
                const qsizetype size = std::min<qsizetype>(1 + dice.below(largest), text.size() - at);
                stream.feed(automaton, QByteArrayView(text).sliced(at, size), output);
                at += size;
            }
            stream.finish(output);
            QVERIFY2(output == maskedNaively(text, patterns), qPrintable(u"seed %1"_s.arg(seed)));
        }
    }

    void goesOnInAnotherObjectWhereItWasDecided()
    {
        for (uint32_t seed = 0; seed < 500; ++seed) {
            Dice dice(seed);
            const auto patterns = somePatterns(dice, "ab");
            const QByteArray text = someText(dice, patterns, "ab");
            const MaskAutomaton automaton(patterns);
            MaskStream stream;
            QByteArray output;
            qsizetype at = 0;
            while (at < text.size()) {
                const qsizetype size = std::min<qsizetype>(1 + dice.below(30), text.size() - at);
                stream.feed(automaton, QByteArrayView(text).sliced(at, size), output);
                at += size;
                if (dice.below(3) == 0) { // a crash: all is forgotten but the decided place
                    at -= stream.heldBack();
                    stream = MaskStream(stream.maskedAhead(), stream.endsMasked());
                }
            }
            stream.finish(output);
            QVERIFY2(output == maskedNaively(text, patterns), qPrintable(u"seed %1"_s.arg(seed)));
        }
    }

    void holdsBackExactlyWhatMayBecomeASecret_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("held");
        QTest::newRow("nothing") << QByteArray("hello") << 0;
        QTest::newRow("first byte") << QByteArray("hello s") << 1;
        QTest::newRow("all but the last") << QByteArray("hello secre") << 5;
        QTest::newRow("broken off") << QByteArray("hello secrex") << 0;
        QTest::newRow("begins again") << QByteArray("hello secsec") << 3;
    }
    void holdsBackExactlyWhatMayBecomeASecret()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, held);
        MaskStream stream;
        QByteArray output;
        stream.feed(MaskAutomaton({"secret"}), text, output);
        QCOMPARE(stream.heldBack(), held);
        QCOMPARE(output, text.chopped(held));
        stream.finish(output);
        QCOMPARE(output, text);
    }

    void anEndlessSecretIsOneMaskAndBoundedMemory()
    {
        const MaskAutomaton automaton({"aaaa"});
        MaskStream stream;
        QByteArray output;
        for (int i = 0; i < 1000; ++i) {
            stream.feed(automaton, QByteArray(100, 'a'), output);
            QCOMPARE(stream.heldBack(), 4);
        }
        stream.feed(automaton, "b", output);
        QCOMPARE(output, "***b");
    }

    void aNewAutomatonJudgesWhatIsHeldBack()
    {
        MaskStream stream;
        QByteArray output;
        stream.feed(MaskAutomaton({"abcdef"}), "xabcd", output);
        QCOMPARE(output, "x");
        const MaskAutomaton both({"abcdef", "bcdX"});
        stream.restart(both);
        stream.feed(both, "X.", output);
        QCOMPARE(output, "xa***.");
    }

    void findsAPatternOfAnyLengthAtAnyPlace_data()
    {
        QTest::addColumn<int>("shortest"); // decides how far apart the grams are that the masker looks at
        for (const int size : {4, 5, 7, 8, 9, 15, 16, 17, 39, 40, 41, 100})
            QTest::addRow("%d", size) << size;
    }
    void findsAPatternOfAnyLengthAtAnyPlace()
    {
        QFETCH(int, shortest);
        Dice dice(static_cast<uint32_t>(shortest));
        const QByteArrayView alphabet("0123456789abcdef");
        QList<QByteArray> patterns;
        for (int i = 0; i < 30; ++i)
            patterns.append(dice.bytes(shortest + (i == 0 ? 0 : dice.below(60)), alphabet));
        const MaskAutomaton automaton(patterns);
        for (int before = 0; before < 100; ++before) {
            const QByteArray &pattern = patterns[before % 3 == 0 ? 0 : dice.below(30)];
            const QByteArray text = QByteArray(before, '.') + pattern + QByteArray(dice.below(60), '-');
            MaskStream stream;
            QByteArray output;
            stream.feed(automaton, text, output);
            stream.finish(output);
            QCOMPARE(output, maskedNaively(text, patterns));
        }
    }

    void textWithoutSecretsIsSkipped()
    {
        const MaskAutomaton automaton({"0123456789abcdef", "fedcba9876543210ffff"});
        const QByteArray text = QByteArray("The quick brown fox jumps over the lazy dog. ").repeated(10);
        QVERIFY(automaton.skip(text) > text.size() - 16);
        QCOMPARE(automaton.skip("xxxx0123456789abcdef"), 4);
    }
};

QTEST_GUILESS_MAIN(TestMaskStream)
#include "tst_maskstream.moc"
