// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QThread>

#include <functional>
#include <memory>

namespace danube::coordinator {

/// Runs blocking `work` in a thread of its own (here, where none can be made) and hands its value to `done` in the
/// caller's, unless `context` is gone. The caller bounds how many it starts.
template <class T>
void runAside(std::move_only_function<T()> work, QObject *context, std::move_only_function<void(T)> done)
{
    auto value = std::make_shared<std::optional<T>>();
    auto task = std::make_shared<std::move_only_function<T()>>(std::move(work));
    auto *thread = QThread::create([task, value] { value->emplace((*task)()); });
    auto deliver = [value, done = std::make_shared<std::move_only_function<void(T)>>(std::move(done))] {
        (*done)(std::move(**value));
    };
    QObject::connect(thread, &QThread::finished, thread, &QObject::deleteLater);
    QObject::connect(thread, &QThread::finished, context, deliver);
    thread->start();
    if (thread->isRunning() || thread->isFinished())
        return;
    thread->deleteLater(); // none could be made: the caller has to wait
    value->emplace((*task)());
    QMetaObject::invokeMethod(context, deliver, Qt::QueuedConnection);
}

} // namespace danube::coordinator
