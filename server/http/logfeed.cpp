// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/ssefeed.h"

#include "shared/protocol/logline.h"
#include "shared/protocol/restmessages.h"
#include "shared/protocol/sse.h"
#include "shared/protocol/text.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace danube::http {
namespace {

using protocol::LogPosition;

bool isSelected(const logs::LogSelection &selection, const logs::LogLine &line)
{
    return (!selection.step || *selection.step == line.step) && (!selection.stream || *selection.stream == line.stream);
}

/// Two clients of whom one can have the other's block.
bool isSameView(const SsePosition &left, const SsePosition &right)
{
    return left.next == right.next && left.form == right.form && left.selection.step == right.selection.step &&
           left.selection.stream == right.selection.stream;
}

/// Of a job that ended before it had a log.
std::optional<logs::LogSeal> sealOfNothing()
{
    return logs::LogSeal{0, QCryptographicHash::hash(QByteArray(), QCryptographicHash::Sha256).toHex()};
}

QByteArray jsonOf(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace

/// Writes lines of a log as events.
class LogFeed::LineWriter
{
public:
    LineWriter(quint32 generation, LogForm form) : m_generation(generation), m_form(form) {}

    void line(const logs::LogLine &line)
    {
        m_out.append("id: ").append(protocol::toText(LogPosition{m_generation, line.end, false})).append("\ndata: ");
        if (m_form == LogForm::Json) {
            protocol::appendJson(m_out, {line.offset, line.time, line.step, line.stream, line.text.toByteArray(),
                                         !line.syntheticNewline});
        } else {
            const bool isText = protocol::isExactText(line.text);
            m_out.append(protocol::escapeCarriageReturns(isText ? line.text.toByteArray()
                                                                : protocol::textOf(line.text).toUtf8()));
        }
        m_out.append("\n\n");
    }
    qsizetype size() const { return m_out.size(); }
    /// The events; at least an id, so that a client whose lines are rare resumes where it has looked.
    QByteArray take(qint64 at)
    {
        if (m_out.isEmpty())
            m_out = "id: " + protocol::toText(LogPosition{m_generation, at, false}) + "\n\n";
        return std::move(m_out);
    }

private:
    quint32 m_generation;
    LogForm m_form;
    QByteArray m_out;
};

LogFeed::LogFeed(JobId job, OpenLog openLog, FindJob findJob)
    : m_job(std::move(job)), m_openLog(std::move(openLog)), m_findJob(std::move(findJob))
{}

Result<void> LogFeed::openReader()
{
    auto reader = m_openLog(m_job);
    if (reader) {
        m_reader = std::move(*reader);
        return {};
    }
    if (reader.error().code == ErrorCode::NotFound)
        return {}; // the job has printed nothing yet
    return std::unexpected(reader.error());
}

Result<void> LogFeed::refresh()
{
    // The job first: a log sealed after this look has all that the job wrote.
    if (!m_ended) {
        const auto job = m_findJob(m_job);
        if (!job)
            return std::unexpected(job.error());
        if (isFinal(job->state))
            m_ended = *job;
    }
    if (!m_reader) {
        if (auto opened = openReader(); !opened)
            return opened;
    }
    return m_reader ? m_reader->refresh() : Result<void>();
}

Result<QByteArray> LogFeed::begin(SsePosition &position)
{
    if (!position.isResumed)
        return QByteArray();
    position.isResumed = false;
    const qint64 size = m_reader ? m_reader->size() : 0;
    const quint32 generation = m_reader ? m_reader->generation() : 0;
    const qint64 asked = position.next;
    position.next = std::min(asked, size);
    if (asked <= size && (position.generation.value_or(generation) == generation || asked == 0))
        return QByteArray();
    // A crash cut lines the client had seen, or it never saw this log: say so, never repair silently.
    const QJsonObject gap{
        {u"generation"_s, static_cast<qint64>(generation)}, {u"from"_s, asked}, {u"to"_s, position.next}};
    return protocol::encodeSse({protocol::toText(LogPosition{generation, position.next, false}), "gap", jsonOf(gap)});
}

Result<SseBlock> LogFeed::next(const SsePosition &position)
{
    if (!m_reader || position.next >= m_reader->size())
        return endBlock();
    for (const Cached &cached : m_cache) {
        if (isSameView(cached.position, position))
            return cached.block;
    }
    auto block = makeBlock(position);
    if (block) {
        m_cache[m_cacheNext] = {position, *block};
        m_cacheNext = (m_cacheNext + 1) % m_cache.size();
    }
    return block;
}

Result<SseBlock> LogFeed::makeBlock(const SsePosition &position) const
{
    LineWriter writer(m_reader->generation(), position.form);
    const auto after = m_reader->forEachLine(position.next, blockBytes, [&](const logs::LogLine &line) {
        if (isSelected(position.selection, line))
            writer.line(line);
        return writer.size() < outputBytes; // short lines grow much on their way
    });
    if (!after)
        return std::unexpected(after.error());
    if (*after <= position.next)
        return fail(ErrorCode::DataLoss, u"log of job %1 is not indexed at %2"_s.arg(m_job.value()).arg(position.next));
    return SseBlock{writer.take(*after), *after, false};
}

Result<SseBlock> LogFeed::endBlock()
{
    if (!m_ended)
        return SseBlock{};
    const auto seal = m_reader ? m_reader->seal() : sealOfNothing();
    if (!seal)
        return SseBlock{}; // the job is over, its log is being closed
    const quint32 generation = m_reader ? m_reader->generation() : 0;
    const protocol::LogEnd end{m_ended->state, m_ended->reason, seal->size, seal->sha256};
    const QByteArray id = protocol::toText(LogPosition{generation, seal->size, true});
    return SseBlock{protocol::encodeSse({id, protocol::endEventName, jsonOf(toJson(end))}), seal->size, true};
}

} // namespace danube::http
