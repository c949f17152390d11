// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/sseinbox.h"

#include <QLoggingCategory>

#include <cerrno>
#include <sys/eventfd.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::http {
namespace {

Q_LOGGING_CATEGORY(inboxLog, "danube.http.sse")

} // namespace

SseInbox::~SseInbox()
{
    for (const SseNewcomer &newcomer : m_content.newcomers)
        ::close(newcomer.descriptor);
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<void> SseInbox::open()
{
    m_descriptor = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return m_descriptor >= 0 ? Result<void>() : failErrno(u"make an eventfd"_s, errno);
}

void SseInbox::wake()
{
    if (m_isWoken.exchange(true))
        return;
    const uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(m_descriptor, &one, sizeof one); // full = it will wake anyway
}

void SseInbox::readAll()
{
    uint64_t ignored = 0;
    if (::read(m_descriptor, &ignored, sizeof ignored) < 0 && errno != EAGAIN)
        qCWarning(inboxLog) << "wake-up-broken errno=" << errno;
}

void SseInbox::put(SseNewcomer newcomer)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_content.newcomers.push_back(std::move(newcomer));
    }
    wake();
}

void SseInbox::noteChanged(const JobId &job)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_isOver || std::ranges::contains(m_content.changed, job))
            return;
        m_content.changed.push_back(job);
    }
    wake();
}

void SseInbox::publish(QByteArray type, QByteArray json)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (std::ssize(m_content.events) < m_maxEvents)
            m_content.events.emplace_back(std::move(type), std::move(json));
        else
            m_content.eventsLost = true; // clients are told to list again
    }
    wake();
}

void SseInbox::stop()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_isOver = true;
    }
    wake();
}

std::optional<SseInbox::Content> SseInbox::take()
{
    m_isWoken = false; // before the look, so that nothing put in after it goes unnoticed
    const std::scoped_lock lock(m_mutex);
    if (m_isOver)
        return std::nullopt;
    return std::exchange(m_content, {});
}

} // namespace danube::http
