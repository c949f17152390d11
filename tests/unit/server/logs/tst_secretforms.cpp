// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/maskstream.h"
#include "server/logs/secretforms.h"
#include "tests/unit/server/logs/logfixture.h"

using namespace danube;
using namespace danube::logs;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

QByteArray masked(const QByteArray &secret, const QByteArray &text)
{
    MaskStream stream;
    QByteArray output;
    stream.feed(MaskAutomaton(secretForms(secret)), text, output);
    stream.finish(output);
    return output;
}

} // namespace

/// In which clothes a secret is still recognised.
class TestSecretForms : public QObject
{
    Q_OBJECT
private slots:
    void eachFormIsMasked_data()
    {
        QTest::addColumn<QByteArray>("secret");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const QByteArray key = "s3cr3t/+?~ \"\xc3\xbc\"&";
        QTest::newRow("as it is") << key << QByteArray("<" + key + ">") << QByteArray("<***>");
        QTest::newRow("with the newline of its file")
            << QByteArray(key + "\n") << QByteArray("<" + key + ">") << QByteArray("<***>");
        QTest::newRow("hex") << key << QByteArray("<" + key.toHex() + ">") << QByteArray("<***>");
        QTest::newRow("HEX") << key << QByteArray("<" + key.toHex().toUpper() + ">") << QByteArray("<***>");
        QTest::newRow("percent") << key << QByteArray("<" + key.toPercentEncoding() + ">") << QByteArray("<***>");
        QTest::newRow("percent, lower case")
            << key << QByteArray("<s3cr3t%2f%2b%3f~%20%22%c3%bc%22%26>") << QByteArray("<***>");
        QTest::newRow("form") << key << QByteArray("<s3cr3t%2F%2B%3F~+%22%C3%BC%22%26>") << QByteArray("<***>");
        QTest::newRow("path") << key << QByteArray("<s3cr3t/%2B%3F~%20%22%C3%BC%22%26>") << QByteArray("<***>");
        QTest::newRow("JSON") << key << QByteArray("<s3cr3t/+?~ \\\"\xc3\xbc\\\"&>") << QByteArray("<***>");
        QTest::newRow("JSON in ASCII") << key << QByteArray("<s3cr3t/+?~ \\\"\\u00fc\\\"&>") << QByteArray("<***>");
        QTest::newRow("JSON, slashes escaped")
            << key << QByteArray("<s3cr3t\\/+?~ \\\"\xc3\xbc\\\"&>") << QByteArray("<***>");
        QTest::newRow("four bytes") << QByteArray("abcd") << QByteArray("xabcdx") << QByteArray("x***x");
        QTest::newRow("three bytes are not masked") << QByteArray("abc") << QByteArray("xabcx") << QByteArray("xabcx");
        QTest::newRow("lines, not short ones")
            << QByteArray("first line\r\n}\nsecond line\n") << QByteArray("a first line\n}\nsecond line.\n")
            << QByteArray("a ***\n}\n***.\n");
        QTest::newRow("only short lines")
            << QByteArray("abcd\nefgh\n") << QByteArray("abcd efgh") << QByteArray("*** ***");
        QTest::newRow("lines as JSON text")
            << QByteArray("first line\nsecond") << QByteArray("\"first line\\nsecond\"") << QByteArray("\"***\"");
    }
    void eachFormIsMasked()
    {
        QFETCH(QByteArray, secret);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QCOMPARE(masked(secret, text), expected);
    }

    void base64IsMaskedAtEveryAlignment_data()
    {
        QTest::addColumn<int>("before");
        QTest::addColumn<int>("after");
        QTest::addColumn<bool>("url");
        for (int before = 0; before < 5; ++before)
            for (int after = 0; after < 4; ++after)
                for (const bool url : {false, true})
                    QTest::addRow("%d before, %d after%s", before, after, url ? ", url" : "") << before << after << url;
    }
    void base64IsMaskedAtEveryAlignment()
    {
        QFETCH(int, before);
        QFETCH(int, after);
        QFETCH(bool, url);
        const QByteArray secret("\xff\xfe\xfd?>~correct horse", 20);
        const auto alphabet = url ? QByteArray::Base64UrlEncoding : QByteArray::Base64Encoding;
        const QByteArray encoded = (QByteArray(before, 'x') + secret + QByteArray(after, 'y')).toBase64(alphabet);
        const QByteArray output = masked(secret, encoded);
        QVERIFY2(output.count("***") == 1, output.constData());
        // At most the characters shared with neighbours stay: 4 bits of the secret at each end.
        const qsizetype foreign = (before * 8 + 5) / 6 + (after * 8 + 5) / 6 + 2 + 2;
        QVERIFY2(output.size() - 3 <= foreign, output.constData());
    }

    void wrappedBase64IsMasked_data()
    {
        QTest::addColumn<int>("columns");
        QTest::newRow("base64(1)") << 76;
        QTest::newRow("PEM") << 64;
    }
    void wrappedBase64IsMasked()
    {
        QFETCH(int, columns);
        const QByteArray secret = Dice(3).bytes(1000, "abcdefghijklmnop=/+");
        QByteArray wrapped = secret.toBase64();
        for (qsizetype at = columns; at < wrapped.size(); at += columns + 1)
            wrapped.insert(at, '\n');
        QVERIFY2(masked(secret, wrapped).size() < wrapped.count('\n') * 4 + 12, masked(secret, wrapped).constData());
    }

    void aVeryLongLineIsMaskedWhole()
    {
        const QByteArray secret = Dice(4).bytes(3 * longestForm + 5, "abcdefghijklmnopqrstuvw");
        const auto forms = secretForms(secret);
        QVERIFY(std::ranges::all_of(forms, [](const QByteArray &form) { return form.size() <= longestForm; }));
        QCOMPARE(masked(secret, "<" + secret + ">"), "<***>"_ba);
        QCOMPARE(masked(secret, "<" + secret.toHex() + ">"), "<***>"_ba);
    }
};

QTEST_GUILESS_MAIN(TestSecretForms)
#include "tst_secretforms.moc"
