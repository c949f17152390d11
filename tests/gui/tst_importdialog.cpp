// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/importdialog.h"
#include "shared/api/apiclient.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakehttp.h"

#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestImportDialog : public QObject
{
    Q_OBJECT
    FakeClock m_clock;

private slots:
    void aLateAnswerToAnEarlierQuestionIsNotTaken()
    {
        QHash<QByteArray, QPointer<FakeConnection>> asked; // by the job
        const FakeHttpServer server([&](const FakeRequest &request, FakeConnection &connection) {
            asked.insert(request.body.contains("first") ? "first" : "second", &connection);
        });
        api::ApiClient client({server.url(), nullptr});
        const QSignalSpy finished(&client.network(), &QNetworkAccessManager::finished);
        EgressSession egress(client, m_clock);
        ImportDialog dialog(egress, {u"first"_s});
        QTRY_VERIFY(asked.value("first"));
        dialog.findChild<QLineEdit *>()->setText(u"second"_s);
        for (QPushButton *button : dialog.findChildren<QPushButton *>()) {
            if (button->isDefault())
                button->click();
        }
        QTRY_VERIFY(asked.value("second"));
        asked.value("second")->reply({.body = R"({"entries":[{"entry":"second.example.org"}]})"});
        QTRY_COMPARE(dialog.entries(), QStringList{u"second.example.org"_s});
        asked.value("first")->reply({.body = R"({"entries":[{"entry":"first.example.org"}]})"});
        QTRY_COMPARE(finished.size(), 2);
        QCOMPARE(dialog.entries(), QStringList{u"second.example.org"_s});
    }
};

QTEST_MAIN(TestImportDialog)
#include "tst_importdialog.moc"
