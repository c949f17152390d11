// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/csv.h"

#include <QTest>

using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

/// RFC 4180, read by its grammar and not by how it was written.
QList<QStringList> readCsv(const QString &document)
{
    QList<QStringList> rows{{QString()}};
    bool isQuoted = false;
    for (qsizetype i = 0; i < document.size(); ++i) {
        const QChar c = document[i];
        if (isQuoted && c == u'"' && i + 1 < document.size() && document[i + 1] == u'"')
            rows.last().last() += document[++i];
        else if (c == u'"')
            isQuoted = !isQuoted;
        else if (!isQuoted && c == u',')
            rows.last().append(QString());
        else if (!isQuoted && c == u'\r' && i + 1 < document.size() && document[i + 1] == u'\n' && ++i)
            rows.append(QStringList{QString()});
        else
            rows.last().last() += c;
    }
    rows.removeLast(); // after the last line end
    return rows;
}

} // namespace

class TestCsv : public QObject
{
    Q_OBJECT
private slots:
    void quotesWhatMustBe_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("field");
        QTest::newRow("plain") << u"web-shop"_s << u"web-shop"_s;
        QTest::newRow("empty") << QString() << QString();
        QTest::newRow("comma") << u"a,b"_s << u"\"a,b\""_s;
        QTest::newRow("quote") << u"a\"b"_s << u"\"a\"\"b\""_s;
        QTest::newRow("line end") << u"a\nb"_s << u"\"a\nb\""_s;
        QTest::newRow("umlaut") << u"prüfen"_s << u"prüfen"_s;
        QTest::newRow("NUL") << u"a"_s + QChar(0) + u"b"_s << u"ab"_s;
        QTest::newRow("formula") << u"=1+1"_s << u"'=1+1"_s;
        QTest::newRow("formula that would be quoted")
            << u"=HYPERLINK(\"http://h\",1)"_s << u"\"'=HYPERLINK(\"\"http://h\"\",1)\""_s;
        QTest::newRow("plus") << u"+x"_s << u"'+x"_s;
        QTest::newRow("minus") << u"-x"_s << u"'-x"_s;
        QTest::newRow("at") << u"@SUM(1)"_s << u"'@SUM(1)"_s;
        QTest::newRow("after blanks") << u"  =1"_s << u"'  =1"_s;
        QTest::newRow("after a NUL") << QChar(0) + u"=1"_s << u"'=1"_s;
        QTest::newRow("tab") << u"\t=1"_s << u"\"'\t=1\""_s;
        QTest::newRow("wide equals sign") << u"\uFF1D1"_s << u"'\uFF1D1"_s;
        QTest::newRow("minus inside") << u"web-shop = x"_s << u"web-shop = x"_s;
    }
    void quotesWhatMustBe()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, field);
        QCOMPARE(csvField(text), field);
    }
    void anyTextsComeBack()
    {
        const QString alphabet = u"a,;\"\r\n' =-ü\t"_s;
        uint32_t state = 1;
        const auto next = [&state](int below) {
            state = state * 1'664'525U + 1'013'904'223U;
            return int((state >> 8U) % uint32_t(below));
        };
        QList<QStringList> wanted;
        QByteArray document;
        for (int row = 0; row < 2000; ++row) {
            QStringList fields;
            for (int column = 0; column < 4; ++column) {
                QString text = u"x"_s; // no formula, so nothing is added
                for (int i = next(8); i > 0; --i)
                    text += alphabet[next(int(alphabet.size()))];
                fields.append(text);
            }
            wanted.append(fields);
            document += csvRow(fields);
        }
        QCOMPARE(readCsv(QString::fromUtf8(document)), wanted);
    }
};

QTEST_GUILESS_MAIN(TestCsv)
#include "tst_csv.moc"
