// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/flowfollower.h"

#include <QFile>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::egress {

FlowFollower::FlowFollower(Settings settings)
    : m_settings(std::move(settings)),
      m_needle(m_settings.jobsNamespace.toUtf8()),
      m_buffer(m_settings.piece, Qt::Uninitialized)
{
    m_poll.setSingleShot(true);
    connect(&m_poll, &QTimer::timeout, this, &FlowFollower::turn);
}

FlowFollower::~FlowFollower()
{
    closeFile();
}

void FlowFollower::start()
{
    m_poll.start(0);
}

void FlowFollower::goOn()
{
    if (std::exchange(m_isWaiting, false))
        m_poll.start(0);
}

void FlowFollower::mark(quint64 token)
{
    m_marks.append(token);
    if (!m_isWaiting)
        m_poll.start(0);
}

void FlowFollower::reachMarks()
{
    for (const quint64 token : std::exchange(m_marks, {}))
        emit reached(token);
}

void FlowFollower::turn()
{
    if (m_isWaiting)
        return;
    if (m_file < 0 && !openFile()) {
        reachMarks();
        return m_poll.start(m_settings.poll);
    }
    const qint64 size = readPiece();
    if (m_file < 0) { // it cannot be read: opening it again at once would go on for ever
        reachMarks();
        return m_poll.start(m_settings.poll);
    }
    if (size <= 0) {
        // Looked for only at the end, so that nothing of the old file is missed.
        const bool isReplaced = !m_isPipe && this->isReplaced();
        if (isReplaced)
            closeFile();
        else
            reachMarks();
        return m_poll.start(isReplaced ? milliseconds(0) : m_settings.poll);
    }
    FlowBatch batch;
    for (const QByteArray &line : m_lines.feed(QByteArrayView(m_buffer).first(size)))
        take(line, batch);
    batch.unreadable += m_lines.tooLong() - std::exchange(m_countedTooLong, m_lines.tooLong());
    m_isWaiting = true;
    emit read(batch);
}

bool FlowFollower::openFile()
{
    const QByteArray path = QFile::encodeName(m_settings.path);
    struct stat state = {};
    m_file = ::open(path.constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (m_file < 0 || fstat(m_file, &state) != 0) {
        trouble(u"open flow file %1: %2"_s.arg(m_settings.path, QString::fromLocal8Bit(std::strerror(errno))));
        closeFile();
        return false;
    }
    if (!S_ISREG(state.st_mode) && !S_ISFIFO(state.st_mode)) {
        trouble(u"flow file %1 is neither a file nor a FIFO"_s.arg(m_settings.path));
        closeFile();
        return false;
    }
    m_isPipe = S_ISFIFO(state.st_mode);
    m_lines.clear();
    m_position = m_isPipe ? 0 : std::max<qint64>(0, state.st_size - m_settings.backlog);
    if (m_position > 0)
        m_lines.skipRest();
    return true;
}

qint64 FlowFollower::readPiece()
{
    const auto room = static_cast<size_t>(m_buffer.size());
    const qint64 size =
        m_isPipe ? ::read(m_file, m_buffer.data(), room) : ::pread(m_file, m_buffer.data(), room, m_position);
    if (size < 0 && errno != EAGAIN && errno != EINTR) {
        trouble(u"read flow file %1: %2"_s.arg(m_settings.path, QString::fromLocal8Bit(std::strerror(errno))));
        closeFile();
    } else {
        trouble({});
    }
    if (size > 0)
        m_position += size;
    return size;
}

bool FlowFollower::isReplaced()
{
    struct stat mine = {};
    struct stat named = {};
    if (m_file < 0 || fstat(m_file, &mine) != 0)
        return true;
    if (mine.st_size < m_position)
        return true; // truncated
    if (::stat(QFile::encodeName(m_settings.path).constData(), &named) != 0)
        return false; // between the two halves of a rotation
    return mine.st_ino != named.st_ino || mine.st_dev != named.st_dev;
}

void FlowFollower::closeFile()
{
    if (m_file >= 0)
        ::close(std::exchange(m_file, -1));
}

void FlowFollower::take(const QByteArray &line, FlowBatch &batch)
{
    ++batch.lines;
    const bool isOfInterest = line.contains(m_needle) || line.contains("lost_events");
    if (!isOfInterest)
        return;
    auto read = m_reader.read(line);
    if (!read)
        ++batch.unreadable;
    else if (auto *record = std::get_if<FlowRecord>(&*read))
        batch.records.append(std::move(*record));
    else if (const auto *lost = std::get_if<LostFlows>(&*read))
        batch.lost += lost->count;
}

void FlowFollower::trouble(const QString &sentence)
{
    if (std::exchange(m_trouble, sentence) != sentence)
        emit troubled(sentence);
}

} // namespace danube::egress
