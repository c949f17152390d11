// SPDX-License-Identifier: GPL-3.0-or-later
// The statistics of pipelines against a real master with real jobs.
#include "console/app/consolestyle.h"
#include "console/app/mainwindow.h"
#include "console/app/pagehost.h"
#include "console/app/pipelinepane.h"
#include "console/app/pipelinespage.h"
#include "shared/api/apiclient.h"
#include "tests/scenario/console/realmaster.h"

#include <QSettings>
#include <QTableView>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr char good[] = "from danube import step\nstep.run('echo fine', name='say')\n";
constexpr char bad[] = "from danube import step\nstep.run('echo building', name='build')\n"
                       "step.run('exit 3', name='unit tests')\n";

std::optional<Job> run(api::ApiClient &client, const QString &pipeline)
{
    std::optional<Job> made;
    client.run(pipeline, {}, &client, [&](Result<Job> job) {
        if (job)
            made = *job;
        else
            qWarning() << job.error().message;
    });
    if (!QTest::qWaitFor([&] { return made.has_value(); }, 20'000))
        qWarning() << "no answer to run" << pipeline;
    return made;
}

} // namespace

class TestPipelinesLive : public QObject
{
    Q_OBJECT
private slots:
    void countsRealJobsAndTheirFailingSteps()
    {
        RealMaster master;
        master.addPipeline(u"good"_s, good);
        master.addPipeline(u"bad"_s, bad);
        QVERIFY2(master.start(), qPrintable(master.log()));
        api::ApiClient client(master.endpoint());
        installLook();
        SystemClock clock;
        QTemporaryDir folder;
        QSettings settings(folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
        Theme theme;
        MainWindow window(theme, settings, LogCache(folder.filePath(u"logs"_s), 1_GiB), clock);
        window.show();
        MasterSession *session =
            window.connectTo({u"local"_s, master.url(), ProfileKind::Development}, Secret(master.token())).value();
        window.openPage(u"pipelines"_s);
        auto *page = qobject_cast<PipelinesPage *>(window.tabs()->current());
        QVERIFY(page);

        for (const QString &pipeline : {u"good"_s, u"bad"_s, u"good"_s, u"bad"_s, u"good"_s})
            QVERIFY(run(client, pipeline));
        const auto ended = [&] {
            return session->jobs()->countOf(JobState::Success) + session->jobs()->countOf(JobState::Failure);
        };
        QTRY_COMPARE_WITH_TIMEOUT(ended(), 5, 180'000);
        const auto find = [&](const QString &name) {
            const PipelineStatistics *found = page->model().find(name);
            return found ? *found : PipelineStatistics{};
        };
        QTRY_COMPARE_WITH_TIMEOUT(find(u"good"_s).succeeded, 3, 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(find(u"bad"_s).failed, 2, 20'000);
        QCOMPARE(find(u"good"_s).successRate(), std::optional(1.0));
        QCOMPARE(find(u"bad"_s).successRate(), std::optional(0.0));
        // The same by hand, from what the master answers.
        std::optional<QList<Job>> jobs;
        client.jobs({}, &client,
                    [&](Result<protocol::JobPage> answer) { jobs = answer ? answer->jobs : QList<Job>(); });
        QTRY_VERIFY_WITH_TIMEOUT(jobs, 20'000);
        std::vector<milliseconds> runs;
        std::vector<milliseconds> queues;
        for (const Job &job : std::as_const(*jobs)) {
            if (job.pipeline != u"good"_s)
                continue;
            runs.push_back(job.finishedAt - job.startedAt);
            queues.push_back(job.startedAt - job.createdAt);
        }
        std::ranges::sort(runs);
        std::ranges::sort(queues);
        QCOMPARE(runs.size(), size_t(3));
        QTRY_COMPARE_WITH_TIMEOUT(find(u"good"_s).run, (Percentiles{3, runs[1], runs[2], runs[2]}), 20'000);
        QCOMPARE(find(u"good"_s).queue, (Percentiles{3, queues[1], queues[2], queues[2]}));

        QVERIFY(page->select(u"bad"_s));
        QTRY_COMPARE_WITH_TIMEOUT(page->pane()->steps()->model()->rowCount(), 1, 20'000);
        const auto cell = [&](int column) {
            return page->pane()->steps()->model()->index(0, column).data().toString();
        };
        QCOMPARE(cell(0), u"unit tests"_s);
        QTRY_COMPARE_WITH_TIMEOUT(cell(1), u"2"_s, 20'000);
        QCOMPARE(cell(4), u"exit code 3"_s);
        QVERIFY(page->csv().contains("unit tests: 2"));
    }
};

QTEST_MAIN(TestPipelinesLive)
#include "tst_pipelineslive.moc"
