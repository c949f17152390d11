// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/search/bytepair.h"

#include <QRandomGenerator>
#include <QTest>

using namespace danube::search;

class TestBytePair : public QObject
{
    Q_OBJECT
private slots:
    void isFoundAtEveryPlace()
    {
        const BytePair pair{.first = 'x', .second = 'y', .gap = 'y'};
        for (qsizetype size = 2; size < 300; ++size) {
            for (qsizetype at = 0; at + 1 < size; ++at) {
                QByteArray text(size, 'x');
                text[at + 1] = 'y';
                QCOMPARE(findBytePair(text, 0, pair), at);
                QCOMPARE(findBytePair(text, at, pair), at);
                QCOMPARE(findBytePair(text, at + 1, pair), -1);
            }
            QCOMPARE(findBytePair(QByteArray(size, 'x'), 0, pair), -1);
        }
        QCOMPARE(findBytePair("xy", 2, pair), -1);
        QCOMPARE(findBytePair("x", 0, pair), -1);
        QCOMPARE(findBytePair({}, 0, pair), -1);
    }
    void aNeighbourBehindTheEndDoesNotCount()
    {
        const QByteArray text = QByteArray(200, 'x') + 'y';
        for (qsizetype size = 1; size <= 200; ++size)
            QCOMPARE(findBytePair(QByteArrayView(text).last(size + 1).first(size), 0, {'x', 'y', 0, 0, 'y'}), -1);
    }
    void equalsTheSlowWay()
    {
        QRandomGenerator random(11);
        static constexpr char alphabet[] = {'a', 'A', 'b', 'B', '\x1b', char(0x80), char(0xff), 0};
        for (int round = 0; round < 20'000; ++round) {
            QByteArray text(random.bounded(400), 0);
            const int letters = random.bounded(3, 9); // with few of them the pair is rare or everywhere
            for (char &byte : text)
                byte = random.bounded(8) ? '.' : alphabet[random.bounded(letters) % 8];
            const bool fold = random.bounded(2);
            const BytePair pair{.first = uint8_t(random.bounded(2) ? 'a' : 0x80),
                                .second = 'b',
                                .firstFold = uint8_t(fold ? 0x20 : 0),
                                .secondFold = uint8_t(fold ? 0x20 : 0),
                                .gap = uint8_t(random.bounded(2) ? 0x1b : 'b')};
            const qsizetype from = random.bounded(text.size() + 1);
            QCOMPARE(findBytePair(text, from, pair), findBytePairSlowly(text, from, pair));
        }
    }
};

QTEST_APPLESS_MAIN(TestBytePair)
#include "tst_bytepair.moc"
