// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets of one name: for all pipelines, and a pipeline's own.
#include "console/app/renamesecretdialog.h"
#include "console/app/secretfield.h"
#include "console/app/secretspage.h"
#include "console/app/setsecretdialog.h"
#include "console/controllers/secretssession.h"
#include "tests/gui/blueprintsample.h"

#include <QLineEdit>
#include <QPushButton>
#include <QTableView>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestSecretsPage : public QObject
{
    Q_OBJECT
    std::unique_ptr<BlueprintSample> m_sample;
    SecretsPage *m_page = nullptr;
    int m_version = 1;

    FakeReply list() const
    {
        QJsonArray secrets;
        for (const char *scope : {"", "web-shop"})
            secrets.append(QJsonObject{
                {u"name"_s, u"DEPLOY_TOKEN"_s}, {u"scope"_s, QString::fromLatin1(scope)}, {u"version"_s, m_version}});
        secrets.append(QJsonObject{{u"name"_s, u"UNUSED"_s}, {u"version"_s, 1}});
        return {.body = QJsonDocument(QJsonObject{{u"secrets"_s, secrets}}).toJson()};
    }
    int chosenRow() const
    {
        const QModelIndexList rows = m_page->table()->selectionModel()->selectedRows();
        return rows.size() == 1 ? rows.first().row() : -1;
    }

private slots:
    void init()
    {
        m_sample = std::make_unique<BlueprintSample>();
        m_sample->master.on("GET", u"/api/v1/secrets"_s, [this](const FakeRequest &) { return list(); });
        m_page = m_sample->open<SecretsPage>(u"secrets"_s);
        QTRY_COMPARE(m_page->model().rowCount(), 3);
    }
    void cleanup() { m_sample.reset(); }

    void theChosenSecretStaysChosen()
    {
        m_page->table()->selectRow(0);
        QCOMPARE(m_page->model().row(0).info.scope, QString());
        m_version = 2; // another answer: the rows are new
        m_sample->session->secrets().load();
        QTRY_COMPARE(m_page->model().row(0).info.version, 2);
        QCOMPARE(chosenRow(), 0);
        m_page->table()->selectRow(1);
        m_version = 3;
        m_sample->session->secrets().load();
        QTRY_COMPARE(m_page->model().row(1).info.version, 3);
        QCOMPARE(chosenRow(), 1);
    }
    void detailsAreOfTheChosenSecret()
    {
        m_page->table()->selectRow(0); // the web shop has its own
        QCOMPARE(m_page->details().size(), 1);
        m_page->table()->selectRow(1);
        QCOMPARE(m_page->details().last().text, u"pipelines/web-shop.json"_s);
    }
    void noOtherSecretIsOverwrittenByItsName()
    {
        m_page->table()->selectRow(0);
        RenameSecretDialog *rename = m_page->askRename();
        rename->newName()->setText(u"UNUSED"_s);
        rename->field()->findChild<QLineEdit *>()->setText(u"value"_s);
        QVERIFY(!rename->renameButton()->isEnabled());
        QCOMPARE(rename->renameButton()->toolTip(), u"UNUSED is there already."_s);
        rename->newName()->setText(u"USED"_s);
        QVERIFY(rename->renameButton()->isEnabled());
        SetSecretDialog *add = m_page->askValue({});
        add->nameLine()->setText(u"UNUSED"_s);
        add->field()->findChild<QLineEdit *>()->setText(u"value"_s);
        QVERIFY(!add->storeButton()->isEnabled());
        SetSecretDialog *change = m_page->askValue(u"UNUSED"_s);
        change->field()->findChild<QLineEdit *>()->setText(u"value"_s);
        QVERIFY(change->storeButton()->isEnabled());
    }
    void aMasterThatFailsIsNotOneWithoutSecrets()
    {
        m_sample->master.refuseAll(500);
        m_sample->session->secrets().load();
        QTRY_VERIFY(!m_sample->session->secrets().isOffered());
        QVERIFY2(m_page->setAction()->toolTip().contains(u"not loaded"_s), qPrintable(m_page->setAction()->toolTip()));
    }
};

QTEST_MAIN(TestSecretsPage)
#include "tst_secretspage.moc"
