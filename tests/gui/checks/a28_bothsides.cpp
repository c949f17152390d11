// SPDX-License-Identifier: GPL-3.0-or-later
// A28: form and text show one document, whichever of them is edited.
#include "console/app/blueprintbar.h"
#include "console/app/configform.h"
#include "console/app/configpage.h"
#include "console/app/jsontextedit.h"
#include "tests/gui/blueprintsample.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestBothSides : public QObject
{
    Q_OBJECT
    std::unique_ptr<BlueprintSample> m_sample;
    ConfigPage *m_page = nullptr;

    template <class Editor> Editor *editor(const QString &pointer)
    {
        return qobject_cast<Editor *>(m_page->form()->editorOf(pointer));
    }
    /// All three: the document, the text on the screen, the field.
    void agreeOn(const QString &pointer, const QJsonValue &value, const QString &field)
    {
        const BlueprintDocument &document = m_sample->config();
        QVERIFY(document.isReadable());
        QCOMPARE(document.valueAt(pointer), value);
        QCOMPARE(m_page->text()->toPlainText(), document.plainText());
        QWidget *shown = m_page->form()->editorOf(pointer);
        QVERIFY(shown);
        if (auto *line = qobject_cast<QLineEdit *>(shown))
            QCOMPARE(line->text(), field);
        else if (auto *choice = qobject_cast<QComboBox *>(shown))
            QCOMPARE(choice->currentData().toString(), field);
        else if (auto *lines = qobject_cast<QPlainTextEdit *>(shown))
            QCOMPARE(lines->toPlainText(), field);
    }
    void replaceInText(const QString &before, const QString &after)
    {
        QTextCursor cursor = m_page->text()->QPlainTextEdit::document()->find(before);
        QVERIFY2(!cursor.isNull(), qPrintable(before));
        cursor.insertText(after);
    }

private slots:
    void init()
    {
        m_sample = std::make_unique<BlueprintSample>();
        m_page = m_sample->open<ConfigPage>(u"config"_s);
        QVERIFY(m_page);
    }
    void cleanup() { m_sample.reset(); }

    void formThenTextThenForm()
    {
        const QString days = u"/spec/retention/logs_days"_s;
        agreeOn(days, 30, u"30"_s);

        editor<QLineEdit>(days)->setText(u"14"_s);
        agreeOn(days, 14, u"14"_s);
        replaceInText(u"\"logs_days\": 14"_s, u"\"logs_days\": 60"_s);
        agreeOn(days, 60, u"60"_s);
        editor<QLineEdit>(days)->setText(u"7"_s);
        agreeOn(days, 7, u"7"_s);

        const QString mode = u"/spec/egress_mode"_s;
        editor<QComboBox>(mode)->setCurrentIndex(editor<QComboBox>(mode)->findData(u"audit"_s));
        agreeOn(mode, u"audit"_s, u"audit"_s);
        replaceInText(u"\"audit\""_s, u"\"enforce\""_s);
        agreeOn(mode, u"enforce"_s, u"enforce"_s);
        editor<QComboBox>(mode)->setCurrentIndex(0); // not set
        agreeOn(mode, QJsonValue(QJsonValue::Undefined), QString());

        const QString list = u"/spec/egress_allowlist"_s;
        editor<QPlainTextEdit>(list)->appendPlainText(u"new.example.org"_s);
        QCOMPARE(m_sample->config().listAt(list).last(), u"new.example.org"_s);
        replaceInText(u"new.example.org"_s, u"newer.example.org"_s);
        QVERIFY(editor<QPlainTextEdit>(list)->toPlainText().endsWith(u"newer.example.org"_s));

        while (m_sample->config().undoStack().canUndo())
            m_page->bar()->undoAction()->trigger();
        QCOMPARE(m_sample->config().text(), QByteArray(sampleConfig));
        agreeOn(days, 30, u"30"_s);
        agreeOn(mode, u"enforce"_s, u"enforce"_s);
    }
    void brokenTextDisablesTheFormAndStays()
    {
        const QString days = u"/spec/retention/logs_days"_s;
        replaceInText(u"\"logs_days\": 30"_s, u"\"logs_days\": "_s);
        const QString broken = m_page->text()->toPlainText();
        QVERIFY(!m_sample->config().isReadable());
        QVERIFY(!editor<QLineEdit>(days)->isEnabled());
        QVERIFY2(m_page->form()->disabledText().contains(u"line 16"_s), qPrintable(m_page->form()->disabledText()));
        QCOMPARE(editor<QLineEdit>(days)->text(), u"30"_s); // as last readable
        editor<QLineEdit>(days)->setText(u"5"_s);           // even a program gets nothing in
        QCOMPARE(m_page->text()->toPlainText(), broken);
        m_sample->workspace().validateNow();
        QVERIFY(m_sample->workspace().hasErrors());
        QVERIFY(!m_page->bar()->commitButton()->isEnabled());

        replaceInText(u"\"logs_days\": "_s, u"\"logs_days\": 21"_s);
        QVERIFY(editor<QLineEdit>(days)->isEnabled());
        QVERIFY(m_page->form()->disabledText().isEmpty());
        agreeOn(days, 21, u"21"_s);
    }
    void unknownKeysAreListedAndKept()
    {
        QVERIFY2(m_page->form()->unknownText().contains(u"/spec/x-owner"_s), qPrintable(m_page->form()->unknownText()));
        QVERIFY(m_page->form()->unknownText().contains(u"/spec/retention/x-note"_s));
        editor<QLineEdit>(u"/spec/retention/logs_days"_s)->setText(u"1"_s);
        QVERIFY(m_sample->config().text().contains("\"x-owner\": \"build team\""));
        QVERIFY(m_sample->config().text().contains("\"x-note\": \"kept\""));
    }
    void aFindingShowsItsPlace()
    {
        replaceInText(u"\"enforce\""_s, u"\"everything\""_s);
        QTRY_VERIFY(m_sample->workspace().hasErrors()); // by the timer of 300 ms
        const QAbstractItemModel *findings = m_page->findings()->model();
        QVERIFY(findings->index(0, FindingsModel::MessageColumn).data().toString().contains(u"egress_mode"_s));
        emit m_page->findings()->clicked(findings->index(0, 0));
        QCOMPARE(m_page->text()->textCursor().selectedText(), u"\"everything\""_s);
    }
    void undoKeysInTheTextAreTheDocuments()
    {
        editor<QLineEdit>(u"/spec/retention/logs_days"_s)->setText(u"1"_s);
        QTest::keySequence(m_page->text(), QKeySequence(QKeySequence::Undo));
        QCOMPARE(m_sample->config().text(), QByteArray(sampleConfig));
        QCOMPARE(editor<QLineEdit>(u"/spec/retention/logs_days"_s)->text(), u"30"_s);
    }
    void pipelinesHaveAFormToo()
    {
        m_page->showFile(u"pipelines/web-shop.json"_s);
        auto *image = editor<QLineEdit>(u"/spec/worker/image"_s);
        QVERIFY(image);
        QCOMPARE(image->text(), u"debian:13"_s);
        image->setText(u"debian:12"_s);
        BlueprintDocument *document = m_sample->workspace().document(u"pipelines/web-shop.json"_s);
        QCOMPARE(document->text(), QByteArray(samplePipeline).replace("debian:13", "debian:12"));
    }
};

QTEST_MAIN(TestBothSides)
#include "a28_bothsides.moc"
