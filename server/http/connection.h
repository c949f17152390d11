// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/bodysource.h"
#include "server/http/gatedsocket.h"
#include "server/http/heldbytes.h"
#include "server/http/httplimits.h"
#include "server/http/seats.h"

#include <QPointer>
#include <QTcpSocket>

namespace danube::http {

class Exchange;

/// One accepted connection: socket → framer → one judged request at a time → QtHttpServer (through a GatedSocket) →
/// answer → next request. The next one is framed only when the answer before is written out, so a client can make
/// neither input nor output pile up. Control thread.
class Connection : public QObject
{
    Q_OBJECT
public:
    /// `held` counts the bytes of requests that all connections hold.
    Connection(quint64 id, qintptr descriptor, const HttpLimits &limits, const Clock &clock, qint64 &held);
    ~Connection() override;

    quint64 id() const { return m_id; }
    const QHostAddress &peer() const { return m_peer; }

    void start();                        ///< after the signals are connected
    void refuse(const Refusal &refusal); ///< answers with a problem, then closes gently
    Seat seat() const;
    void makeRoom(const QString &reason); ///< ends what keeps the master waiting: 503 when a request has begun
    void checkDeadline(SteadyTime now);   ///< called a few times a second
    void finishSoon();                    ///< draining: closes now when idle, else after the present request
    void finishAfterNext() { m_finishing = true; }

    // For the Exchange.
    const FramedRequest &request() const { return m_request; }
    QByteArray date() const; ///< of the answer's Date header
    bool willClose() const { return !m_request.keepAlive || m_finishing; }
    bool awaitsExchange() const;
    void beginExchange(Exchange *exchange); ///< the handler runs; takes ownership
    void writeHead(QByteArrayView head);
    void writeBody(std::unique_ptr<BodySource> body, bool chunked);
    Result<int> takeOver();  ///< a descriptor of the socket, now the caller's; this connection ends without closing it
    void exchangeFinished(); ///< not from inside the handler

signals:
    void gateMade(danube::http::GatedSocket *gate); ///< QtHttpServer must adopt it before the slot returns
    void requestTaken();
    void refused(int status);
    void bodyGrew();       ///< it may be refused meanwhile
    void gone(quint64 id); ///< last; deletes itself afterwards

private:
    enum class State { Reading, Handling, Flushing, Lingering, Gone };
    void onReadable();
    void onBytesWritten();
    void onDisconnected();
    void process();
    void judge();
    void countHeld();
    void forward();
    void forwardWrite(QByteArrayView bytes);
    void pump();
    void closeWithReset();
    void cut(); ///< an answer that cannot be finished
    void afterFlush();
    void drain();
    void startLingering();
    void mark() { m_since = m_clock.steady(); }
    Refusal overdue() const;

    const quint64 m_id;
    const HttpLimits &m_limits;
    const Clock &m_clock;
    QTcpSocket m_socket;
    QHostAddress m_peer;
    RequestFramer m_framer;
    QByteArray m_input;
    FramedRequest m_request;
    QPointer<GatedSocket> m_gate;
    QPointer<Exchange> m_exchange;
    std::unique_ptr<BodySource> m_body;
    State m_state = State::Reading;
    SteadyTime m_since;      ///< begin of what is waited for
    SteadyTime m_progressAt; ///< last byte taken by the client
    HeldBytes m_held;
    qsizetype m_drained = 0;
    bool m_headWritten = false;
    bool m_chunked = false;
    bool m_finishing = false;
    bool m_processing = false;
    bool m_isFirst = true;
};

} // namespace danube::http
