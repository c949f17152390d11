// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/spool.h"

#include "server/agent/exitrecord.h"

#include <QTest>

#include <sys/mman.h>

using namespace danube::agent;

namespace {

const HmacKey containerKey{viewOf("container")};

/// A spool on memory files, with a disk that can fill up.
struct Disk
{
    int fails = 0;          ///< errno for new segments
    std::vector<int> files; ///< the last descriptors given out
    Spool::SegmentMaker maker()
    {
        return [this]() -> SystemResult<Descriptor> {
            if (fails != 0)
                return refused("make a spool segment", fails);
            const int fd = memfd_create("segment", MFD_CLOEXEC);
            files.push_back(fd);
            return Descriptor(fd);
        };
    }
};

std::string text(std::size_t size, char fill)
{
    return std::string(size, fill);
}

} // namespace

class TestSpool : public QObject
{
    Q_OBJECT
    HmacKey m_key = stepKey(containerKey, 1);

    static std::string readAll(const Spool &spool, const PerStream &from, StreamId stream)
    {
        auto cursor = spool.seek(from);
        if (!cursor)
            return "no cursor";
        cursor->verifyUntil = UINT64_MAX;
        std::string all;
        Bytes bytes;
        for (;;) {
            const auto more = spool.read(*cursor, bytes);
            if (!more)
                return more.error();
            if (!*more)
                return all;
            SpoolFrame frame;
            if (parseFrame(bytes, frame) == ParseStatus::Ok && frame.stream == stream)
                all.append(reinterpret_cast<const char *>(frame.data.data()), frame.data.size());
        }
    }

    /// What is kept behind the offsets, proved frame by frame.
    std::string restOf(const Spool &spool, const PerStream &from) const
    {
        const auto next = spool.seek(from);
        if (!next)
            return "no cursor";
        const Spool::Remainder rest = spool.remainder(from, *next);
        ChainPosition position = rest.start;
        std::string all;
        for (const Bytes &bytes : rest.frames) {
            SpoolFrame frame;
            if (parseFrame(bytes, frame) != ParseStatus::Ok)
                return "no frame";
            if (const char *wrong = advance(position, m_key, frame))
                return wrong;
            all.append(reinterpret_cast<const char *>(frame.data.data()), frame.data.size());
        }
        return position.offsets == rest.end ? all : "another end";
    }

private slots:
    void givesBackWhatWasWritten()
    {
        Disk disk;
        Spool spool(disk.maker(), m_key, 1, 0);
        QVERIFY(spool.append(StreamId::Stdout, viewOf("one"), 1));
        QVERIFY(spool.append(StreamId::Stderr, viewOf("error"), 2));
        QVERIFY(spool.append(StreamId::Stdout, viewOf("two"), 3));
        QCOMPARE(readAll(spool, {}, StreamId::Stdout), std::string("onetwo"));
        QCOMPARE(readAll(spool, {}, StreamId::Stderr), std::string("error"));
        QCOMPARE(readAll(spool, {3, 5}, StreamId::Stdout), std::string("two"));
        QCOMPARE(readAll(spool, {2, 5}, StreamId::Stdout), std::string("onetwo"));
        QCOMPARE(readAll(spool, {6, 5}, StreamId::Stdout), std::string());
        QCOMPARE(spool.head().sequence, 3U);
    }
    void refusesOffsetsItDoesNotHave()
    {
        Disk disk;
        Spool spool(disk.maker(), m_key, 1, 0);
        QVERIFY(spool.seek({0, 0}).has_value());
        QVERIFY(!spool.seek({1, 0}).has_value());
        QVERIFY(spool.append(StreamId::Stdout, viewOf("one"), 1));
        QVERIFY(!spool.seek({4, 0}).has_value());
        QVERIFY(!spool.seek({0, 1}).has_value());
    }
    void isBoundedAndFreesWholeSegments()
    {
        Disk disk;
        Spool spool(disk.maker(), m_key, 1, Spool::minimumBound);
        const std::string block = text(maxFrameData, 'x');
        std::uint64_t written = 0;
        while (spool.hasRoom()) {
            QVERIFY(spool.append(StreamId::Stdout, viewOf(block), 1));
            written += block.size();
        }
        QVERIFY(spool.usedBytes() <= Spool::minimumBound);
        QVERIFY(written > Spool::minimumBound * 3 / 4);
        spool.acknowledge({block.size() - 1, 0});
        QVERIFY(!spool.hasRoom());
        spool.acknowledge({written, 0});
        QVERIFY(spool.hasRoom());
        QCOMPARE(spool.usedBytes(), 0U);
        QVERIFY(!spool.seek({0, 0}).has_value());
        QVERIFY(spool.seek({written, 0}).has_value());
    }
    void aSlowStreamKeepsItsBytes()
    {
        // Acknowledging one stream alone frees nothing that still holds bytes of the other.
        Disk disk;
        Spool spool(disk.maker(), m_key, 1, Spool::minimumBound);
        QVERIFY(spool.append(StreamId::Stderr, viewOf("early"), 1));
        for (int i = 0; i < 8; ++i)
            QVERIFY(spool.append(StreamId::Stdout, viewOf(text(100'000, 'x')), 1));
        spool.acknowledge({800'000, 0});
        QCOMPARE(readAll(spool, {0, 0}, StreamId::Stderr), std::string("early"));
    }
    // The master holds back what may be the beginning of a secret, maybe for ever.
    void aStreamThatEndsMidwayDoesNotHoldTheOtherUp()
    {
        Disk disk;
        Spool spool(disk.maker(), m_key, 1, Spool::minimumBound);
        QVERIFY(spool.append(StreamId::Stderr, viewOf("Cloning"), 1));
        auto reader = spool.seek({});
        QVERIFY(reader.has_value());
        const std::string block = text(maxFrameData, 'x');
        std::uint64_t written = 0;
        for (int i = 0; i < 100; ++i) {
            QVERIFY2(spool.hasRoom(), "the spool is full of what was acknowledged");
            QVERIFY(spool.append(StreamId::Stdout, viewOf(block), 1));
            written += block.size();
            if (i == 50)
                QVERIFY(spool.append(StreamId::Stderr, viewOf("ho"), 2));
            spool.acknowledge({written, 6});
        }
        QVERIFY(spool.usedBytes() <= Spool::minimumBound);
        QVERIFY(spool.isBehind(*reader));
        QCOMPARE(restOf(spool, {written, 6}), std::string("gho"));
        QCOMPARE(restOf(spool, {written, 8}), std::string("o"));
        QCOMPARE(restOf(spool, {written, 9}), std::string());
        QVERIFY(!spool.seek({written, 5}).has_value());
        spool.acknowledge({written, 8});
        QVERIFY(!spool.seek({written, 7}).has_value());
        QCOMPARE(restOf(spool, {written, 8}), std::string("o"));
        spool.acknowledge({written, 9});
        QVERIFY(!spool.isBehind(spool.seek({written, 9}).value()));
        QVERIFY(spool.append(StreamId::Stderr, viewOf("st"), 3));
        QCOMPARE(readAll(spool, {written, 9}, StreamId::Stderr), std::string("st"));
        spool.discard();
        QCOMPARE(spool.usedBytes(), 0U);
    }
    void whatIsKeptOfAStreamIsBounded()
    {
        Disk disk;
        Spool spool(disk.maker(), m_key, 1, Spool::minimumBound);
        const std::string block = text(64U << 10, 'x');
        std::uint64_t written = 0;
        while (spool.hasRoom()) {
            QVERIFY(spool.append(StreamId::Stdout, viewOf(block), 1));
            QVERIFY(spool.append(StreamId::Stderr, viewOf(block), 1));
            written += block.size();
            spool.acknowledge({written, 0});
        }
        QVERIFY(written < Spool::minimumBound); // then the step waits, as ever
        QVERIFY(spool.seek({written, 0}).has_value());
        spool.acknowledge({written, written});
        QVERIFY(spool.hasRoom());
    }
    void acknowledgementsNeverGoBackNorAhead()
    {
        Disk disk;
        Spool spool(disk.maker(), m_key, 1, 0);
        QVERIFY(spool.append(StreamId::Stdout, viewOf("0123456789"), 1));
        spool.acknowledge({7, 0});
        spool.acknowledge({3, 0});
        QCOMPARE(spool.acknowledged()[0], 7U);
        spool.acknowledge({99, 99});
        QCOMPARE(spool.acknowledged(), (PerStream{10, 0}));
    }
    void aCursorAtTheEndGoesOnAfterItsSegmentWasFreed()
    {
        Disk disk;
        Spool spool(disk.maker(), m_key, 1, Spool::minimumBound);
        for (int i = 0; i < 2; ++i)
            QVERIFY(spool.append(StreamId::Stdout, viewOf(text(maxFrameData - 100, 'a')), 1));
        auto cursor = spool.seek(spool.head().offsets);
        QVERIFY(cursor.has_value());
        spool.acknowledge(spool.head().offsets);
        QCOMPARE(spool.usedBytes(), 0U);
        QVERIFY(spool.append(StreamId::Stdout, viewOf("next"), 1));
        Bytes bytes;
        QVERIFY(spool.read(*cursor, bytes).value());
        QCOMPARE(bytes.size(), frameOverhead + 4);
        QVERIFY(!spool.read(*cursor, bytes).value());
    }
    void aFullDiskLosesNothing()
    {
        Disk disk;
        disk.fails = ENOSPC;
        Spool spool(disk.maker(), m_key, 1, 0);
        const ChainPosition before = spool.head();
        const auto refusal = spool.append(StreamId::Stdout, viewOf("one"), 1);
        QVERIFY(!refusal);
        QCOMPARE(refusal.error().number, ENOSPC);
        QCOMPARE(spool.head(), before);
        disk.fails = 0;
        QVERIFY(spool.append(StreamId::Stdout, viewOf("one"), 1));
        QCOMPARE(readAll(spool, {}, StreamId::Stdout), std::string("one"));
    }
    void damageIsNoticed_data()
    {
        QTest::addColumn<int>("at");
        QTest::newRow("sequence") << 0;
        QTest::newRow("stream") << 8;
        QTest::newRow("length") << 25;
        QTest::newRow("chain") << 40;
        QTest::newRow("data") << static_cast<int>(frameOverhead);
    }
    void damageIsNoticed()
    {
        QFETCH(int, at);
        Disk disk;
        Spool spool(disk.maker(), m_key, 1, 0);
        QVERIFY(spool.append(StreamId::Stdout, viewOf("one"), 1));
        QVERIFY(spool.append(StreamId::Stdout, viewOf("two"), 1));
        const char wrong = 'X';
        QCOMPARE(pwrite(disk.files.back(), &wrong, 1, at), 1);
        const auto cursor = spool.seek({3, 0});
        QVERIFY(!cursor);
        QCOMPARE(cursor.error(), Spool::SeekError::Damaged);
    }
    void theChainDependsOnKeyStepAndOrder()
    {
        Disk disk;
        Spool one(disk.maker(), m_key, 1, 0);
        Spool other(disk.maker(), m_key, 2, 0);
        QVERIFY(one.head().chain != other.head().chain);
        QVERIFY(one.append(StreamId::Stdout, viewOf("a"), 1) && one.append(StreamId::Stderr, viewOf("b"), 1));
        Spool swapped(disk.maker(), m_key, 1, 0);
        QVERIFY(swapped.append(StreamId::Stderr, viewOf("b"), 1) && swapped.append(StreamId::Stdout, viewOf("a"), 1));
        QCOMPARE(one.head().offsets, swapped.head().offsets);
        QVERIFY(one.head().chain != swapped.head().chain);
    }

    void aRecordOpensOnlyAsItWasSealed()
    {
        ExitRecord record;
        record.step = 1;
        record.kind = ExitKind::Exited;
        record.code = 3;
        record.message = std::string(5000, 'm');
        const Bytes bytes = sealExitRecord(record, m_key);
        QVERIFY(bytes.size() <= maxExitRecord);
        record.message.resize(maxExitMessage);
        QCOMPARE(openExitRecord(bytes, m_key, 1).value(), record);
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            Bytes changed = bytes;
            changed[at] ^= 1;
            QVERIFY(!openExitRecord(changed, m_key, 1));
        }
        QVERIFY(!openExitRecord(bytes, m_key, 2));
        QVERIFY(!openExitRecord(bytes, stepKey(containerKey, 2), 1));
    }
    void aRecordThatContradictsItselfIsRefused()
    {
        ExitRecord record;
        record.step = 1;
        const auto opens = [&](ExitKind kind, int code, int signal) {
            record.kind = kind;
            record.code = code;
            record.signal = signal;
            return openExitRecord(sealExitRecord(record, m_key), m_key, 1).has_value();
        };
        QVERIFY(opens(ExitKind::Exited, 0, 0) && opens(ExitKind::Exited, 255, 0) && opens(ExitKind::Signalled, -1, 9));
        QVERIFY(opens(ExitKind::Timeout, -1, 9) && opens(ExitKind::Timeout, 0, 0) &&
                opens(ExitKind::LostSupervisor, -1, 0));
        QVERIFY(!opens(ExitKind::Exited, -1, 0) && !opens(ExitKind::Exited, 256, 0) && !opens(ExitKind::Exited, 0, 9));
        QVERIFY(!opens(ExitKind::Signalled, 0, 9) && !opens(ExitKind::Signalled, -1, 0) &&
                !opens(ExitKind::Signalled, -1, 128));
        QVERIFY(!opens(static_cast<ExitKind>(0), 0, 0) && !opens(static_cast<ExitKind>(6), 0, 0));
    }
};

QTEST_APPLESS_MAIN(TestSpool)
#include "tst_spool.moc"
