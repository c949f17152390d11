// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/sha256.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <QTest>

using namespace danube::agent;

namespace {

ByteView viewOf(const QByteArray &bytes)
{
    return {reinterpret_cast<const std::uint8_t *>(bytes.constData()), static_cast<std::size_t>(bytes.size())};
}

QByteArray toHex(const Digest &digest)
{
    return QByteArray(reinterpret_cast<const char *>(digest.data()), 32).toHex();
}

QByteArray pattern(int size)
{
    QByteArray bytes(size, '\0');
    for (int i = 0; i < size; ++i)
        bytes[i] = static_cast<char>(i * 7 + i / 251);
    return bytes;
}

} // namespace

class TestSha256 : public QObject
{
    Q_OBJECT
private slots:
    void matchesFips180_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("digest");
        QTest::newRow("empty") << QByteArray()
                               << QByteArray("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        QTest::newRow("abc") << QByteArray("abc")
                             << QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        QTest::newRow("two blocks") << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                                    << QByteArray("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
        QTest::newRow("a million") << QByteArray(1'000'000, 'a')
                                   << QByteArray("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
    void matchesFips180()
    {
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, digest);
        QCOMPARE(toHex(Sha256::of(viewOf(message))), digest);
    }
    void everyLengthAndSplitAgreesWithQt()
    {
        for (int size = 0; size < 300; ++size) {
            const QByteArray bytes = pattern(size);
            const QByteArray expected = QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
            QCOMPARE(toHex(Sha256::of(viewOf(bytes))), expected);
            Sha256 split;
            split.update(viewOf(bytes).first(static_cast<std::size_t>(size / 3)));
            split.update(viewOf(bytes).subspan(static_cast<std::size_t>(size / 3)));
            QCOMPARE(toHex(split.finish()), expected);
        }
    }
    void thePortableFormAgreesWithTheFastOne()
    {
        const QByteArray blocks = pattern(64 * 9);
        Sha256::State fast = Sha256().state();
        Sha256::State portable = fast;
        detail::compress(fast, viewOf(blocks).data(), 9);
        detail::compressPortable(portable, viewOf(blocks).data(), 9);
        QVERIFY(fast == portable);
    }
    void matchesRfc4231_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("mac");
        QTest::newRow("1") << QByteArray(20, '\x0b') << QByteArray("Hi There")
                           << QByteArray("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        QTest::newRow("2") << QByteArray("Jefe") << QByteArray("what do ya want for nothing?")
                           << QByteArray("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        QTest::newRow("3") << QByteArray(20, '\xaa') << QByteArray(50, '\xdd')
                           << QByteArray("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
        QTest::newRow("6, long key") << QByteArray(131, '\xaa')
                                     << QByteArray("Test Using Larger Than Block-Size Key - Hash Key First")
                                     << QByteArray("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }
    void matchesRfc4231()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, mac);
        const HmacKey hmac(viewOf(key));
        QCOMPARE(toHex(hmac.mac({viewOf(message)})), mac);
        QCOMPARE(toHex(hmac.mac({viewOf(message).first(3), {}, viewOf(message).subspan(3)})), mac);
        QCOMPARE(QMessageAuthenticationCode::hash(message, key, QCryptographicHash::Sha256).toHex(), mac);
    }
    void comparesWholeContents()
    {
        const QByteArray one = pattern(32);
        QByteArray other = one;
        QVERIFY(equalConstantTime(viewOf(one), viewOf(other)));
        other[31] = static_cast<char>(other[31] ^ 0x80);
        QVERIFY(!equalConstantTime(viewOf(one), viewOf(other)));
        QVERIFY(!equalConstantTime(viewOf(one), viewOf(one).first(31)));
    }
};

QTEST_APPLESS_MAIN(TestSha256)
#include "tst_sha256.moc"
