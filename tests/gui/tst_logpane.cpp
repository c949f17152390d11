// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/actionregistry.h"
#include "console/app/consolestyle.h"
#include "console/app/findbar.h"
#include "console/app/logpane.h"

#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestLogPane : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    int m_count = 0;
    ActionRegistry m_actions;
    std::unique_ptr<LogDocument> m_document;
    std::unique_ptr<LogPane> m_pane;

    void open(const QByteArray &bytes)
    {
        m_document =
            std::make_unique<LogDocument>(LogStore::openCache(m_folder.filePath(u"%1.log"_s.arg(++m_count))).value());
        m_pane = std::make_unique<LogPane>(m_actions, lightColors());
        m_pane->resize(900, 500);
        m_pane->setDocument(m_document.get());
        m_pane->show();
        add(bytes);
    }
    void add(const QByteArray &bytes)
    {
        const int64_t before = m_document->bytes();
        m_document->append(bytes, {});
        QTRY_COMPARE(m_document->bytes(), before + bytes.size());
    }
    static QByteArray lines(int count)
    {
        QByteArray bytes;
        for (int i = 1; i <= count; ++i)
            bytes += "line " + QByteArray::number(i) + (i % 100 == 0 ? " needle\n" : "\n");
        return bytes;
    }
    QString countText() const
    {
        QStringList texts;
        for (const QLabel *label : m_pane->findBar()->findChildren<QLabel *>())
            texts.append(label->text());
        return texts.join(u'|');
    }
    int64_t hitLine() const { return m_document->lineAt(m_pane->view()->hit()->begin) + 1; }

private slots:
    void initTestCase() { installLook(); }
    void cleanup()
    {
        m_pane.reset();
        m_document.reset();
    }
    void namesTheKeysInUse()
    {
        open(lines(10));
        QSignalSpy told(m_pane.get(), &LogPane::told);
        const auto texts = [&] {
            told.clear();
            m_pane->nextMark();
            return m_pane->followButton()->toolTip() + (told.isEmpty() ? QString() : told[0][0].toString());
        };
        QVERIFY2(texts().contains(u"(F; End)"_s) && texts().contains(u"(M)"_s), qPrintable(texts()));
        for (const auto &[id, keys] :
             {std::pair("log.follow"_L1, u"Ctrl+J"_s), std::pair("log.mark"_L1, u"Ctrl+B"_s)}) {
            QAction &action = *m_actions.action(id);
            QVERIFY(m_actions.setKeys(action, {QKeySequence(keys)}));
            QVERIFY2(texts().contains(keys), qPrintable(texts()));
            QVERIFY(m_actions.setKeys(action, m_actions.defaultKeys(&action)));
        }
    }
    void typingFindsFromWhereOneLooks()
    {
        open(lines(1000));
        m_pane->view()->showLine(0);
        m_pane->openFind();
        QTest::keyClicks(m_pane->findBar()->findChild<QLineEdit *>(), u"needle"_s);
        QTRY_VERIFY(m_pane->view()->hit());
        QCOMPARE(hitLine(), 100);
        QTRY_VERIFY2(countText().contains(u"1 of 10"_s), qPrintable(countText()));
        QTest::keyClick(m_pane->findBar()->findChild<QLineEdit *>(), Qt::Key_Return);
        QCOMPARE(hitLine(), 200);
        QTest::keyClick(m_pane->findBar()->findChild<QLineEdit *>(), Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(hitLine(), 100);
        m_pane->previousMatch();
        QCOMPARE(hitLine(), 1000); // around the end
        QVERIFY(countText().contains(u"10 of 10"_s));
    }
    void aBrokenExpressionIsExplained()
    {
        open(lines(10));
        m_pane->openFind();
        m_pane->findBar()->setQuery({.text = u"a("_s, .syntax = LogQuery::Syntax::Regex});
        QVERIFY2(countText().contains(u"parenthesis"_s), qPrintable(countText()));
        m_pane->findBar()->setQuery({.text = u"zzz"_s});
        QTRY_VERIFY(countText().contains(u"No match"_s));
    }
    void escapeClosesAndTheMarksGo()
    {
        open(lines(200));
        m_pane->openFind();
        m_pane->findBar()->setQuery({.text = u"needle"_s});
        QTRY_VERIFY(m_pane->view()->hit());
        QTest::keyClick(m_pane->findBar(), Qt::Key_Escape);
        QVERIFY(!m_pane->findBar()->isVisible());
        QVERIFY(!m_pane->view()->hit());
    }
    void errorsAreWalkedAndTheEndIsSaid()
    {
        open(lines(300) + "error: one\n" + lines(300) + "fatal: two\n" + lines(100));
        QSignalSpy told(m_pane.get(), &LogPane::told);
        m_pane->view()->showLine(0);
        m_pane->nextError();
        QTRY_VERIFY(m_pane->view()->hit());
        QCOMPARE(hitLine(), 301);
        m_pane->nextError();
        QTRY_COMPARE(hitLine(), 602);
        const int64_t top = m_pane->view()->firstLine();
        m_pane->nextError();
        QTRY_COMPARE(told.size(), 1);
        QCOMPARE(m_pane->view()->firstLine(), top);
        m_pane->previousError();
        QCOMPARE(hitLine(), 301);
    }
    void withoutErrorsNothingMoves()
    {
        open(lines(300));
        QSignalSpy told(m_pane.get(), &LogPane::told);
        const int64_t top = m_pane->view()->firstLine();
        m_pane->nextError();
        QTRY_COMPARE(told.size(), 1);
        QCOMPARE(m_pane->view()->firstLine(), top);
        QCOMPARE(m_pane->view()->follow(), LogView::Follow::Following);
    }
    void theFollowButtonHasThreeStates()
    {
        open(lines(500));
        QToolButton *button = m_pane->followButton();
        QCOMPARE(button->text(), u"Following"_s);
        QTest::keyClick(m_pane->view(), Qt::Key_Home);
        QVERIFY2(button->text().contains(u"lines below"_s), qPrintable(button->text()));
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(button->text(), u"Following"_s);
        m_document->finish();
        QCOMPARE(button->text(), u"Ended"_s);
        QVERIFY(!button->icon().isNull());
    }
    void singleKeysWorkInTheLogOnly()
    {
        open(lines(500));
        QSignalSpy find(m_actions.action("log.find"_L1), &QAction::triggered);
        QSignalSpy follow(m_actions.action("log.follow"_L1), &QAction::triggered);
        QSignalSpy error(m_actions.action("log.previousError"_L1), &QAction::triggered);
        m_pane->activateWindow();
        m_pane->view()->setFocus();
        QVERIFY(QTest::qWaitForWindowActive(m_pane.get()));
        QTest::keyClick(m_pane->view(), Qt::Key_F);
        QTest::keyClick(m_pane->view(), Qt::Key_Slash);
        QTest::keyClick(m_pane->view(), Qt::Key_E, Qt::ShiftModifier);
        QCOMPARE(follow.size(), 1);
        QCOMPARE(find.size(), 1);
        QCOMPARE(error.size(), 1);
        m_pane->openFind();
        QTest::keyClicks(m_pane->findBar()->findChild<QLineEdit *>(), u"f"_s);
        QCOMPARE(follow.size(), 1);
    }
    void goesToALine()
    {
        open(lines(500));
        m_pane->goTo();
        auto *dialog = m_pane->findChild<QInputDialog *>();
        QVERIFY(dialog);
        dialog->setTextValue(u"42"_s);
        dialog->accept();
        const int64_t first = m_pane->view()->firstLine();
        QVERIFY(first <= 41 && first + m_pane->view()->visibleLines() > 41);
        QCOMPARE(m_pane->view()->follow(), LogView::Follow::Paused);
    }
    void fastOutputKeepsTheLoopAlive()
    {
        open({});
        m_document->append("start\n", {});
        QElapsedTimer gap;
        gap.start();
        qint64 worst = 0;
        QTimer ticker;
        connect(&ticker, &QTimer::timeout, this, [&] { worst = std::max(worst, gap.restart()); });
        ticker.start(1);
        int sent = 0;
        QTimer producer;
        connect(&producer, &QTimer::timeout, this, [&] {
            for (int i = 0; i < 500; ++i)
                m_document->append(
                    "a line of output with \x1b[32mcolour\x1b[0m in it, about one hundred bytes long ...........\n",
                    {});
            sent += 500;
        });
        producer.start(10); // 50 000 lines/s
        QTRY_VERIFY_WITH_TIMEOUT(sent >= 100'000, 20'000);
        producer.stop();
        QTRY_COMPARE(m_document->lineCount(), sent + 1);
        QCOMPARE(m_pane->view()->linesBelow(), 0);
        qInfo("longest gap of the event loop: %lld ms", worst);
    }
};

QTEST_MAIN(TestLogPane)
#include "tst_logpane.moc"
