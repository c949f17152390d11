// SPDX-License-Identifier: GPL-3.0-or-later
// A log pane over a cache or a file, as the checks of the log view need it.
#pragma once

#include "console/app/actionregistry.h"
#include "console/app/bottomtabs.h"
#include "console/app/consolestyle.h"
#include "console/app/findbar.h"
#include "console/app/logactions.h"
#include "console/app/logpane.h"
#include "console/app/logpickview.h"
#include "tests/gui/checks/loopwatch.h"

#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

namespace danube::tests {

class LogFixture
{
public:
    LogFixture()
    {
        console::installLook();
        console::connectLogActions(m_actions, &m_actions, [this] { return m_pane.get(); });
    }
    ~LogFixture() { close(); }

    console::LogPane &pane() { return *m_pane; }
    console::LogView &view() { return *m_pane->view(); }
    console::LogDocument &document() { return *m_document; }
    QString path(const QString &name) const { return m_folder.filePath(name); }

    void openCache(const QByteArray &bytes, const console::LogRun &run = {})
    {
        show(console::LogStore::openCache(path(QStringLiteral("%1.log").arg(++m_count))));
        if (bytes.isEmpty())
            return;
        m_document->append(bytes, run);
        QVERIFY(QTest::qWaitFor([&] { return m_document->bytes() == bytes.size(); }, 60'000));
    }
    void openFile(const QString &file) { show(console::LogStore::openFile(file)); }
    /// Another log in the same window.
    void replaceBy(const QString &file)
    {
        auto store = console::LogStore::openFile(file);
        QVERIFY2(store, store ? "" : qPrintable(store.error().message));
        auto document = std::make_unique<console::LogDocument>(std::move(*store));
        m_pane->setDocument(document.get());
        std::swap(m_document, document);
    }
    void close()
    {
        m_pane.reset();
        m_document.reset();
    }
    void add(const QByteArray &bytes, const console::LogRun &run = {})
    {
        const int64_t before = m_document->receivedBytes();
        m_document->append(bytes, run);
        QVERIFY(QTest::qWaitFor([&] { return m_document->bytes() >= before + bytes.size(); }, 60'000));
    }
    void press(int key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(m_pane->view(), Qt::Key(key), modifiers);
    }
    /// Waits until the search has come to its end.
    bool find(const console::LogQuery &query)
    {
        m_pane->openFind();
        m_pane->findBar()->setQuery(query);
        return QTest::qWaitFor(
            [&] { return countText().contains(QStringLiteral(" of ")) && !countText().endsWith(u'+'); }, 60'000);
    }
    QString countText() const
    {
        for (const QLabel *label : m_pane->findBar()->findChildren<QLabel *>()) {
            if (!label->buddy())
                return label->text();
        }
        return {};
    }
    int64_t hitLine() const
    {
        const auto hit = m_pane->view()->hit();
        return hit ? m_document->lineAt(hit->begin) : -1;
    }
    static QByteArray lines(int count, int from = 1)
    {
        QByteArray bytes;
        for (int i = from; i < from + count; ++i)
            bytes += "line " + QByteArray::number(i) + '\n';
        return bytes;
    }

private:
    void show(Result<std::unique_ptr<console::LogStore>> store)
    {
        close();
        QVERIFY2(store, store ? "" : qPrintable(store.error().message));
        m_document = std::make_unique<console::LogDocument>(std::move(*store));
        m_pane = std::make_unique<console::LogPane>(m_actions, console::lightColors());
        m_pane->resize(1000, 600);
        m_pane->setDocument(m_document.get());
        m_pane->show();
        m_pane->activateWindow();
        m_pane->view()->setFocus();
        QVERIFY(QTest::qWaitForWindowActive(m_pane.get()));
    }
    QTemporaryDir m_folder;
    console::ActionRegistry m_actions;
    std::unique_ptr<console::LogDocument> m_document;
    std::unique_ptr<console::LogPane> m_pane;
    int m_count = 0;
};

} // namespace danube::tests
