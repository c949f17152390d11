// SPDX-License-Identifier: GPL-3.0-or-later
// Pages in windows of their own, and masters that are not the scope: what a person does acts on the page in front.
#include "console/app/jobpage.h"
#include "console/app/logpane.h"
#include "console/app/pagehost.h"
#include "console/app/palette.h"
#include "console/models/joblink.h"
#include "tests/gui/sample.h"

#include <QLineEdit>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

/// A page with something that the palette finds.
class FoundPage : public Page
{
public:
    using Page::Page;
    QString title() const override { return u"Found"_s; }
    QList<Findable> findable() const override
    {
        return {{u"needle.example.org"_s, [this] { isShown = true; }}};
    }
    mutable bool isShown = false;
};

} // namespace

class TestTornWindow : public QObject
{
    Q_OBJECT
    std::unique_ptr<Sample> m_sample;
    MasterSession *m_session = nullptr;
    MainWindow &window() { return *m_sample->window; }
    PageHost &tabs() { return *window().tabs(); }
    QAction *action(QLatin1StringView id) { return window().actions().action(id); }

    Page *openJob(MasterSession &session, const QString &job)
    {
        window().openJob(session, JobId(job));
        return tabs().page(tabs().currentIndex());
    }
    /// Into a window of its own, which is active then.
    void tear(const Page *page)
    {
        tabs().tearOff(tabs().indexOf(page));
        page->window()->activateWindow();
        QTRY_COMPARE(tabs().current(), page);
    }

private slots:
    void init()
    {
        m_sample = std::make_unique<Sample>();
        m_sample->addExamples();
        window().show();
        m_session = m_sample->connectWindow().value();
        QTRY_VERIFY(m_session->isLive());
    }
    void cleanup() { m_sample.reset(); }

    void closingTheTabGivesThePageBack()
    {
        const Page *stays = openJob(*m_session, u"job000001"_s);
        const Page *torn = openJob(*m_session, u"job000002"_s);
        tear(torn);
        QCOMPARE(tabs().page(1), stays);
        action("app.closeTab"_L1)->trigger();
        QCOMPARE(tabs().count(), 3);
        QCOMPARE(tabs().page(1), stays);
        QCOMPARE(tabs().page(2), torn);
    }
    void movingTheTabMovesNoOther()
    {
        const Page *stays = openJob(*m_session, u"job000001"_s);
        tear(openJob(*m_session, u"job000002"_s));
        QVERIFY(!action("window.tearOff"_L1)->isEnabled());
        action("window.tearOff"_L1)->trigger();
        QCOMPARE(tabs().page(1), stays);
    }
    void titleFrameAndActionsBelongToTheMasterInFront()
    {
        FakeMaster second;
        const Profile live{u"live"_s, second.url().toString(), ProfileKind::Production};
        MasterSession *production = window().connectTo(live, Secret("token")).value();
        QCOMPARE(window().masters().scope(), production);
        QVERIFY2(window().windowTitle().startsWith(u"PROD – live"_s), qPrintable(window().windowTitle()));
        openJob(*m_session, u"job000001"_s); // a link may lead there
        QVERIFY2(window().windowTitle().startsWith(u"build-master"_s), qPrintable(window().windowTitle()));
        QCOMPARE(window().contentsMargins(), QMargins());
        action("app.disconnect"_L1)->trigger();
        QCOMPARE(window().masters().all(), QList<MasterSession *>{production});
        QVERIFY2(window().windowTitle().startsWith(u"PROD – live"_s), qPrintable(window().windowTitle()));
    }
    void aLinkLeadsToItsJobWhereverThatIs()
    {
        auto *other = qobject_cast<JobPage *>(openJob(*m_session, u"job000001"_s));
        auto *torn = qobject_cast<JobPage *>(openJob(*m_session, u"job000002"_s));
        for (const JobPage *page : {other, torn})
            QTRY_COMPARE(page->logPane()->view()->follow(), LogView::Follow::Ended);
        tear(torn);
        window().activateWindow();
        QTRY_COMPARE(tabs().current(), other);
        const qint64 before = other->logPane()->view()->currentLine();
        const JobLink link{m_session->profile().url, JobId(u"job000002"_s), 5};
        QVERIFY(window().openLink(link.toText()));
        QCOMPARE(torn->logPane()->view()->currentLine(), 5);
        QCOMPARE(other->logPane()->view()->currentLine(), before);
    }
    void thePaletteOpensOverTheWindowInFront()
    {
        auto *torn = qobject_cast<JobPage *>(openJob(*m_session, u"job000002"_s));
        QTRY_COMPARE(torn->logPane()->view()->follow(), LogView::Follow::Ended);
        tear(torn);
        QTest::keyClick(torn->window(), Qt::Key_K, Qt::ControlModifier);
        const auto palettes = [torn] { return torn->window()->findChildren<Palette *>(); };
        QTRY_COMPARE(palettes().size(), 1);
        const Palette *palette = palettes().constFirst();
        QVERIFY(palette->isVisible() && palette->line()->hasFocus());
        QVERIFY(!window().palette()->isVisible());
        palette->line()->setText(u":6"_s);
        QTest::keyClick(palette->line(), Qt::Key_Return);
        QCOMPARE(torn->logPane()->view()->currentLine(), 5);
        QVERIFY(!palette->isVisible());
        QCOMPARE(tabs().current(), torn);
        action("app.palette"_L1)->trigger();
        QCOMPARE(palettes().size(), 1);
        QVERIFY(palette->isVisible());
    }
    void aHitInAWindowOfItsOwnComesToTheFront()
    {
        auto *page = new FoundPage;
        tabs().open(page, u"found"_s);
        tear(page);
        window().activateWindow();
        QTRY_VERIFY(tabs().current() != page);
        window().palette()->open(u"needle.example.org"_s);
        QTest::keyClick(window().palette()->line(), Qt::Key_Return);
        QVERIFY(page->isShown);
        QTRY_COMPARE(tabs().current(), page);
    }
    void aWindowOfItsOwnIsFramedToo()
    {
        FakeMaster second;
        const Profile live{u"live"_s, second.url().toString(), ProfileKind::Production};
        const Page *page = openJob(*window().connectTo(live, Secret("token")).value(), u"job000001"_s);
        tear(page);
        QVERIFY2(page->window()->windowTitle().startsWith(u"PROD"_s), qPrintable(page->window()->windowTitle()));
        const QImage picture = page->window()->grab().toImage();
        QCOMPARE(picture.pixelColor(1, picture.height() / 2), m_sample->theme.colors().production);
        tabs().setCurrentIndex(0);
        window().masters().setScope(m_session);
        QVERIFY2(window().windowTitle().startsWith(u"build-master"_s), qPrintable(window().windowTitle()));
    }
};

QTEST_MAIN(TestTornWindow)
#include "tst_tornwindow.moc"
