// SPDX-License-Identifier: GPL-3.0-or-later
// A19: the server cuts the stream twenty times at random bytes: what is saved is the server's file, byte for byte, also
// when the console is closed and opened in between.
#include "console/app/jobpage.h"
#include "console/app/logpane.h"
#include "console/app/logsaver.h"
#include "tests/gui/sample.h"

#include <QFile>
#include <QRandomGenerator>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int cuts = 20;

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("?");
}

} // namespace

class CheckA19 : public QObject
{
    Q_OBJECT
private slots:
    void theSavedLogIsTheServersFile_data()
    {
        QTest::addColumn<bool>("repeats");
        QTest::addColumn<bool>("restarts");
        QTest::newRow("exact resume") << false << false;
        QTest::newRow("the server repeats a line") << true << false;
        QTest::newRow("the console is restarted") << false << true;
    }
    void theSavedLogIsTheServersFile()
    {
        QFETCH(const bool, repeats);
        QFETCH(const bool, restarts);
        Sample sample;
        QRandomGenerator random(19);
        Job job = sampleJob(1, u"cuts"_s, JobState::Running);
        sample.master.setJob(job);
        const auto print = [&](int count) {
            for (int i = 0; i < count; ++i) {
                QByteArray line = QByteArray::number(random.generate()) + " caf\xc3\xa9 \x1b[31m";
                line += QByteArray(random.bounded(200), char('a' + i % 26));
                sample.print(job.id, 1 + i % 3, line, i % 5 == 0 ? LogStream::Stderr : LogStream::Stdout);
            }
        };
        print(3000);
        int left = cuts;
        sample.master.log(job.id).setRepeatLast(repeats);
        sample.master.log(job.id).cutAfter(
            [&] { return left-- > 0 ? qint64(random.bounded(300, 20'000)) : qint64(-1); });
        sample.window->show();
        sample.window->openJob(**sample.connectWindow(), job.id);
        if (restarts) {
            QTRY_VERIFY_WITH_TIMEOUT(left < cuts / 2, 60'000);
            QVERIFY(sample.window->logPane()->view()->document()->bytes() > 0);
            sample.restart();
            sample.window->show();
            sample.window->openJob(**sample.connectWindow(), job.id);
            QVERIFY(sample.window->logPane()->view()->document()->bytes() > 0); // what was there is not asked for again
        }
        print(500);
        QTRY_VERIFY_WITH_TIMEOUT(left <= 0, 120'000);
        job.state = JobState::Success;
        sample.master.setJob(job);
        sample.master.endLog(job.id, JobState::Success);
        LogPane *pane = sample.window->logPane();
        QTRY_VERIFY_WITH_TIMEOUT(pane->view()->document()->isFinished(), 60'000);
        const QString path = sample.folder.filePath(u"saved.log"_s);
        pane->saver()->saveRange(pane->view()->document()->snapshot(), path, 0, pane->view()->document()->bytes());
        QTRY_VERIFY(!pane->saver()->isBusy());
        QCOMPARE(contentOf(path), sample.master.logBytes(job.id));
        QCOMPARE(pane->view()->document()->lineCount(), int64_t(3500));
        QVERIFY(sample.master.log(job.id).served() >= cuts);
    }
};

QTEST_MAIN(CheckA19)
#include "a19_cuts.moc"
