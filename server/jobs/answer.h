// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QObject>
#include <QPointer>

#include <functional>

namespace danube::jobs {

/// Somebody who waits for a result: answered exactly once, with Unavailable when it is dropped (the job is torn down or
/// the engine goes away), and not at all when its context is gone. Control thread only.
template <class T> class Answer
{
public:
    using Done = std::move_only_function<void(Result<T>)>;

    Answer(QObject *context, Done done) : m_context(context), m_done(std::move(done)) {}
    Answer(Answer &&other) noexcept : m_context(std::move(other.m_context)), m_done(std::exchange(other.m_done, {})) {}
    Answer &operator=(Answer &&) = delete;
    Answer(const Answer &) = delete;
    Answer &operator=(const Answer &) = delete;
    ~Answer()
    {
        if (isAwaited())
            drop();
    }

    // Not inline: where it is, g++ 14 takes the other half of the union for used (-Wmaybe-uninitialized).
    [[gnu::noinline]] void operator()(Result<T> result)
    {
        Done done = std::exchange(m_done, {});
        if (done && m_context)
            done(std::move(result));
    }
    bool isAwaited() const { return m_context && m_done; }

private:
    void drop();
    QPointer<QObject> m_context;
    Done m_done;
};

template <class T> void Answer<T>::drop()
{
    Result<T> dropped(std::unexpect, ErrorCode::Unavailable, QStringLiteral("the request was dropped; ask again"));
    (*this)(std::move(dropped));
}

} // namespace danube::jobs
