// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/attempts.h"

#include <QTest>

using namespace danube::guard;

namespace {

/// The first packet of a connection to 198.18.0.5:8022; `options`: 32-bit words behind the fixed IP header.
std::string four(size_t options = 0, char protocol = 6)
{
    std::string packet(20 + 4 * options, '\0');
    packet[0] = static_cast<char>(0x45 + options);
    packet[9] = protocol;
    packet.replace(16, 4, "\xc6\x12\x00\x05", 4);
    return packet + std::string("\x9c\x40\x1f\x56", 4) + std::string(9, '\0') + '\x02' + std::string(6, '\0');
}

std::string six(char next = 6)
{
    std::string packet(40, '\0');
    packet[0] = '\x60';
    packet[6] = next;
    packet[24] = '\x01';
    packet[39] = '\x05';
    return packet + std::string("\x9c\x40\x1f\x56", 4) + std::string(16, '\0');
}

} // namespace

class TestAttempts : public QObject
{
    Q_OBJECT
private slots:
    void readsWhereAPacketGoes()
    {
        QVERIFY(attemptedPlace(four()) == Endpoint::parse("198.18.0.5:8022"));
        QVERIFY(attemptedPlace(four(10)) == Endpoint::parse("198.18.0.5:8022"));
        QVERIFY(attemptedPlace(six()) == Endpoint::parse("[100::5]:8022"));
    }
    void readsNothingElse()
    {
        for (const std::string &packet :
             {std::string(), std::string("\x45"), std::string("\x60"), std::string(64, '\0'), std::string(64, '\xff'),
              four(0, 17), six(17), std::string("\x41") + four().substr(1)})
            QVERIFY(!attemptedPlace(packet));
    }
    void readsNothingOfHalfAPacket()
    {
        for (const std::string &packet : {four(), four(10), six()}) {
            const size_t whole = packet.size() - 16; // up to the ports
            for (size_t size = 0; size < packet.size(); ++size)
                QCOMPARE(attemptedPlace(packet.substr(0, size)).has_value(), size >= whole);
        }
    }
};

QTEST_APPLESS_MAIN(TestAttempts)
#include "tst_attempts.moc"
