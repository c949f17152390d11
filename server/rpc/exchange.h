// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/rpc/h2session.h"
#include "server/rpc/problem.h"
#include "server/rpc/sharedmemory.h"
#include "shared/core/id.h"

namespace danube::rpc {

/// Takes a request's body. Owned by its Exchange, so destroyed when the stream is gone; called no more when it is
/// answered.
class BodyHandler
{
public:
    virtual ~BodyHandler() = default;
    virtual void onBytes(QByteArrayView bytes) = 0; ///< to be given back by Exchange::consume
    virtual void onEnd() = 0;
    /// Whether the next move is the peer's; its silence is then counted.
    virtual bool isWaitingForPeer() const = 0;
    /// An open-ended body may take as long as bytes keep coming, 1 KiB within the time of silence; any other must be
    /// whole within it.
    virtual bool isOpenEnded() const { return false; }
};

/// One call, from its header list to its answer. Rpc thread. The connection owns it; everybody else holds a weak
/// pointer, so that an answer to a vanished stream finds nobody.
class Exchange
{
public:
    /// `flush` tells the connection, which outlives the exchange, that there is something to write.
    Exchange(H2Session &session, StreamId stream, RequestHead head, SharedMemory &answers, std::function<void()> flush,
             SteadyTime now);

    const RequestHead &head() const { return m_head; } ///< empty when it is answered
    QByteArrayView path() const;                       ///< target without query
    QByteArrayView query() const;                      ///< after '?', may be empty

    /// The first one counts. One that finds no room among the answers that are not taken becomes 503; one that has to
    /// give way to another job's later is cut short by a reset.
    void respond(Response response);
    void refuse(const Error &error, protocol::Exhausted exhausted = protocol::Exhausted::Requests,
                const QJsonObject &extensions = {});
    void refuse(int status, const QString &detail, const Headers &headers = {}); ///< what no Error stands for
    bool isAnswered() const { return m_isAnswered; }
    /// The caller may call; nullopt: without a token, where none is required.
    void admit(std::optional<JobId> caller)
    {
        m_isAdmitted = true;
        m_caller = std::move(caller);
    }
    /// The call is begun, and may wait for hours: its query and token are needed no more.
    void keepPathOnly();
    bool isAdmitted() const { return m_isAdmitted; }
    const std::optional<JobId> &caller() const { return m_caller; }
    void consume(size_t bytes);
    void growWindow(int32_t bytes);
    void setBodyHandler(std::unique_ptr<BodyHandler> handler);

    // For the connection.
    void takeBytes(QByteArrayView bytes);
    void takeEnd();
    /// Answers 408 when the peer owed bytes for longer than `silence`.
    void checkTimeouts(SteadyTime now, milliseconds silence);

private:
    void endAnswer();

    H2Session &m_session;
    StreamId m_stream;
    RequestHead m_head;
    std::function<void()> m_flush;
    std::optional<JobId> m_caller; ///< outlives handler and answer, whose shares name it
    std::unique_ptr<BodyHandler> m_handler;
    SteadyTime m_checkedAt;
    SteadyTime::duration m_waited{}; ///< for the peer, since it last brought something
    qsizetype m_heard = 0;           ///< bytes meanwhile
    SharedMemory &m_answers;
    std::optional<SharedMemory::Share> m_answer; ///< while it waits to be taken
    bool m_isAdmitted = false;
    bool m_isAnswered = false;
    bool m_hasEnded = false;
};

} // namespace danube::rpc
