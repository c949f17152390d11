// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/blueprintworkspace.h"
#include "tests/support/fakeclock.h"

#include <QSignalSpy>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

constexpr char config[] = R"({
  "apiVersion": "danube.dev/v1",
  "kind": "Config",
  "metadata": {"name": "global"},
  "spec": {"egress_allowlist": ["a.example.org"], "retention": {"logs_days": 30}}
}
)";

} // namespace

class TestBlueprintWorkspace : public QObject
{
    Q_OBJECT
    const QString m_config = BlueprintWorkspace::configFile;
    tests::FakeClock m_clock;
    BlueprintWorkspace m_workspace{m_clock};

    BlueprintDocument &document() { return *m_workspace.document(m_config); }
    void setDays(int days) { QVERIFY(document().setValue(u"/spec/retention/logs_days"_s, days, u"days"_s)); }

private slots:
    void init() { m_workspace.load({.commit = u"c1"_s, .files = {{m_config, config}}}); }

    void whatWasCommittedIsNoEdit()
    {
        setDays(60);
        m_workspace.markCommitted(u"c2"_s, m_workspace.changedFiles());
        QVERIFY(!m_workspace.isModified() && document().undoStack().isClean());
        QVERIFY(m_workspace.changes().isEmpty());
        QCOMPARE(m_workspace.base().files[m_config], document().text());
    }
    void whatWasEditedDuringACommitStaysAnEdit()
    {
        setDays(60);
        const blueprint::Files sent = m_workspace.changedFiles();
        const QSignalSpy told(&m_workspace, &BlueprintWorkspace::findingsChanged);
        setDays(90);
        m_workspace.markCommitted(u"c2"_s, sent);
        QCOMPARE(m_workspace.base().commit, u"c2"_s);
        QCOMPARE(m_workspace.base().files, sent);
        QVERIFY(m_workspace.isModified() && !document().undoStack().isClean());
        QCOMPARE(m_workspace.changedFiles(), (blueprint::Files{{m_config, document().text()}}));
        QCOMPARE(m_workspace.changes().size(), 1);
        QCOMPARE(m_workspace.changes().first().before, u"60"_s);
        QCOMPARE(m_workspace.changes().first().after, u"90"_s);
        QCOMPARE(told.size(), 1);
        document().undoStack().undo();
        QVERIFY(!m_workspace.isModified());
    }
    void anEditOfAnotherFileDuringACommitStaysOne()
    {
        const QString pipeline = u"pipelines/web.json"_s;
        QByteArray text = config;
        text.replace("Config", "Pipeline").replace("global", "web");
        m_workspace.load({.commit = u"c1"_s, .files = {{m_config, config}, {pipeline, text}}});
        setDays(60);
        const blueprint::Files sent = m_workspace.changedFiles();
        m_workspace.document(pipeline)->setText(text + '\n', u"a line"_s);
        m_workspace.markCommitted(u"c2"_s, sent);
        QCOMPARE(m_workspace.changedFiles(), (blueprint::Files{{pipeline, text + '\n'}}));
    }
    void aRepositoryWithoutConfigurationStaysEditableWhenItMoves()
    {
        const blueprint::Files files{{u"pipelines/web.json"_s, "{}"}};
        m_workspace.load({.commit = u"c1"_s, .files = files});
        const QByteArray empty = document().text();
        QVERIFY(document().isReadable() && !empty.isEmpty());
        m_workspace.rebase({.commit = u"c2"_s, .files = files}, {});
        QCOMPARE(document().text(), empty);
        QVERIFY(document().isReadable() && !m_workspace.isModified());
    }
};

QTEST_GUILESS_MAIN(TestBlueprintWorkspace)
#include "tst_blueprintworkspace.moc"
