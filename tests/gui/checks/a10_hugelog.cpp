// SPDX-License-Identifier: GPL-3.0-or-later
// A10: a log of 1 GB and 10 million lines opens at once, costs little memory, and its end is one key away.
#include "tests/gui/checks/logcheck.h"
#include "tests/support/sanitizer.h"

#include <QFile>
#include <QPainter>

#include <malloc.h>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int lineLength = 100;
constexpr int lineCount = 10'000'000;
constexpr double frame = 50; // milliseconds
constexpr double endKey = 20;
constexpr int64_t memory = 40 * 1024 * 1024;

// Private memory of this program: what is mapped from a file is not in it.
int64_t privateMemory()
{
    malloc_trim(0);
    QFile file(u"/proc/self/smaps_rollup"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith("Anonymous:"))
            return line.sliced(10).chopped(2).trimmed().toLongLong() * 1024;
    }
    return 0;
}

// One second of writing to the page cache: a block of 10 000 lines a hundred times ten.
void writeLog(const QString &path)
{
    QByteArray block;
    block.reserve(10'000 * lineLength);
    for (int i = 0; i < 10'000; ++i) {
        QByteArray line = "\x1b[32mstep 3\x1b[0m compile object " + QByteArray::number(i) + ' ';
        line.resize(lineLength - 1, 'x');
        block += line + '\n';
    }
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
    for (int i = 0; i < lineCount / 10'000; ++i)
        QCOMPARE(file.write(block), block.size());
}

} // namespace

class CheckA10 : public QObject
{
    Q_OBJECT
private slots:
    void tenMillionLinesOpenAtOnce()
    {
        LogFixture fixture;
        const QString path = fixture.path(u"job.log"_s);
        writeLog(path);
        fixture.openCache("warm: fonts, icons, styles\n"); // what any first window costs is not the log's
        QVERIFY(!fixture.pane().grab().isNull());
        const int64_t before = privateMemory();

        double work = 0;
        work = workOf([&] {
            fixture.replaceBy(path);
            QVERIFY(!fixture.view().viewport()->grab().isNull());
        });
        QVERIFY2(work < frame, qPrintable(u"first paint after %1 ms of work"_s.arg(work)));
        qInfo("first paint: %.1f ms of the GUI thread", work);
        QVERIFY(fixture.document().lineCount() > 0); // the first lines are there before all are known

        LoopWatch watch;
        QTRY_COMPARE_WITH_TIMEOUT(fixture.document().lineCount(), int64_t(lineCount), 120'000);
        QVERIFY2(watch.longest() < frame, qPrintable(u"%1 ms without events while indexing"_s.arg(watch.longest())));

        fixture.press(Qt::Key_Home);
        QVERIFY(!fixture.view().viewport()->grab().isNull());
        work = workOf([&] {
            fixture.press(Qt::Key_End);
            QVERIFY(!fixture.view().viewport()->grab().isNull());
        });
        QCOMPARE(fixture.view().linesBelow(), int64_t(0));
        QVERIFY2(work < endKey, qPrintable(u"End took %1 ms"_s.arg(work)));
        qInfo("End: %.1f ms of the GUI thread", work);

        const int64_t grown = privateMemory() - before;
        QVERIFY2(keepsFreedMemory || grown < memory, qPrintable(u"%1 bytes more"_s.arg(grown)));
        qInfo("memory: %.1f MB above base, index %.1f MB", double(grown) / 1e6,
              double(fixture.document().indexMemory()) / 1e6);
        QVERIFY(fixture.view().textOf(lineCount - 1).startsWith(u"step 3 compile object 9999"_s));
    }
};

QTEST_MAIN(CheckA10)
#include "a10_hugelog.moc"
