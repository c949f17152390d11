// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QThread>

#include <functional>
#include <memory>

namespace danube::coordinator {

/// Runs blocking `work` in a thread of its own and hands its value to `done` in the caller's, unless `context` is gone.
/// The caller bounds how many it starts.
template <class T>
void runAside(std::move_only_function<T()> work, QObject *context, std::move_only_function<void(T)> done)
{
    auto value = std::make_shared<std::optional<T>>();
    auto *thread = QThread::create([work = std::move(work), value]() mutable { value->emplace(work()); });
    QObject::connect(thread, &QThread::finished, thread, &QObject::deleteLater);
    QObject::connect(thread, &QThread::finished, context,
                     [value, done = std::make_shared<std::move_only_function<void(T)>>(std::move(done))] {
                         (*done)(std::move(**value));
                     });
    thread->start();
}

} // namespace danube::coordinator
