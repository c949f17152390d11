// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/rpcdialer.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>

using namespace Qt::StringLiterals;

namespace danube::coordinator {
namespace {

constexpr size_t maxAnswer = 1024;

/// Descriptors that came with a message; there is one at most, others are closed.
FileDescriptor takeDescriptor(msghdr &header)
{
    FileDescriptor taken;
    for (cmsghdr *part = CMSG_FIRSTHDR(&header); part; part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
            continue;
        int descriptor = -1;
        std::memcpy(&descriptor, CMSG_DATA(part), sizeof descriptor);
        taken = FileDescriptor(descriptor);
    }
    return taken;
}

} // namespace

RpcDialer::RpcDialer(int socket) : m_socket(socket), m_notifier(socket, QSocketNotifier::Read)
{
    ::fcntl(socket, F_SETFD, FD_CLOEXEC);
    ::fcntl(socket, F_SETFL, O_NONBLOCK);
    connect(&m_notifier, &QSocketNotifier::activated, this, &RpcDialer::read);
}

void RpcDialer::dial(QObject *context, Done done)
{
    m_questions.push_back({context, std::move(done)});
    constexpr QByteArrayView question("dial\n");
    const bool isAsked =
        !m_isGone && ::send(m_socket.get(), question.data(), static_cast<size_t>(question.size()), MSG_NOSIGNAL) > 0;
    if (isAsked)
        return;
    const QString why = m_isGone ? u"it is gone"_s : QString::fromLocal8Bit(std::strerror(errno));
    auto refused = std::move(m_questions.back());
    m_questions.pop_back();
    QMetaObject::invokeMethod(
        this,
        [refused = std::move(refused), why]() mutable {
            if (refused.context)
                refused.done(fail(ErrorCode::Unavailable, u"ask for a connection to the master: "_s + why));
        },
        Qt::QueuedConnection);
}

void RpcDialer::read()
{
    std::array<char, maxAnswer> text{};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> ancillary{};
    iovec piece{.iov_base = text.data(), .iov_len = text.size()};
    msghdr header{};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    header.msg_control = ancillary.data();
    header.msg_controllen = ancillary.size();
    const ssize_t size = ::recvmsg(m_socket.get(), &header, MSG_CMSG_CLOEXEC);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size <= 0)
        return failAll(u"the helper that makes connections to the master is gone"_s);
    FileDescriptor descriptor = takeDescriptor(header);
    const auto said = QString::fromUtf8(text.data(), static_cast<qsizetype>(size)).trimmed();
    if (said == "ok"_L1 && descriptor)
        return answer(descriptor.release());
    answer(fail(ErrorCode::Unavailable, u"connect to the master: "_s + said));
}

void RpcDialer::answer(Result<int> result)
{
    if (m_questions.empty() || !m_questions.front().context) {
        if (result)
            ::close(*result);
        if (!m_questions.empty())
            m_questions.pop_front();
        return;
    }
    auto question = std::move(m_questions.front());
    m_questions.pop_front();
    question.done(std::move(result));
}

void RpcDialer::failAll(const QString &why)
{
    m_isGone = true;
    m_notifier.setEnabled(false);
    for (auto &question : std::exchange(m_questions, {})) {
        if (question.context)
            question.done(fail(ErrorCode::Unavailable, why));
    }
}

} // namespace danube::coordinator
