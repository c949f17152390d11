// SPDX-License-Identifier: GPL-3.0-or-later
// A26: many edits of all kinds, all undone, all done again.
#include "console/models/allowlistmodel.h"
#include "console/models/blueprintworkspace.h"
#include "tests/support/fakeclock.h"

#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

constexpr char config[] = R"({
  "kind": "Config",
  "apiVersion": "danube.dev/v1",
  "metadata": { "name": "global", "labels": {"team": "build"} },
  "spec": {
    "egress_allowlist": [
      "packages.example.org",
      "*.cdn.example.com",
      "registry.danube-system"
    ],
    "retention": {"logs_days": 30, "x-note": "kept"},
    "x-ours": [1, 2, {"a": null}]
  }
}
)";

} // namespace

class TestUndo : public QObject
{
    Q_OBJECT
    tests::FakeClock m_clock;

    void randomEdit(QRandomGenerator &random, BlueprintDocument &document, AllowlistModel &model)
    {
        const int rows = model.rowCount();
        switch (random.bounded(8)) {
        case 0:
        case 1:
            QVERIFY(model.add({u"h%1.example.org"_s.arg(random.bounded(1000))}));
            break;
        case 2:
            if (rows > 0)
                QVERIFY(model.removeRows({random.bounded(rows)}));
            break;
        case 3:
            if (rows > 0)
                QVERIFY(
                    model.setData(model.index(random.bounded(rows), 0), u"e%1.example.com"_s.arg(random.bounded(99))));
            break;
        case 4:
            QVERIFY(model.sort());
            break;
        case 5:
            QVERIFY(document.setValue(u"/spec/retention/logs_days"_s, random.bounded(100), u"days"_s));
            break;
        case 6: {
            QString text = document.plainText();
            text.replace(u"\"team\": \""_s, u"\"team\": \"%1"_s.arg(QChar(u'a' + random.bounded(26))));
            document.setPlainText(text, u"typing"_s, random.bounded(2) == 0 ? u"text"_s : QString());
            break;
        }
        default:
            QVERIFY(model.add({u"a%1.example.net"_s.arg(random.bounded(50)), u"b.example.net"_s}));
            break;
        }
        m_clock.advance(milliseconds(random.bounded(1500)));
    }

private slots:
    void comesBackToBothEnds_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("LF") << QByteArray(config);
        QTest::newRow("CRLF") << QByteArray(config).replace("\n", "\r\n");
        QTest::newRow("one line") << QByteArray(config).replace("\n", "");
    }
    void comesBackToBothEnds()
    {
        QFETCH(QByteArray, text);
        QRandomGenerator random(26);
        BlueprintWorkspace workspace(m_clock);
        workspace.load({.commit = u"c1"_s, .files = {{u"config.json"_s, text}}});
        BlueprintDocument &document = *workspace.document(u"config.json"_s);
        AllowlistModel model(m_clock);
        const QAbstractItemModelTester tester(&model);
        model.setDocument(&document);
        QVERIFY(!workspace.isModified());

        for (int i = 0; i < 200; ++i)
            randomEdit(random, document, model);
        const QByteArray end = document.text();
        QVERIFY(end != text);
        QVERIFY(document.isModified() && workspace.isModified());

        QUndoStack &stack = document.undoStack();
        const int edits = stack.count();
        QVERIFY(edits > 100 && edits <= 200);
        while (stack.canUndo()) {
            stack.undo();
            QCOMPARE(model.entries(), document.listAt(AllowlistModel::pointer));
        }
        QCOMPARE(document.text(), text);
        QVERIFY(stack.isClean() && !document.isModified() && !workspace.isModified());

        while (stack.canRedo())
            stack.redo();
        QCOMPARE(document.text(), end);
        QCOMPARE(model.entries(), document.listAt(AllowlistModel::pointer));
        QVERIFY(!stack.isClean() && document.isModified());

        workspace.markCommitted(u"c2"_s, workspace.changedFiles());
        QVERIFY(stack.isClean() && !document.isModified());
        stack.undo();
        QVERIFY(!stack.isClean() && document.isModified());
        stack.redo();
        QVERIFY(stack.isClean() && !document.isModified());
    }
    void typingIsOneStepUntilAPause()
    {
        BlueprintDocument document(u"config.json"_s, config, m_clock);
        AllowlistModel model(m_clock);
        model.setDocument(&document);
        for (const QString &typed : {u"p"_s, u"py"_s, u"pypi.org"_s}) {
            QVERIFY(model.setData(model.index(0, 0), typed));
            m_clock.advance(milliseconds(300));
        }
        QCOMPARE(document.undoStack().count(), 1);
        QVERIFY(model.setData(model.index(1, 0), u"other.example.org"_s)); // another row
        QCOMPARE(document.undoStack().count(), 2);
        m_clock.advance(seconds(2));
        QVERIFY(model.setData(model.index(1, 0), u"third.example.org"_s)); // after a pause
        QCOMPARE(document.undoStack().count(), 3);
        document.undoStack().undo();
        document.undoStack().undo();
        document.undoStack().undo();
        QCOMPARE(document.text(), QByteArray(config));
    }
    void aFailedEditChangesNothing()
    {
        BlueprintDocument document(u"config.json"_s, "{\"spec\": ", m_clock);
        AllowlistModel model(m_clock);
        model.setDocument(&document);
        QVERIFY(!document.isReadable());
        QVERIFY(!model.add({u"pypi.org"_s}));
        QCOMPARE(document.undoStack().count(), 0);
        QCOMPARE(document.text(), QByteArray("{\"spec\": "));
    }
};

QTEST_GUILESS_MAIN(TestUndo)
#include "a26_undo.moc"
