// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/indexview.h"

#include "server/logs/logfiles.h"
#include "tests/unit/server/logs/logfixture.h"

#include <fcntl.h>

using namespace danube;
using namespace danube::logs;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestIndexView : public QObject
{
    Q_OBJECT
private:
    static constexpr int many = 200; ///< more than a reader looks back for a whole record
    std::optional<LogFixture> m_log;
    uint64_t m_printed = 0;
    int m_file = -1;

    void appendRecords()
    {
        for (int i = 0; i < many; ++i) {
            // Another stream each time, so that each line is a record of its own.
            const auto stream = i % 2 == 0 ? LogStream::Stdout : LogStream::Stderr;
            QVERIFY(m_log->writer->append(StepNumber(1), stream, m_printed / 2, "a line\n", m_log->clock.wall()));
            m_printed += i % 2 == 1 ? 14 : 0;
        }
    }
    LogPaths paths() const { return logPaths(m_log->directory.path(), testJob); }
    qint64 logSize() const { return QFileInfo(paths().log).size(); }

private slots:
    void init()
    {
        m_log.emplace();
        m_printed = 0;
        QVERIFY2(m_log->openWriter(), qPrintable(m_log->error));
        appendRecords();
        m_file = ::open(QFile::encodeName(paths().index).constData(), O_RDONLY | O_CLOEXEC);
        QVERIFY(m_file >= 0);
    }
    void cleanup()
    {
        ::close(m_file);
        m_log.reset();
    }
    void whatIsWrittenBetweenTheTwoSizesIsLeftForTheNextLook()
    {
        IndexView view(m_file, paths().index);
        const auto records = view.recordsInFile();
        QVERIFY(records);
        QCOMPARE(*records, many);
        const qint64 before = logSize();
        appendRecords(); // the reader was kept from its core
        const auto refreshed = view.refresh(*records, logSize());
        QVERIFY2(refreshed, refreshed ? "" : qPrintable(refreshed.error().message));
        QCOMPARE(view.count(), many);
        QCOMPARE(view.end(), before);
        QVERIFY(view.refresh(view.recordsInFile().value(), logSize()));
        QCOMPARE(view.count(), 2 * many);
        QCOMPARE(view.end(), logSize());
    }
    void recordsOfBytesThatAreNotThereAreDamage()
    {
        IndexView view(m_file, paths().index);
        const auto refreshed = view.refresh(view.recordsInFile().value(), 7);
        QVERIFY(!refreshed);
        QCOMPARE(refreshed.error().code, ErrorCode::DataLoss);
    }
};

QTEST_GUILESS_MAIN(TestIndexView)
#include "tst_indexview.moc"
