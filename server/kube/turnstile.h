// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/limiter.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <deque>
#include <functional>
#include <memory>

namespace danube::kube {

/// Those who wait for their place under the limiter, in order. Only the first one has a place reserved, so a 429's
/// pause holds up all others.
class Turnstile : public QObject
{
    Q_OBJECT
public:
    explicit Turnstile(std::shared_ptr<Limiter> limiter, QObject *parent = nullptr);

    static constexpr size_t maxWaiting = 10'000;
    /// `go` is called later, from the event loop, and not when `who` is gone. False: too many wait already.
    bool join(QObject *who, std::function<void()> go);

private:
    void pump();

    struct Place
    {
        QPointer<QObject> who;
        std::function<void()> go;
    };
    std::shared_ptr<Limiter> m_limiter;
    std::deque<Place> m_waiting;
    QTimer m_timer{this};
    bool m_isReserved = false; ///< for whoever is first when the timer ends
};

} // namespace danube::kube
