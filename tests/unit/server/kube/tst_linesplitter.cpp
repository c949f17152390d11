// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/linesplitter.h"

#include <QTest>

using namespace danube;
using namespace danube::kube;

class TestLineSplitter : public QObject
{
    Q_OBJECT

private slots:
    void cutsAnywhereGiveTheSameLines()
    {
        const QByteArray stream = "one\ntwo\r\n\n\r\nthree and more\nrest";
        const QList<QByteArray> expected{"one", "two", "three and more"};
        for (qsizetype piece = 1; piece <= stream.size(); ++piece) {
            LineSplitter splitter;
            QList<QByteArray> lines;
            for (qsizetype at = 0; at < stream.size(); at += piece)
                lines += splitter.feed(QByteArrayView(stream).sliced(at, std::min(piece, stream.size() - at))).value();
            QCOMPARE(lines, expected);
            QVERIFY(splitter.hasRest());
            splitter.clear();
            QVERIFY(!splitter.hasRest());
        }
    }

    void aWholeStreamLeavesNoRest()
    {
        LineSplitter splitter;
        QCOMPARE(splitter.feed("a\nb\n").value(), (QList<QByteArray>{"a", "b"}));
        QVERIFY(!splitter.hasRest());
        QVERIFY(splitter.feed({}).value().isEmpty());
    }

    void aLineOverTheLimitEndsTheStream_data()
    {
        QTest::addColumn<QByteArrayList>("pieces");
        QTest::newRow("at once") << QByteArrayList{"123456789\n"};
        QTest::newRow("without an end") << QByteArrayList{"123456789"};
        QTest::newRow("in pieces") << QByteArrayList{"1234", "5678", "9"};
        QTest::newRow("behind another") << QByteArrayList{"a\n12345678", "9\n"};
    }
    void aLineOverTheLimitEndsTheStream()
    {
        QFETCH(QByteArrayList, pieces);
        LineSplitter splitter(8);
        const QByteArray last = pieces.takeLast();
        for (const QByteArray &piece : pieces)
            QVERIFY(splitter.feed(piece));
        QCOMPARE(splitter.feed(last).error().code, ErrorCode::ResourceExhausted);
        QVERIFY(!splitter.feed("a\n"));
        splitter.clear();
        QCOMPARE(splitter.feed("a\n").value(), QList<QByteArray>{"a"});
    }

    void aLineOfExactlyTheLimitPasses()
    {
        LineSplitter splitter(8);
        QCOMPARE(splitter.feed("12345678\n12345678\n").value().size(), 2);
    }
};

QTEST_APPLESS_MAIN(TestLineSplitter)
#include "tst_linesplitter.moc"
