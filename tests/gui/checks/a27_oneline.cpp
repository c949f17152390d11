// SPDX-License-Identifier: GPL-3.0-or-later
// A27: adding one host to a file that somebody wrote by hand changes one line.
#include "console/models/allowlistmodel.h"
#include "console/models/textdifference.h"
#include "tests/support/fakeclock.h"

#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

constexpr char handWritten[] = R"({
   "x-owner" : "build team",
   "spec": {
      "unknown_key": {"keep": [ 1,2 ,3 ]},
      "egress_allowlist": [
         "packages.example.org",
         "*.cdn.example.com",
         "github.com"
      ],
      "retention": { "logs_days":30 }
   },
   "kind": "Config", "metadata": {"name": "global"},
   "apiVersion": "danube.dev/v1"
})";

} // namespace

class TestOneLine : public QObject
{
    Q_OBJECT
private slots:
    void addsOneLine_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("LF") << QByteArray(handWritten);
        QTest::newRow("CRLF") << QByteArray(handWritten).replace("\n", "\r\n");
        QTest::newRow("sorted list") << QByteArray(handWritten).replace("\"github.com\"", "\"z.example.org\"");
        QTest::newRow("tabs") << QByteArray(handWritten).replace("   ", "\t");
    }
    void addsOneLine()
    {
        QFETCH(QByteArray, text);
        tests::FakeClock clock;
        BlueprintDocument document(u"config.json"_s, text, clock);
        AllowlistModel model(clock);
        model.setDocument(&document);
        QVERIFY(model.add({u"new.example.org"_s}));

        const QList<QByteArray> before = text.split('\n');
        const QList<QByteArray> after = document.text().split('\n'); // with their CR
        QCOMPARE(after.size(), before.size() + 1);
        qsizetype front = 0;
        while (front < before.size() && before[front] == after[front])
            ++front;
        QVERIFY(after[front].contains("\"new.example.org\""));
        QCOMPARE(after.sliced(front + 1), before.sliced(front)); // every other line, byte for byte
        const QByteArray margin = text.contains('\t') ? "\t\t\t" : "         ";
        QVERIFY(after[front].startsWith(margin + "\"new"));
        QVERIFY(model.entries().contains(u"new.example.org"_s));
    }
    void theDiffShowsIt()
    {
        tests::FakeClock clock;
        BlueprintDocument document(u"config.json"_s, handWritten, clock);
        AllowlistModel model(clock);
        model.setDocument(&document);
        QVERIFY(model.add({u"new.example.org"_s}));
        QList<DiffLine> changed = diffLines(linesOf(handWritten), linesOf(document.text()));
        changed.removeIf([](const DiffLine &line) { return line.kind == DiffLine::Kind::Same; });
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed.first().kind, DiffLine::Kind::Added);
        QCOMPARE(changed.first().text.trimmed(), u"\"new.example.org\","_s);
    }
    void removingTakesOneLine()
    {
        tests::FakeClock clock;
        BlueprintDocument document(u"config.json"_s, handWritten, clock);
        AllowlistModel model(clock);
        model.setDocument(&document);
        QVERIFY(model.removeRows({1}));
        QCOMPARE(document.text(), QByteArray(handWritten).replace("         \"*.cdn.example.com\",\n", ""));
    }
};

QTEST_GUILESS_MAIN(TestOneLine)
#include "a27_oneline.moc"
