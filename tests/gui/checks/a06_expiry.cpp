// SPDX-License-Identifier: GPL-3.0-or-later
// A6: the token ends while a log streams and somebody edits: the stream goes on where it was, the edits stay.
#include "console/app/jobpage.h"
#include "console/app/logpane.h"
#include "console/app/mastersactions.h"
#include "console/app/pagehost.h"
#include "console/app/signinbar.h"
#include "tests/gui/sample.h"
#include "tests/support/fakedex.h"

#include <QDialog>
#include <QSignalSpy>
#include <QTableWidget>
#include <QVBoxLayout>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

/// Any editor: rows that nobody has saved.
class EditedPage : public Page
{
public:
    explicit EditedPage(MasterSession *master) : m_master(master), m_table(new QTableWidget(1, 1, this))
    {
        m_table->setItem(0, 0, new QTableWidgetItem(u"packages.example.org"_s));
    }
    QString title() const override { return u"Edited"_s; }
    MasterSession *master() const override { return m_master; }
    QString unsaved() const override { return u"1 edit"_s; }
    QString row() const { return m_table->item(0, 0)->text(); }

private:
    MasterSession *m_master;
    QTableWidget *m_table;
};

} // namespace

class A6 : public QObject
{
    Q_OBJECT
    static void printLines(Sample &sample, int from, int to)
    {
        for (int i = from; i <= to; ++i)
            sample.print(JobId(u"job000003"_s), 1, "line " + QByteArray::number(i));
    }
    static QByteArray shown(const JobPage *page)
    {
        return page->logPane()->view()->document()->snapshot().bytes().toByteArray();
    }
    /// The shortest way to a first pair of tokens: the code, of which nobody waits for the interval here.
    MasterSession *signIn(Sample &sample, const Profile &profile)
    {
        std::shared_ptr<Result<TokenSet>> result;
        SignIn::Settings fast = signInSettings(profile);
        fast.second = milliseconds(10);
        SignIn device(fast);
        connect(&device, &SignIn::finished, this, [&](const auto &made) { result = made; });
        device.start(SignInWay::Code);
        if (!QTest::qWaitFor([&] { return result != nullptr; }) || !*result)
            return nullptr;
        return sample.window->credentials().signIn(profile, std::move(**result), Credentials::Keep::InMemory).value();
    }
    /// To a master that takes the provider's first token only.
    MasterSession *signInBy(FakeDex &dex, Sample &sample)
    {
        sample.master.events().setHeartbeat(milliseconds(200));
        sample.addExamples();
        sample.master.requireToken("token-1");
        dex.pendingAnswers = 0;
        return signIn(sample, {u"live"_s, sample.master.url().toString(), ProfileKind::Development, dex.issuer()});
    }
    static QByteArray lastEventId(Sample &sample)
    {
        QByteArray id;
        for (const FakeRequest &request : sample.master.requests()) {
            if (request.path.endsWith("/logs/stream"_L1))
                id = request.headers.value("last-event-id");
        }
        return id;
    }

private slots:
    void theStreamGoesOnAtItsOffsetWithTheNewToken()
    {
        Sample sample;
        sample.master.events().setHeartbeat(milliseconds(200));
        sample.addExamples();
        sample.master.requireToken("old");
        sample.window->show();
        const Profile profile{u"live"_s, sample.master.url().toString(), ProfileKind::Development};
        MasterSession *session = sample.window->connectTo(profile, Secret("old")).value();
        QTRY_VERIFY(session->isLive());
        auto *edited = new EditedPage(session);
        sample.window->tabs()->open(edited, u"edited"_s);
        sample.window->openJob(*session, JobId(u"job000003"_s));
        JobPage *page = sample.window->jobPage();
        const QByteArray before = sample.master.logBytes(JobId(u"job000003"_s));
        QTRY_COMPARE(shown(page), before);
        QVERIFY(!sample.window->signInBar()->isVisible());

        sample.master.requireToken("new");
        sample.master.server().closeConnections(); // as the master does at a token's end
        QTRY_COMPARE_WITH_TIMEOUT(session->connection().state, ConnectionState::SignInNeeded, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(sample.window->signInBar()->isVisible(), 5'000);
        const auto asked = [&] {
            return std::count_if(sample.master.requests().begin(), sample.master.requests().end(),
                                 [](const FakeRequest &request) { return request.path.endsWith("/logs/stream"_L1); });
        };
        QTRY_COMPARE_WITH_TIMEOUT(asked(), 2, 20'000); // the log has asked with the old token, too,
        QTest::qWait(500);                             // and been refused
        printLines(sample, 1, 50);                     // meanwhile
        QCOMPARE(sample.window->tabs()->count(), 3);

        QVERIFY(sample.window->mastersActions().connectWith(profile, Secret("new"), Credentials::Keep::InMemory));
        QTRY_VERIFY_WITH_TIMEOUT(session->isLive(), 20'000);
        const QByteArray after = sample.master.logBytes(JobId(u"job000003"_s));
        QVERIFY(after.size() > before.size());
        QTRY_COMPARE_WITH_TIMEOUT(shown(page), after, 20'000); // none lost, none twice
        QVERIFY2(lastEventId(sample).contains(QByteArray::number(before.size())), lastEventId(sample).constData());
        QVERIFY(!sample.window->signInBar()->isVisible());
        QCOMPARE(edited->row(), u"packages.example.org"_s);
        QCOMPARE(edited->unsaved(), u"1 edit"_s);
    }
    void aProviderThatIsAwayForAWhileIsAskedAgain()
    {
        FakeDex dex;
        Sample sample;
        MasterSession *session = signInBy(dex, sample);
        QVERIFY(session);
        QTRY_VERIFY(session->isLive());
        QSignalSpy asked(&sample.window->credentials(), &Credentials::signInNeeded);
        dex.badGateways = 1;
        sample.master.requireToken("token-2");
        sample.master.server().closeConnections();
        QTRY_COMPARE_WITH_TIMEOUT(dex.count(u"/token"_s), 2, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(session->isLive(), 20'000); // at the next attempt, some seconds later
        QCOMPARE(dex.tokens(), 2);
        QCOMPARE(asked.size(), 0);
    }
    void aRefreshTokenRenewsWithoutAsking()
    {
        FakeDex dex;
        Sample sample;
        MasterSession *session = signInBy(dex, sample);
        QVERIFY(session);
        QTRY_VERIFY(session->isLive());
        sample.master.requireToken("token-2");
        sample.master.server().closeConnections();
        QTRY_COMPARE_WITH_TIMEOUT(dex.tokens(), 2, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(session->isLive(), 20'000);
        QVERIFY(!sample.window->findChild<QDialog *>());

        // A master that refuses even the fresh one is not asked again and again: the operator is.
        QSignalSpy asked(&sample.window->credentials(), &Credentials::signInNeeded);
        sample.master.requireToken("nobody's");
        sample.master.server().closeConnections();
        QTRY_COMPARE_WITH_TIMEOUT(asked.size(), 1, 20'000);
        QCOMPARE(dex.tokens(), 2);
    }
};

QTEST_MAIN(A6)
#include "a06_expiry.moc"
