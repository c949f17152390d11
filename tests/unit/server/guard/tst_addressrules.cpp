// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/addressrules.h"
#include "server/guard/nametable.h"

#include <QTest>

using namespace danube::guard;

class TestAddressRules : public QObject
{
    Q_OBJECT
private slots:
    void tellsKinds_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<AddressKind>("kind");
        const auto row = [](const char *text, AddressKind kind) { QTest::newRow(text) << QByteArray(text) << kind; };
        for (const char *text : {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.1.1.1",
                                 "128.0.0.1", "172.15.0.1", "172.32.0.1", "192.167.1.1", "198.17.255.255", "198.20.0.0",
                                 "223.255.255.255", "2a00:1450::1", "2606:4700::1111", "64:ff9b::101:101"})
            row(text, AddressKind::Public);
        for (const char *text : {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.1.1",
                                 "198.18.0.1", "198.19.255.255", "192.0.2.1", "198.51.100.9", "203.0.113.9", "fd00::1",
                                 "fc00::1", "2001:db8::1", "3fff::1", "64:ff9b::a00:1", "::ffff:10.0.0.1"})
            row(text, AddressKind::Private);
        for (const char *text : {"127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"})
            row(text, AddressKind::Loopback);
        for (const char *text : {"169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "fd00:ec2::254",
                                 "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"})
            row(text, AddressKind::Metadata);
        for (const char *text : {"0.0.0.0", "0.1.2.3", "169.254.1.1", "224.0.0.1", "239.1.1.1", "240.0.0.1",
                                 "255.255.255.255", "192.0.0.1", "192.88.99.1", "::", "fe80::1", "ff02::1",
                                 "2002:7f00:1::1", "2001::1", "100::1", "::127.0.0.1", "64:ff9b:1::1", "5f00::1"})
            row(text, AddressKind::Special);
    }
    void tellsKinds()
    {
        QFETCH(QByteArray, text);
        QFETCH(AddressKind, kind);
        const auto address = IpAddress::parse(text.toStdString());
        QVERIFY(address.has_value());
        QCOMPARE(addressKind(*address), kind);
    }
    void opensPrivateOnesOnlyWhenToldAndOthersNever()
    {
        const auto reachable = [](const char *text, bool mayBePrivate) {
            return isReachable(*IpAddress::parse(text), mayBePrivate);
        };
        QVERIFY(reachable("1.1.1.1", false) && reachable("1.1.1.1", true));
        QVERIFY(!reachable("10.0.0.1", false) && reachable("10.0.0.1", true));
        QVERIFY(!reachable("::1", false) && reachable("::1", true));
        for (const char *text : {"169.254.169.254", "fd00:ec2::254", "169.254.1.1", "0.0.0.0", "ff02::1", "fe80::1"})
            QVERIFY(!reachable(text, true));
    }
    void readsEndpoints()
    {
        QCOMPARE(Endpoint::parse("[::1]:80")->port, uint16_t(80));
        QCOMPARE(Endpoint::parse("192.0.2.1:65535")->text(), std::string("192.0.2.1:65535"));
        QCOMPARE(Endpoint::parse("::1")->port, uint16_t(0));
        for (const char *text : {"", "name:80", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "192.0.2.1:8x", "[::1]",
                                 "[192.0.2.1]:80", "1.2.3:80"})
            QVERIFY2(!Endpoint::parse(text), text);
    }
    void anAddressIsTheWholeText()
    {
        using namespace std::string_view_literals;
        for (const auto text : {"192.0.2.1\0.example.org"sv, "192.0.2.1\0"sv, "::1\0x"sv})
            QVERIFY(!IpAddress::parse(text) && !Endpoint::parse(text));
        QVERIFY(!Endpoint::parse("192.0.2.1\0:80"sv));
        QVERIFY(!IpAddress::parse(std::string(60, '0') + "::1"));
    }
    void givesNamesAddressesOfTheirOwn()
    {
        NameTable table(3);
        const auto a = *table.addressesOf("a.org");
        const auto b = *table.addressesOf("b.org");
        QVERIFY(a.v4 != b.v4 && a.v6 != b.v6);
        QCOMPARE(table.addressesOf("a.org")->v4, a.v4);
        QCOMPARE(*table.nameOf(a.v4), std::string("a.org"));
        QCOMPARE(*table.nameOf(b.v6), std::string("b.org"));
        QVERIFY(table.addressesOf("c.org").has_value() && !table.addressesOf("d.org").has_value());
        for (const char *text : {"198.18.0.0", "198.18.0.9", "198.17.0.1", "100::", "100::1:0:0:1", "100:0:0:1::1",
                                 "198.19.255.255", "127.0.0.1", "::1"})
            QVERIFY2(!table.nameOf(*IpAddress::parse(text)), text);
        NameTable all(1'000'000);
        size_t given = 0;
        while (all.addressesOf(std::to_string(given)) && given < 200'000)
            ++given;
        QCOMPARE(given, size_t((1 << 17) - 2));
        QVERIFY(NameTable::isSynthetic(all.addressesOf(std::to_string(given - 1))->v4));
        QCOMPARE(*all.nameOf(all.addressesOf("70000")->v6), std::string("70000"));
    }
};

QTEST_APPLESS_MAIN(TestAddressRules)
#include "tst_addressrules.moc"
