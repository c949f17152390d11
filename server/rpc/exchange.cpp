// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/exchange.h"

using namespace Qt::StringLiterals;

namespace danube::rpc {
namespace {

constexpr qsizetype leastHeard = 1024; // of an open-ended body within the time of silence: less is a trickle

} // namespace

Exchange::Exchange(H2Session &session, StreamId stream, RequestHead head, SharedMemory &answers,
                   std::function<void()> flush, SteadyTime now)
    : m_session(session),
      m_stream(stream),
      m_head(std::move(head)),
      m_flush(std::move(flush)),
      m_checkedAt(now),
      m_answers(answers)
{}

QByteArrayView Exchange::path() const
{
    const QByteArrayView target = m_head.target;
    const auto question = target.indexOf('?');
    return question < 0 ? target : target.first(question);
}

QByteArrayView Exchange::query() const
{
    const QByteArrayView target = m_head.target;
    const auto question = target.indexOf('?');
    return question < 0 ? QByteArrayView() : target.sliced(question + 1);
}

void Exchange::respond(Response response)
{
    if (std::exchange(m_isAnswered, true))
        return;
    m_answer.emplace(m_answers, m_caller, [this] { endAnswer(); });
    if (!m_answer->grow(response.body.size()))
        response = refusal({ErrorCode::Unavailable, u"too many answers wait to be taken; ask again"_s}, {});
    m_session.respond(m_stream, std::move(response));
    m_head = {};
    m_flush();
}

void Exchange::keepPathOnly()
{
    m_head.authorization = {};
    if (const auto kept = path(); kept.size() < m_head.target.size())
        m_head.target = kept.toByteArray();
}

void Exchange::endAnswer()
{
    m_session.cutAnswer(m_stream);
    m_flush();
}

void Exchange::refuse(const Error &error, protocol::Exhausted exhausted, const QJsonObject &extensions)
{
    respond(refusal(error, QString::fromLatin1(path()), exhausted, extensions));
}

void Exchange::refuse(int status, const QString &detail, const Headers &headers)
{
    respond(refusal(status, detail, QString::fromLatin1(path()), headers));
}

void Exchange::consume(size_t bytes)
{
    m_session.consume(m_stream, bytes);
    m_flush();
}

void Exchange::growWindow(int32_t bytes)
{
    m_session.growWindow(m_stream, bytes);
    m_flush();
}

void Exchange::setBodyHandler(std::unique_ptr<BodyHandler> handler)
{
    m_handler = std::move(handler);
}

void Exchange::takeBytes(QByteArrayView bytes)
{
    if (m_isAnswered || !m_handler)
        return m_session.consume(m_stream, static_cast<size_t>(bytes.size()));
    m_heard += bytes.size();
    if (m_handler->isOpenEnded() && m_heard >= leastHeard) {
        m_waited = {};
        m_heard = 0;
    }
    m_handler->onBytes(bytes);
}

void Exchange::takeEnd()
{
    m_hasEnded = true;
    if (!m_isAnswered && m_handler)
        m_handler->onEnd();
}

void Exchange::checkTimeouts(SteadyTime now, milliseconds silence)
{
    const auto passed = now - std::exchange(m_checkedAt, now);
    if (m_hasEnded || m_isAnswered || !m_handler || !m_handler->isWaitingForPeer())
        return;
    m_waited += passed;
    if (m_waited > silence)
        refuse(408, u"the request's body did not come within %1 s"_s.arg(silence.count() / 1000));
}

} // namespace danube::rpc
