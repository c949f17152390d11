// SPDX-License-Identifier: GPL-3.0-or-later
// What ./dev bench logview measures of the console's log view, offscreen; each call prints one JSON object.
//   make FILE BYTES          a log of about 92 bytes a line, one in 6000 with a match, and its number of lines
//   memchr FILE              counts its lines, the least any index can cost
//   open FILE                first paint and whole index, in milliseconds; private memory above an empty window
//   jump FILE COUNT          random jumps, each until it is painted
//   follow SECONDS RATE      lines a second into a followed view: time of the GUI thread per frame, by its CPU's clock
//                            and by the wall's, which also has what it waits for: locks, the disk, other threads
//   search FILE TEXT regex|literal
#include "console/app/logview.h"
#include "console/app/consolestyle.h"
#include "console/models/logsearch.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTimer>

#include <cstdio>
#include <cstring>

#include <malloc.h>
#include <time.h>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

double threadMilliseconds()
{
    timespec now = {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

/// Knows how long its thread was at work: everything that it does is an event of somebody's.
class Application : public QApplication
{
public:
    using QApplication::QApplication;
    bool notify(QObject *receiver, QEvent *event) override
    {
        if (m_depth++ == 0)
            m_since.start();
        const bool isTaken = QApplication::notify(receiver, event);
        if (--m_depth == 0)
            m_busy += double(m_since.nsecsElapsed()) / 1e6;
        return isTaken;
    }
    double busyMilliseconds() const { return m_busy + (m_depth > 0 ? double(m_since.nsecsElapsed()) / 1e6 : 0); }

private:
    QElapsedTimer m_since;
    int m_depth = 0;
    double m_busy = 0;
};

/// Two clocks of the GUI thread.
struct Spent
{
    double cpu = 0;
    double wall = 0;
    static Spent now()
    {
        return {threadMilliseconds(),
                static_cast<const Application *>(QCoreApplication::instance())->busyMilliseconds()};
    }
    Spent operator-(const Spent &other) const { return {cpu - other.cpu, wall - other.wall}; }
    Spent &operator+=(const Spent &other)
    {
        cpu += other.cpu;
        wall += other.wall;
        return *this;
    }
};

double elapsed(const QElapsedTimer &timer)
{
    return double(timer.nsecsElapsed()) / 1e6;
}

double percentile(std::vector<double> values, double part)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, size_t(part * double(values.size())))];
}

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

template <class Until> void turnUntil(Until &&until)
{
    while (!until())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents);
}

struct Window
{
    std::unique_ptr<LogDocument> document;
    LogView view;
    void open(Result<std::unique_ptr<LogStore>> store)
    {
        document = std::make_unique<LogDocument>(std::move(store.value()));
        view.setDocument(document.get());
    }
};

QJsonObject make(const QString &path, qint64 bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return {};
    QByteArray block;
    qint64 lines = 0;
    qint64 written = 0;
    QRandomGenerator random(1);
    while (written < bytes) {
        block.clear();
        for (int i = 0; i < 12'000; ++i, ++lines) {
            const qsizetype start = block.size();
            block += "2026-01-31T12:00:0" + QByteArray::number(i % 10) + " \x1b[32minfo\x1b[0m step " +
                     QByteArray::number(i % 40) + (i % 6000 == 7 ? " needle found after " : " compiled in ") +
                     QByteArray::number(random.bounded(100, 9999)) + " ms: ";
            block += QByteArray(std::max<qsizetype>(1, 91 - (block.size() - start)), char('a' + i % 26)) + '\n';
        }
        written += file.write(block);
    }
    return {{u"lines"_s, lines}, {u"bytes"_s, written}};
}

QJsonObject countNewlines(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const char *data = reinterpret_cast<const char *>(file.map(0, file.size()));
    QElapsedTimer timer;
    timer.start();
    qint64 lines = 0;
    const char *end = data + file.size();
    for (const char *at = data; (at = static_cast<const char *>(memchr(at, '\n', size_t(end - at)))); ++at)
        ++lines;
    return {{u"ms"_s, elapsed(timer)}, {u"lines"_s, lines}};
}

QJsonObject openFile(const QString &path)
{
    Window window;
    window.view.resize(1200, 800);
    QTemporaryDir folder;
    window.open(LogStore::openCache(folder.filePath(u"empty.log"_s)));
    window.view.show();
    window.view.viewport()->grab();
    window.view.setDocument(nullptr);
    const int64_t before = privateMemory();
    QElapsedTimer timer;
    timer.start();
    window.open(LogStore::openFile(path));
    window.view.viewport()->grab();
    const double paint = elapsed(timer);
    turnUntil([&] { return !window.document->isIndexing(); });
    const double index = elapsed(timer);
    window.view.followEnd();
    window.view.viewport()->grab();
    return {{u"paint_ms"_s, paint},
            {u"index_ms"_s, index},
            {u"lines"_s, qint64(window.document->lineCount())},
            {u"memory_mib"_s, double(privateMemory() - before) / (1 << 20)}};
}

QJsonObject jump(const QString &path, int count)
{
    Window window;
    window.view.resize(1200, 800);
    window.open(LogStore::openFile(path));
    window.view.show();
    turnUntil([&] { return !window.document->isIndexing(); });
    QRandomGenerator random(2);
    std::vector<double> times;
    for (int i = 0; i < count; ++i) {
        const auto line = int64_t(random.bounded(double(window.document->lineCount())));
        QElapsedTimer timer;
        timer.start();
        window.view.showLine(line);
        window.view.viewport()->grab();
        times.push_back(elapsed(timer));
    }
    return {{u"p50_ms"_s, percentile(times, 0.5)}, {u"p99_ms"_s, percentile(times, 0.99)}};
}

QJsonObject follow(int seconds, int rate)
{
    QTemporaryDir folder;
    Window window;
    window.view.resize(1200, 800);
    window.open(LogStore::openCache(folder.filePath(u"follow.log"_s)));
    window.view.show();
    std::vector<double> cpu;
    std::vector<double> wall;
    Spent last = Spent::now();
    Spent producing;
    // Between two frames the thread does what one frame costs: write, index, scroll, paint. What the producer takes is
    // not the view's.
    QObject::connect(window.document.get(), &LogDocument::grown, &window.view, [&] {
        window.view.viewport()->repaint();
        const Spent now = Spent::now();
        const Spent frame = now - last - producing;
        cpu.push_back(frame.cpu);
        wall.push_back(frame.wall);
        producing = {};
        last = now;
    });
    QElapsedTimer time;
    time.start();
    int64_t sent = 0;
    QTimer producer;
    QObject::connect(&producer, &QTimer::timeout, &window.view, [&] {
        const Spent before = Spent::now();
        const int64_t due = std::min<int64_t>(int64_t(seconds) * rate, time.elapsed() * rate / 1000);
        for (; sent < due; ++sent)
            window.document->append(
                "\x1b[32m" + QByteArray::number(sent) +
                    "\x1b[0m a line of output that is about one hundred bytes long ................\n",
                {0, WallTime(milliseconds(sent / 50)), {1, LogStream::Stdout}});
        producing += Spent::now() - before;
    });
    producer.start(5);
    turnUntil([&] { return window.document->lineCount() >= int64_t(seconds) * rate; });
    return {{u"cpu_p95_ms"_s, percentile(cpu, 0.95)},
            {u"wall_p95_ms"_s, percentile(wall, 0.95)},
            {u"frames"_s, qint64(cpu.size())},
            {u"seconds"_s, double(time.elapsed()) / 1000},
            {u"below"_s, qint64(window.view.linesBelow())}};
}

QJsonObject searchIn(const QString &path, const QString &text, bool isRegex)
{
    const auto store = LogStore::openFile(path);
    const auto pattern = LogPattern::compile({.text = text,
                                              .syntax = isRegex ? LogQuery::Syntax::Regex : LogQuery::Syntax::Literal,
                                              .letters = LogQuery::Case::Respect});
    LogSearch search;
    QElapsedTimer timer;
    timer.start();
    search.start(pattern.value(), (*store)->snapshot().value(), LogSearch::Tail::Final);
    turnUntil([&] { return search.state() != LogSearch::State::Searching; });
    return {{u"ms"_s, elapsed(timer)}, {u"count"_s, qint64(search.count())}};
}

} // namespace

int main(int argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    Application application(argc, argv);
    installLook();
    const QStringList arguments = QApplication::arguments();
    const QString verb = arguments.value(1);
    const QString path = arguments.value(2);
    const QJsonObject result = verb == "make"_L1     ? make(path, arguments.value(3).toLongLong())
                               : verb == "memchr"_L1 ? countNewlines(path)
                               : verb == "open"_L1   ? openFile(path)
                               : verb == "jump"_L1   ? jump(path, arguments.value(3).toInt())
                               : verb == "follow"_L1 ? follow(path.toInt(), arguments.value(3).toInt())
                               : verb == "search"_L1
                                   ? searchIn(path, arguments.value(3), arguments.value(4) == "regex"_L1)
                                   : QJsonObject();
    std::puts(QJsonDocument(result).toJson(QJsonDocument::Compact).constData());
    return result.isEmpty() ? 2 : 0;
}
