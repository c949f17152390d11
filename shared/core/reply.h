// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <QThread>

#include <functional>
#include <memory>

namespace danube {

/// The way back of an asynchronous call across threads: made where the call is made (while `context` lives), answered
/// once from any thread. `done` then runs in the context's thread, in the order of the answers, by its event loop;
/// never when the context is gone. Dropped unanswered, it does nothing.
template <class... Answer> class Reply
{
public:
    using Done = std::move_only_function<void(Answer...)>;

    Reply() = default;
    Reply(QObject *context, Done done) : m_context(context), m_done(std::move(done))
    {
        if (!context || !m_done)
            return;
        // Only the context's own thread can ask whether it still lives; the relay, owned here, is what other threads
        // touch.
        m_relay.reset(new QObject);
        m_relay->moveToThread(context->thread());
    }

    void operator()(Answer... answer)
    {
        if (!m_relay)
            return;
        // Deleted by the call and not by an event of its own: whoever sends deferred deletes first (QTest::qWaitFor
        // does) would take the answer with it. Not owned by the call either: one that is never made is destroyed under
        // Qt's lock, where nothing may be deleted. That one leaks, at the end of the thread.
        QObject *relay = m_relay.release();
        QMetaObject::invokeMethod(
            relay,
            [relay, context = std::move(m_context), done = std::move(m_done),
             arguments = std::make_tuple(std::move(answer)...)]() mutable {
                relay->deleteLater();
                if (context)
                    std::apply(done, std::move(arguments));
            },
            Qt::QueuedConnection);
    }

private:
    // Of one that was not answered: nothing was sent to it. In its own thread without an event, as a reply held by
    // another one's call that is never made is destroyed under Qt's lock of the events.
    struct LetGo
    {
        void operator()(QObject *relay) const
        {
            if (relay->thread() == QThread::currentThread())
                delete relay;
            else
                relay->deleteLater();
        }
    };
    QPointer<QObject> m_context;
    Done m_done;
    std::unique_ptr<QObject, LetGo> m_relay;
};

} // namespace danube
