// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/sha256.h"

#include <QTest>

using namespace danube;
using namespace Qt::StringLiterals;

class TestCoreSha256 : public QObject
{
    Q_OBJECT
private slots:
    void knowsTheStandardsVectors() // FIPS 180-2, appendix B
    {
        Sha256 hash;
        QCOMPARE(hash.finishHex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"_ba);
        hash.add("abc");
        QCOMPARE(hash.finishHex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_ba);
        hash.add("a");
        hash.add("");
        hash.add("bc");
        QCOMPARE(hash.finishHex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_ba);
    }

    void canBeMoved()
    {
        Sha256 first;
        first.add("ab");
        Sha256 second(std::move(first));
        second.add("c");
        first = std::move(second);
        QCOMPARE(first.finishHex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_ba);
    }
};

QTEST_APPLESS_MAIN(TestCoreSha256)
#include "tst_coresha256.moc"
