// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/secrets/sealing.h"

#include <QTest>

using namespace danube;
using namespace danube::secrets;
using namespace Qt::StringLiterals;

class TestSealing : public QObject
{
    Q_OBJECT

    const Secret m_key{QByteArray(32, 'k')};

private slots:
    // GCM specification (McGrew, Viega), test case 14: nonce, ciphertext and tag stand in this order.
    void opensTheSpecificationsVector()
    {
        const QByteArray sealed = QByteArray(12, '\0') + QByteArray::fromHex("cea7403d4d606b6e074ec5d3baf39d18") +
                                  QByteArray::fromHex("d0d1c8a799996bf0265b98b5d48ab919");
        const auto value = unseal(Secret(QByteArray(32, '\0')), {}, sealed);
        QVERIFY(value);
        QCOMPARE(value->reveal(), QByteArray(16, '\0'));
    }
    void opensWhatItSealed_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("text") << QByteArray("hunter2");
        QTest::newRow("one byte") << QByteArray("x");
        QTest::newRow("bytes") << QByteArray("\0\xff\n", 3);
        QTest::newRow("a block") << QByteArray(16, 'x');
        QTest::newRow("large") << QByteArray(64 << 10, 'y');
    }
    void opensWhatItSealed()
    {
        QFETCH(QByteArray, value);
        const auto sealed = seal(m_key, "scope and key", Secret(value));
        QVERIFY(sealed);
        QCOMPARE(sealed->size(), value.size() + 28);
        QVERIFY(value.size() < 3 || !sealed->contains(value));
        QCOMPARE(unseal(m_key, "scope and key", *sealed)->reveal(), value);
    }
    void usesEachNonceOnce()
    {
        QSet<QByteArray> nonces;
        for (int i = 0; i < 1000; ++i)
            nonces.insert(seal(m_key, {}, Secret("same"))->first(12));
        QCOMPARE(nonces.size(), 1000);
    }
    void refusesWhatWasChanged()
    {
        const QByteArray sealed = *seal(m_key, "web\0TOKEN", Secret("hunter2"));
        for (qsizetype i = 0; i < sealed.size(); ++i) {
            QByteArray changed = sealed;
            changed[i] = static_cast<char>(changed[i] ^ 1);
            QVERIFY(!unseal(m_key, "web\0TOKEN", changed));
        }
        for (qsizetype size = 0; size < sealed.size(); ++size)
            QVERIFY(!unseal(m_key, "web\0TOKEN", sealed.first(size)));
    }
    void refusesAnotherKeyOrPurpose()
    {
        const QByteArray sealed = *seal(m_key, "a", Secret("hunter2"));
        const auto purpose = unseal(m_key, "b", sealed);
        QVERIFY(!purpose);
        QCOMPARE(purpose.error().code, ErrorCode::DataLoss);
        QVERIFY(!unseal(Secret(QByteArray(32, 'x')), "a", sealed));
    }
};

QTEST_APPLESS_MAIN(TestSealing)
#include "tst_sealing.moc"
