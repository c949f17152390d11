// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logdocument.h"
#include "console/models/logexport.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestLogExport : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    std::unique_ptr<LogStore> storeWith(const QByteArray &bytes)
    {
        QFile file(m_folder.filePath(u"source.log"_s));
        if (!file.open(QIODevice::WriteOnly))
            return nullptr;
        file.write(bytes);
        file.close();
        return std::move(*LogStore::openFile(file.fileName()));
    }
    QByteArray saved() const
    {
        QFile file(m_folder.filePath(u"target.log"_s));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("none");
    }
    QString target() const { return m_folder.filePath(u"target.log"_s); }

private slots:
    void cleanup() { QFile::remove(target()); }
    void savesEveryByte()
    {
        QByteArray bytes;
        for (int i = 0; i < 9'000'000; ++i)
            bytes += char(i * 7 % 251);
        const auto store = storeWith(bytes);
        LogExport out(store->snapshot().value());
        QSignalSpy progressed(&out, &LogExport::progressed);
        QSignalSpy finished(&out, &LogExport::finished);
        out.saveAll(target());
        QVERIFY(finished.wait(30'000));
        QCOMPARE(saved(), bytes);
        QVERIFY(progressed.size() >= 3);
        QCOMPARE(finished.constFirst().constFirst().value<Result<qint64>>().value(), bytes.size());
    }
    void savesARange()
    {
        const auto store = storeWith("one\ntwo\nthree\n");
        LogExport out(store->snapshot().value());
        QSignalSpy finished(&out, &LogExport::finished);
        out.saveRange(target(), 4, 8);
        QVERIFY(finished.wait(30'000));
        QCOMPARE(saved(), "two\n");
    }
    void savesMatchingLinesOnce_data()
    {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<QByteArray>("matches");
        QTest::newRow("two in a line") << QByteArray("a needle, a needle\nhay\nneedle")
                                       << QByteArray("a needle, a needle\nneedle");
        QTest::newRow("none") << QByteArray("hay\n") << QByteArray();
        QTest::newRow("coloured") << QByteArray("x\n\x1b[31mnee\x1b[1mdle\x1b[0m y\n")
                                  << QByteArray("\x1b[31mnee\x1b[1mdle\x1b[0m y\n");
        QTest::newRow("empty lines") << QByteArray("\n\nneedle\n\n") << QByteArray("needle\n");
    }
    void savesMatchingLinesOnce()
    {
        QFETCH(const QByteArray, log);
        QFETCH(const QByteArray, matches);
        const auto store = storeWith(log);
        LogExport out(store->snapshot().value());
        QSignalSpy finished(&out, &LogExport::finished);
        out.saveMatches(target(), LogPattern::compile({.text = u"needle"_s}).value());
        QVERIFY(finished.wait(30'000));
        QCOMPARE(saved(), matches);
    }
    void cancellingLeavesWhatWasThere()
    {
        QFile file(target());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("before");
        file.close();
        const auto store = storeWith(QByteArray(50'000'000, 'x'));
        {
            LogExport out(store->snapshot().value());
            QSignalSpy finished(&out, &LogExport::finished);
            out.saveAll(target());
            out.cancel();
            QTest::qWait(200);
            QCOMPARE(finished.size(), 0);
        }
        QCOMPARE(saved(), "before");
    }
    void aFolderThatIsNotThereIsSaid()
    {
        const auto store = storeWith("x\n");
        LogExport out(store->snapshot().value());
        QSignalSpy finished(&out, &LogExport::finished);
        out.saveAll(m_folder.filePath(u"no/such/x.log"_s));
        QVERIFY(finished.wait(30'000));
        QVERIFY(finished.constFirst().constFirst().value<Result<qint64>>().error().message.contains(u"x.log"_s));
    }
};

QTEST_MAIN(TestLogExport)
#include "tst_logexport.moc"
