// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/seektable.h"
#include "tests/unit/server/logs/logfixture.h"

using namespace danube;
using namespace danube::logs;
using namespace danube::tests;

namespace {

SeekTable tableOf(int blocks, Dice &dice)
{
    SeekTable table;
    for (int i = 0; i < blocks; ++i) {
        const qint64 size = i + 1 < blocks ? SeekTable::blockSize : 1 + dice.below(SeekTable::blockSize);
        table.blocks.append({table.framesEnd(), 1 + dice.below(1000), size, quint32(dice.below(1 << 30))});
    }
    return table;
}

} // namespace

class TestSeekTable : public QObject
{
    Q_OBJECT
private slots:
    void readsWhatItWrites_data()
    {
        QTest::addColumn<int>("blocks");
        for (const int blocks : {0, 1, 2, 9000})
            QTest::addRow("%d", blocks) << blocks;
    }
    void readsWhatItWrites()
    {
        QFETCH(const int, blocks);
        Dice dice(1);
        const SeekTable table = tableOf(blocks, dice);
        const QByteArray bytes = encodeSeekTable(table);
        QCOMPARE(bytes.size(), seekTableSize(blocks));
        QCOMPARE(blocksOfFooter(bytes.last(seekFooterSize)), blocks);
        const auto read = decodeSeekTable(bytes, table.framesEnd() + bytes.size());
        QVERIFY(read);
        QVERIFY(*read == table);
    }
    void everyDamageIsNoticedOrHarmless()
    {
        Dice dice(2);
        const SeekTable table = tableOf(5, dice);
        const QByteArray good = encodeSeekTable(table);
        const qint64 fileSize = table.framesEnd() + good.size();
        for (qsizetype at = 0; at < good.size(); ++at) {
            QByteArray bad = good;
            bad[at] = char(bad[at] ^ (1 << dice.below(8)));
            const auto read = decodeSeekTable(bad, fileSize);
            // What can be read has the same places, so that at worst a block's own check fails.
            QVERIFY(!read || (read->framesEnd() == table.framesEnd() && read->blocks.size() == 5));
        }
        for (qsizetype size = 0; size < good.size(); ++size)
            QVERIFY(!decodeSeekTable(QByteArrayView(good).last(size), fileSize));
        QVERIFY(!decodeSeekTable(good, fileSize + 1));
    }
};

QTEST_GUILESS_MAIN(TestSeekTable)
#include "tst_seektable.moc"
