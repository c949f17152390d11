// SPDX-License-Identifier: GPL-3.0-or-later
// Local log files as other programs treat them: they grow, are cut, renamed away, copied and emptied.
#include "console/models/logdocument.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestLogRotation : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    QString m_path;
    std::unique_ptr<LogDocument> m_document;

    void write(const QByteArray &bytes, QIODevice::OpenMode mode = QIODevice::Append) const
    {
        QFile file(m_path);
        QVERIFY(file.open(mode | QIODevice::WriteOnly));
        file.write(bytes);
    }
    QByteArray shown() const { return m_document->snapshot().bytes().toByteArray(); }

private slots:
    void init()
    {
        m_path = m_folder.filePath(u"app.log"_s);
        write("one\ntwo\n", QIODevice::Truncate);
        m_document = std::make_unique<LogDocument>(LogStore::openFile(m_path).value());
        m_document->watchFile();
        QCOMPARE(m_document->lineCount(), 2);
    }
    void cleanup()
    {
        m_document.reset();
        QFile::remove(m_path);
    }
    void grows()
    {
        QSignalSpy restarted(m_document.get(), &LogDocument::restarted);
        write("three\n");
        QTRY_COMPARE(shown(), "one\ntwo\nthree\n");
        QCOMPARE(restarted.size(), 0);
    }
    void isCut()
    {
        QSignalSpy restarted(m_document.get(), &LogDocument::restarted);
        write("new\n", QIODevice::Truncate);
        for (int64_t number = 0; number < m_document->lineCount(); ++number) // shown before the document looks again
            QVERIFY(m_document->line(number).offset <= m_document->bytes());
        QTRY_COMPARE(shown(), "new\n");
        QCOMPARE(restarted.size(), 1);
        write("more\n");
        QTRY_COMPARE(shown(), "new\nmore\n");
        QCOMPARE(restarted.size(), 1);
    }
    // A row each: of pages once missed, a mapping shows nothing that comes later.
    void isCutWithManyLines_data()
    {
        QTest::addColumn<QByteArray>("rest");
        const QByteArray half(20'000, 'y');
        QTest::newRow("a line") << QByteArray("new\n");
        QTest::newRow("no whole line") << half;
        QTest::newRow("one line as long as many") << half + '\n';
        QTest::newRow("nothing") << QByteArray();
    }
    void isCutWithManyLines()
    {
        QFETCH(const QByteArray, rest);
        QByteArray lines;
        for (int i = 0; i < 1000; ++i)
            lines += QByteArray(i % 97, 'x') + '\n';
        write(lines, QIODevice::Truncate);
        QTRY_COMPARE(m_document->lineCount(), 1000);
        write(rest, QIODevice::Truncate);
        for (int64_t number = 0; number < m_document->lineCount(); ++number) {
            const qsizetype size = m_document->line(number).bytes.size();
            QVERIFY2(size >= 0 && size <= lines.size(), qPrintable(QString::number(size)));
        }
        QTRY_COMPARE(m_document->lineCount(), rest.isEmpty() ? 0 : 1);
    }
    // Emptied and written again between two looks: longer than before, but another log.
    void isEmptiedAndGrowsPastItsOldSize()
    {
        QSignalSpy restarted(m_document.get(), &LogDocument::restarted);
        write("another log, and longer than the old one\n", QIODevice::Truncate);
        QTRY_COMPARE(shown(), "another log, and longer than the old one\n");
        QCOMPARE(restarted.size(), 1);
    }
    void isRenamedAwayAndMadeAnew()
    {
        QSignalSpy restarted(m_document.get(), &LogDocument::restarted);
        QFile old(m_path);
        QVERIFY(old.open(QIODevice::Append | QIODevice::Unbuffered));
        QVERIFY(QFile::rename(m_path, m_path + u".1"_s));
        old.write("last words\n"); // the writer still has the old file
        QTRY_COMPARE(shown(), "one\ntwo\nlast words\n");
        QCOMPARE(restarted.size(), 0);
        write("fresh\n");
        QTRY_COMPARE(shown(), "fresh\n");
        QCOMPARE(restarted.size(), 1);
        write("and on\n");
        QTRY_COMPARE(shown(), "fresh\nand on\n");
        QFile::remove(m_path + u".1"_s);
    }
    void aFileThatIsGoneIsReadOn()
    {
        QSignalSpy failed(m_document.get(), &LogDocument::failed);
        QVERIFY(QFile::remove(m_path));
        QTest::qWait(600);
        QCOMPARE(shown(), "one\ntwo\n");
        QCOMPARE(failed.size(), 0);
        write("back\n");
        QTRY_COMPARE(shown(), "back\n");
    }
};

QTEST_MAIN(TestLogRotation)
#include "tst_logrotation.moc"
