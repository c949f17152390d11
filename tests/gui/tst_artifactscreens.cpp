// SPDX-License-Identifier: GPL-3.0-or-later
// The artifacts page, the job's tab and the inside of an archive at 1024x700, in light and dark: nothing is clipped,
// every control has a name and can be reached by Tab. Pictures go into the folder DANUBE_SCREENSHOTS when that is set.
#include "console/app/archivedialog.h"
#include "console/app/artifactspage.h"
#include "console/app/artifactsview.h"
#include "console/app/bottomtabs.h"
#include "console/app/downloadspane.h"
#include "console/app/jobartifactstab.h"
#include "console/app/jobpage.h"
#include "console/app/jobtabs.h"
#include "console/app/logpane.h"
#include "console/app/pagehost.h"
#include "console/controllers/downloadqueue.h"
#include "shared/core/sha256.h"
#include "tests/gui/sample.h"

#include <KTar>

#include <QAbstractButton>
#include <QBuffer>
#include <QDir>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTreeWidget>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

QByteArray archive()
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    KTar tar(&buffer);
    tar.open(QIODevice::WriteOnly);
    for (const QString &name : {u"app-1.4/README.md"_s, u"app-1.4/bin/app"_s, u"app-1.4/share/doc/manual.html"_s})
        tar.writeFile(name, "# App\n\nWhat it does and how it is built.\n", 0100644, u"u"_s, u"g"_s);
    tar.writeSymLink(u"app-1.4/etc"_s, u"/etc"_s, u"u"_s, u"g"_s);
    tar.close();
    return bytes;
}

Artifact artifactOf(const QString &id, const QString &name, const QByteArray &content, int job)
{
    Artifact artifact;
    artifact.id = ArtifactId(id);
    artifact.job = JobId(u"job%1"_s.arg(job, 6, 10, QLatin1Char('0')));
    artifact.name = name;
    artifact.size = ByteCount(content.size());
    Sha256 hash;
    hash.add(content);
    artifact.sha256 = hash.finishHex();
    artifact.createdAt = sampleNow - std::chrono::hours(job);
    return artifact;
}

} // namespace

class TestArtifactScreens : public QObject
{
    Q_OBJECT

    static void take(QWidget &widget, const QString &name)
    {
        QTest::qWait(60);
        const QImage picture = widget.grab().toImage();
        const QString folder = qEnvironmentVariable("DANUBE_SCREENSHOTS");
        if (!folder.isEmpty())
            QVERIFY(QDir().mkpath(folder) &&
                    picture.save(u"%1/%2-%3.png"_s.arg(folder, name, QString::fromLatin1(QTest::currentDataTag()))));
    }
    /// Everything that can be used says what it is, and is as large as its text asks for.
    static void checkControls(const QWidget &page)
    {
        for (const QWidget *widget : page.findChildren<QWidget *>()) {
            if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus)
                continue;
            const auto *button = qobject_cast<const QAbstractButton *>(widget);
            const bool isNamed = !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()) ||
                                 qobject_cast<const QLabel *>(widget);
            QVERIFY2(isNamed || widget->parentWidget()->inherits("QAbstractItemView") || widget->focusProxy(),
                     widget->metaObject()->className());
            if (button)
                QVERIFY2(button->width() >= button->minimumSizeHint().width(), qPrintable(button->text()));
            QVERIFY2(page.rect().contains(QRect(widget->mapTo(&page, QPoint()), widget->size())),
                     widget->metaObject()->className());
        }
    }

    /// A window with job 1's page open, whose artifacts nobody has asked for.
    static JobPage *openJob(Sample &sample)
    {
        sample.window->show();
        sample.addExamples();
        sample.master.addArtifact(artifactOf(u"a1"_s, u"dist/app.bin"_s, "app", 1), "app");
        MasterSession *master = sample.connectWindow().value();
        if (!QTest::qWaitFor([&] { return master->isLive(); }, 30'000))
            qWarning("not live");
        return sample.window->openJob(*master, JobId(u"job000001"_s));
    }

private slots:
    void aJobsArtifactsAreDownloadedByKeys()
    {
        Sample sample;
        JobPage *page = openJob(sample);
        QVERIFY(page);
        const QAction *download = sample.window->actions().action("artifacts.download"_L1);
        QVERIFY(!download->isEnabled());
        page->logPane()->bottom()->open(page->tabs()->artifacts());
        QTRY_COMPARE(page->tabs()->artifacts()->count(), 1);
        page->tabs()->artifacts()->table()->selectRow(0);
        QTRY_VERIFY(download->isEnabled());
        sample.window->actions().action("artifacts.download"_L1)->trigger();
        QVERIFY(page->findChild<QFileDialog *>());
    }
    void aJobsArtifactsComeWithTheMaster()
    {
        Sample sample;
        JobPage *page = openJob(sample);
        QVERIFY(page);
        MasterSession *master = sample.window->masters().all().constFirst();
        sample.master.refuseAll(503);
        sample.master.server().closeConnections();
        QTRY_VERIFY(!master->isLive());
        page->logPane()->bottom()->open(page->tabs()->artifacts());
        QTRY_VERIFY(page->tabs()->artifacts()->note().startsWith(u"List artifacts: "_s));
        sample.master.refuseAll(std::nullopt);
        master->reconnectNow();
        QTRY_COMPARE_WITH_TIMEOUT(page->tabs()->artifacts()->count(), 1, 20'000);
    }
    void page_data()
    {
        QTest::addColumn<ThemeChoice>("theme");
        QTest::newRow("light") << ThemeChoice::Light;
        QTest::newRow("dark") << ThemeChoice::Dark;
    }
    void page()
    {
        QFETCH(ThemeChoice, theme);
        Sample sample;
        sample.theme.choose(theme);
        sample.window->resize(1024, 700);
        sample.window->show();
        sample.addExamples();
        const QByteArray tar = archive();
        sample.master.addArtifact(artifactOf(u"a1"_s, u"dist/app-1.4.tar"_s, tar, 1), tar);
        const Artifact big =
            artifactOf(u"a2"_s, u"firmware-image-for-the-large-board.bin"_s, QByteArray(4 << 20, 'x'), 1);
        sample.master.addArtifact(big,
                                  [](qint64, qint64 most) { return QByteArray(std::min<qint64>(most, 4096), 'x'); });
        sample.master.earlyEnds = {{(4 << 20) / 10 * 6, true}};
        Artifact bad = artifactOf(u"a3"_s, u"report.json"_s, "{}", 2);
        sample.master.addArtifact(bad, "[]");
        for (int i = 4; i < 24; ++i)
            sample.master.addArtifact(
                artifactOf(u"a%1"_s.arg(i), u"coverage/module-%1.html"_s.arg(i), QByteArray(i * 137, 'h'), 2),
                QByteArray(i * 137, 'h'));
        MasterSession *master = sample.connectWindow().value();
        QTRY_VERIFY_WITH_TIMEOUT(master->isLive(), 30'000);
        sample.window->openPage(u"artifacts"_s);
        auto *page = qobject_cast<ArtifactsPage *>(sample.window->tabs()->current());
        QVERIFY(page);
        QTRY_COMPARE_WITH_TIMEOUT(page->table()->model()->rowCount(), 23, 30'000);
        take(*sample.window, u"artifacts"_s);
        checkControls(*page);
        QTemporaryDir folder;
        page->filterLine()->setText(u"#1"_s);
        QTRY_COMPARE_WITH_TIMEOUT(page->table()->model()->rowCount(), 2, 30'000);
        page->table()->selectAll();
        page->table()->downloadTo(folder.path());
        page->filterLine()->setText(u"report"_s);
        QTRY_COMPARE_WITH_TIMEOUT(page->table()->model()->rowCount(), 1, 30'000);
        page->table()->selectAll();
        page->table()->downloadTo(folder.path());
        page->filterLine()->clear();
        const DownloadsModel &downloads = *master->downloads().model();
        const auto count = [&](DownloadItem::State state) {
            return std::ranges::count(downloads.items(), state, &DownloadItem::state);
        };
        QTRY_COMPARE_WITH_TIMEOUT(count(DownloadItem::State::Done), 1, 30'000);
        QTRY_COMPARE_WITH_TIMEOUT(count(DownloadItem::State::Failed), 1, 30'000);
        QTRY_COMPARE_WITH_TIMEOUT(page->table()->model()->rowCount(), 23, 30'000);
        take(*sample.window, u"artifacts-downloads"_s);
        checkControls(*page);
        for (int row = 0; row < downloads.rowCount(); ++row) {
            if (downloads.item(row).state == DownloadItem::State::Done)
                page->downloads()->table()->selectRow(row);
        }
        QPointer<ArchiveDialog> dialog = page->downloads()->lookInside();
        QVERIFY(dialog);
        QTRY_VERIFY_WITH_TIMEOUT(dialog->isListed(), 30'000);
        QVERIFY2(dialog->summary().contains(u"lead out"_s) || dialog->summary().contains(u"leads out"_s),
                 qPrintable(dialog->summary()));
        const auto readme = dialog->tree()->findItems(u"README.md"_s, Qt::MatchExactly | Qt::MatchRecursive);
        QCOMPARE(readme.size(), 1);
        dialog->tree()->setCurrentItem(readme.first());
        QTRY_VERIFY_WITH_TIMEOUT(dialog->text()->toPlainText().startsWith(u"# App"_s), 30'000);
        take(*dialog, u"artifacts-inside"_s);
        checkControls(*dialog);
        delete dialog;
        sample.window->openJob(*master, JobId(u"job000002"_s));
        sample.window->logPane()->bottom()->open(sample.window->jobPage()->tabs()->artifacts());
        QTRY_COMPARE_WITH_TIMEOUT(sample.window->jobPage()->tabs()->artifacts()->count(), 21, 30'000);
        take(*sample.window, u"artifacts-job"_s);
        checkControls(*sample.window->jobPage()->tabs()->artifacts());
        sample.window->actions().action("view.activity"_L1)->trigger();
        take(*sample.window, u"artifacts-activity"_s);
    }
};

QTEST_MAIN(TestArtifactScreens)
#include "tst_artifactscreens.moc"
