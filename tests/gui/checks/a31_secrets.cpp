// SPDX-License-Identifier: GPL-3.0-or-later
// A31: no value of a secret stays anywhere in the console, and who uses it is counted right.
#include "console/app/messagebar.h"
#include "console/app/renamesecretdialog.h"
#include "console/app/secretfield.h"
#include "console/app/secretspage.h"
#include "console/app/setsecretdialog.h"
#include "console/controllers/secretssession.h"
#include "tests/gui/blueprintsample.h"
#include "tests/support/fakesecrets.h"

#include <QAbstractItemModelTester>
#include <QAbstractItemView>
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDirIterator>
#include <QLabel>
#include <QLineEdit>
#include <QLoggingCategory>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr char value[] = "hunter2-\"quoted\"-\\-7d1f0c5e9b";
QStringList messages; // everything that was logged

void keepMessage(QtMsgType, const QMessageLogContext &, const QString &text)
{
    messages.append(text);
}

} // namespace

class TestSecrets : public QObject
{
    Q_OBJECT
    std::unique_ptr<BlueprintSample> m_sample;
    std::unique_ptr<FakeSecrets> m_secrets;
    SecretsPage *m_page = nullptr;

    static bool isIn(const QString &text) { return text.contains(QString::fromLatin1(value)); }

    /// Every property of every object (texts, tooltips, accessible names), what widgets show, every role of every
    /// model.
    static QStringList placesOfValue()
    {
        QStringList places;
        QObjectList objects;
        for (QWidget *widget : QApplication::allWidgets())
            objects << widget << widget->findChildren<QObject *>();
        for (QObject *object : std::as_const(objects)) {
            const QMetaObject *meta = object->metaObject();
            for (int i = 0; i < meta->propertyCount(); ++i) {
                const QMetaProperty property = meta->property(i);
                if (property.isReadable() && isIn(property.read(object).toString()))
                    places.append(
                        u"%1.%2"_s.arg(QLatin1StringView(meta->className()), QLatin1StringView(property.name())));
            }
            if (auto *view = qobject_cast<QAbstractItemView *>(object); view && view->model())
                places += rolesWithValue(*view->model());
        }
        return places;
    }
    static QStringList rolesWithValue(const QAbstractItemModel &model)
    {
        QStringList places;
        for (int row = 0; row < model.rowCount(); ++row) {
            for (int column = 0; column < model.columnCount(); ++column) {
                for (int role = 0; role < Qt::UserRole + 32; ++role) {
                    if (isIn(model.index(row, column).data(role).toString()))
                        places.append(u"role %1"_s.arg(role));
                }
            }
        }
        return places;
    }
    bool isOnDisk() const
    {
        QDirIterator files(m_sample->folder.path(), QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (file.open(QIODevice::ReadOnly) && file.readAll().contains("hunter2"))
                return true;
        }
        return false;
    }
    int rowOf(const QString &name)
    {
        for (int row = 0; row < m_page->model().rowCount(); ++row) {
            if (m_page->model().row(row).info.name == name)
                return row;
        }
        return -1;
    }
    QString shown(const QString &name, SecretsModel::Column column)
    {
        return m_page->model().index(rowOf(name), column).data().toString();
    }

private slots:
    void init()
    {
        messages.clear();
        m_sample = std::make_unique<BlueprintSample>();
        QByteArray config = sampleConfig;
        config.replace(
            "\"observability\": {}",
            R"("git_authentication": [{"host": "git.example.org", "type": "https_token", "secret": "GIT_TOKEN"}])");
        QByteArray other = samplePipeline;
        other.replace("web-shop", "firmware").replace("[\"DEPLOY_TOKEN\"]", R"(["DEPLOY_TOKEN", "SIGNING_KEY"])");
        m_sample->blueprint.move({{u"config.json"_s, config}, {u"pipelines/firmware.json"_s, other}});
        m_secrets = std::make_unique<FakeSecrets>(m_sample->master);
        m_secrets->secrets = {{u"DEPLOY_TOKEN"_s, {.value = "old", .version = 3, .usedBy = {u"web-shop"_s}}},
                              {u"UNUSED"_s, {.value = "x"}}};
        m_secrets->accept(u"DEPLOY_TOKEN"_s);
        m_secrets->accept(u"SIGNING_KEY"_s);
        m_secrets->accept(u"DEPLOY_KEY"_s);
        m_page = m_sample->open<SecretsPage>(u"secrets"_s);
        QVERIFY(m_page);
        QTRY_VERIFY(rowOf(u"UNUSED"_s) >= 0 && rowOf(u"GIT_TOKEN"_s) >= 0);
    }
    void cleanup()
    {
        m_sample.reset();
        m_secrets.reset();
    }

    void countsWhoUsesAndWhatIsMissing()
    {
        const QAbstractItemModelTester tester(&m_page->model());
        QCOMPARE(m_page->model().rowCount(), 4);
        QCOMPARE(m_page->model().row(rowOf(u"DEPLOY_TOKEN"_s)).users, (QStringList{u"web-shop"_s, u"firmware"_s}));
        QVERIFY(shown(u"DEPLOY_TOKEN"_s, SecretsModel::UsedByColumn).startsWith(u"2"_s));
        QCOMPARE(shown(u"DEPLOY_TOKEN"_s, SecretsModel::VersionColumn), u"3"_s);
        QCOMPARE(shown(u"UNUSED"_s, SecretsModel::UsedByColumn), u"nobody"_s);
        QCOMPARE(m_page->model().missingCount(), 2); // GIT_TOKEN of a git host, SIGNING_KEY of a pipeline
        QCOMPARE(shown(u"GIT_TOKEN"_s, SecretsModel::StateColumn), u"missing"_s);
        QVERIFY(m_page->noteText().contains(u"2"_s));
    }
    void aPipelinesOwnSecretIsNobodyElses()
    {
        SecretsModel model(m_sample->clock);
        const QList<SecretReference> references{{u"KEY"_s, u"web-shop"_s, {}, {}, u"web-shop"_s},
                                                {u"KEY"_s, u"firmware"_s, {}, {}, u"firmware"_s},
                                                {u"BOTH"_s, u"web-shop"_s, {}, {}, u"web-shop"_s},
                                                {u"BOTH"_s, u"git.example.org"_s, {}, {}, {}}};
        model.setSecrets(QList<SecretInfo>{{.name = u"BOTH"_s},
                                           {.name = u"BOTH"_s, .scope = u"web-shop"_s},
                                           {.name = u"KEY"_s, .scope = u"web-shop"_s}},
                         references);
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(model.missingCount(), 1);
        QCOMPARE(model.row(0).users, QStringList{u"firmware"_s}); // missing ones first
        QVERIFY(model.row(0).isMissing);
        QCOMPARE(model.row(1).users, QStringList{u"git.example.org"_s});
        QCOMPARE(model.row(2).users, QStringList{u"web-shop"_s});
        QCOMPARE(model.row(3).users, QStringList{u"web-shop"_s});
        const auto found = secretReferences(m_sample->workspace());
        const auto ofPipeline = std::ranges::find(found, u"SIGNING_KEY"_s, &SecretReference::secret);
        const auto ofGit = std::ranges::find(found, u"GIT_TOKEN"_s, &SecretReference::secret);
        QVERIFY(ofPipeline != found.end() && ofPipeline->scope == "firmware"_L1);
        QVERIFY(ofGit != found.end() && ofGit->scope.isEmpty());
    }
    void aStoredValueLeavesNoTrace()
    {
        const auto handler = qInstallMessageHandler(keepMessage);
        QLoggingCategory::setFilterRules(u"*.debug=true"_s);
        SetSecretDialog *dialog = m_page->askValue(u"DEPLOY_TOKEN"_s);
        QVERIFY(!dialog->storeButton()->isEnabled());
        dialog->field()->line()->setText(QString::fromLatin1(value));
        QVERIFY(dialog->storeButton()->isEnabled());
        QVERIFY(!isIn(dialog->field()->line()->displayText()));
        dialog->storeButton()->click();
        QVERIFY(dialog->field()->isEmpty()); // at once, not when the answer comes
        dialog->field()->line()->undo();
        QCOMPARE(dialog->field()->line()->text(), QString());
        QTRY_COMPARE(m_secrets->secrets[u"DEPLOY_TOKEN"_s].value, QByteArray(value));
        QTRY_COMPARE(shown(u"DEPLOY_TOKEN"_s, SecretsModel::VersionColumn), u"4"_s);
        QLoggingCategory::setFilterRules(QString());
        qInstallMessageHandler(handler);
        QCOMPARE(placesOfValue(), QStringList());
        QVERIFY2(!isIn(messages.join(u'\n')), qPrintable(messages.join(u'\n')));
        QVERIFY(!isOnDisk());
    }
    void aRefusedValueLeavesNoTraceEither()
    {
        m_sample->master.on("PUT", u"/api/v1/secrets/DEPLOY_TOKEN"_s, [](const FakeRequest &) {
            return FakeReply{.status = 403,
                             .body = R"({"title":"Forbidden","status":403,"detail":"not your secret"})",
                             .contentType = "application/problem+json"};
        });
        SetSecretDialog *dialog = m_page->askValue(u"DEPLOY_TOKEN"_s);
        dialog->field()->line()->setText(QString::fromLatin1(value));
        dialog->storeButton()->click();
        QTRY_VERIFY2(dialog->problemText().contains(u"not your secret"_s), qPrintable(dialog->problemText()));
        QCOMPARE(placesOfValue(), QStringList());
        QVERIFY(!dialog->storeButton()->isEnabled()); // it has to be entered again
    }
    void aCancelledDialogForgets()
    {
        SetSecretDialog *dialog = m_page->askValue({});
        dialog->field()->line()->setText(QString::fromLatin1(value));
        QTest::keyClick(dialog, Qt::Key_Escape);
        QCOMPARE(placesOfValue(), QStringList());
    }
    void aFileWithSeveralLinesIsStoredExactly()
    {
        const QByteArray key = "-----BEGIN KEY-----\nab\tc\n-----END KEY-----\n";
        QFile file(m_sample->folder.filePath(u"key.pem"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(key) == key.size());
        file.close();
        SetSecretDialog *dialog = m_page->askValue(u"SIGNING_KEY"_s);
        QVERIFY(dialog->field()->readFile(file.fileName()));
        dialog->storeButton()->click();
        QTRY_COMPARE(m_secrets->secrets[u"SIGNING_KEY"_s].value, key);
        QTRY_COMPARE(m_page->model().missingCount(), 1);
    }
    void renamingMovesTheReferences()
    {
        m_page->table()->selectRow(rowOf(u"DEPLOY_TOKEN"_s));
        RenameSecretDialog *dialog = m_page->askRename();
        QVERIFY(dialog);
        QVERIFY(dialog->referencesText().contains(u"pipelines/firmware.json"_s));
        QVERIFY(dialog->referencesText().contains(u"pipelines/web-shop.json"_s));
        dialog->newName()->setText(u"DEPLOY_KEY"_s);
        dialog->field()->line()->setText(QString::fromLatin1(value));
        dialog->renameButton()->click();
        QTRY_COMPARE(m_secrets->secrets[u"DEPLOY_KEY"_s].value, QByteArray(value));
        QTRY_COMPARE(m_sample->workspace().changedFiles().size(), 2);
        for (const auto &[path, text] : m_sample->workspace().changedFiles().asKeyValueRange())
            QVERIFY2(text.contains("DEPLOY_KEY") && !text.contains("DEPLOY_TOKEN"), qPrintable(path));
        QVERIFY(m_secrets->secrets.contains(u"DEPLOY_TOKEN"_s)); // until somebody deletes it
        QTRY_COMPARE(shown(u"DEPLOY_KEY"_s, SecretsModel::StateColumn), u"defined"_s);
        QCOMPARE(placesOfValue(), QStringList());
    }
    void renamingMovesOnlyWhoGetsThatSecret()
    {
        SecretInfo ofAll;
        ofAll.name = u"DEPLOY_TOKEN"_s;
        SecretInfo ofFirmware = ofAll;
        ofFirmware.scope = u"firmware"_s;
        const auto filesOf = [&](const SecretInfo &secret) {
            QStringList files;
            for (const SecretReference &reference :
                 referencesTo(m_sample->workspace(), {ofAll, ofFirmware}, secret.name, secret.scope))
                files.append(reference.file);
            return files;
        };
        QCOMPARE(filesOf(ofFirmware), QStringList{u"pipelines/firmware.json"_s});
        QCOMPARE(filesOf(ofAll), QStringList{u"pipelines/web-shop.json"_s});
    }
    void withoutTheBlueprintNobodyKnowsWhoUsesOne()
    {
        m_sample = std::make_unique<BlueprintSample>();
        m_secrets = std::make_unique<FakeSecrets>(m_sample->master);
        m_secrets->secrets = {{u"UNUSED"_s, {.value = "x"}}};
        m_sample->master.on("GET", u"/api/v1/blueprint"_s, [](const FakeRequest &) {
            return FakeReply{.status = 503,
                             .body = R"({"title":"Unavailable","status":503,"detail":"no Blueprint yet"})",
                             .contentType = "application/problem+json"};
        });
        const MasterSession *session = m_sample->connectWindow().value();
        QTRY_VERIFY(session->isLive());
        m_sample->window->openPage(u"secrets"_s);
        m_page = qobject_cast<SecretsPage *>(m_sample->window->tabs()->currentWidget());
        QTRY_VERIFY(rowOf(u"UNUSED"_s) >= 0);
        QCOMPARE(shown(u"UNUSED"_s, SecretsModel::UsedByColumn), u"not known"_s);
        m_page->table()->selectRow(rowOf(u"UNUSED"_s));
        const auto action = [this](const QString &name) {
            const QList<QAction *> all = m_page->findChildren<QAction *>();
            return *std::ranges::find(all, name, &QAction::text);
        };
        QVERIFY(!action(u"Rename…"_s)->isEnabled());
        QVERIFY(action(u"Rename…"_s)->toolTip().contains(u"not loaded"_s));
        action(u"Delete…"_s)->trigger();
        const auto *question = m_page->findChild<QMessageBox *>();
        QVERIFY(question);
        QVERIFY2(question->text().contains(u"is not known"_s), qPrintable(question->text()));
        QCOMPARE(question->defaultButton(), question->button(QMessageBox::Cancel)); // Enter does not delete
    }
    void aMasterWithoutSecretsSaysSo()
    {
        m_sample->master.on("GET", u"/api/v1/secrets"_s, [](const FakeRequest &) {
            return FakeReply{.status = 404,
                             .body = R"({"title":"Not found","status":404,"detail":"no such path"})",
                             .contentType = "application/problem+json"};
        });
        m_sample->session->secrets().load();
        QTRY_VERIFY2(m_page->noteText().contains(u"does not manage secrets"_s), qPrintable(m_page->noteText()));
        QVERIFY(!m_page->setAction()->isEnabled());
        QVERIFY(m_page->setAction()->toolTip().contains(u"does not manage"_s));
        QCOMPARE(m_page->model().missingCount(), 0); // nobody knows
        QCOMPARE(shown(u"GIT_TOKEN"_s, SecretsModel::StateColumn), u"not known"_s);
    }
};

QTEST_MAIN(TestSecrets)
#include "a31_secrets.moc"
