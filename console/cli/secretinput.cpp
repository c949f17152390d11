// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/secretinput.h"

#include "console/cli/safetext.h"
#include "shared/protocol/secretvalue.h"

#include <array>
#include <cerrno>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

constexpr qsizetype longest = protocol::longestSecret;

/// A terminal that shows no keys and hands each over at once, Ctrl-C too, until this ends.
class SilentTerminal
{
public:
    SilentTerminal()
    {
        m_isSilent = ::tcgetattr(STDIN_FILENO, &m_before) == 0;
        termios silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG);
        m_isSilent = m_isSilent && ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    }
    ~SilentTerminal()
    {
        if (m_isSilent)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
    }
    SilentTerminal(const SilentTerminal &) = delete;
    SilentTerminal &operator=(const SilentTerminal &) = delete;
    bool isSilent() const { return m_isSilent; }

private:
    termios m_before{};
    bool m_isSilent = false;
};

void say(const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, bytes.constData(), static_cast<size_t>(bytes.size()));
}

Result<Secret> ask(const QString &prompt, std::chrono::milliseconds patience)
{
    say(prompt);
    SecretLine line;
    auto state = SecretLine::State::Typing;
    while (state == SecretLine::State::Typing) {
        pollfd ready{STDIN_FILENO, POLLIN, 0};
        const int events = ::poll(&ready, 1, static_cast<int>(patience.count()));
        if (events == 0)
            return fail(ErrorCode::Timeout, u"nobody typed a value"_s);
        std::array<char, 256> bytes{};
        const ssize_t count = events < 0 ? -1 : ::read(STDIN_FILENO, bytes.data(), bytes.size());
        if (count <= 0) // a signal, which poll tells, or a terminal that is gone
            return fail(ErrorCode::Cancelled, u"no value was given"_s);
        state = line.feed(QByteArrayView(bytes.data(), count));
        bytes.fill(0);
    }
    say(u"\n"_s);
    if (state != SecretLine::State::Entered)
        return fail(ErrorCode::Cancelled, u"no value was given"_s);
    return line.take();
}

Result<Secret> askTwice(const QString &what, std::chrono::milliseconds patience)
{
    const SilentTerminal terminal;
    if (!terminal.isSilent())
        return failErrno(u"hide what is typed"_s, errno);
    auto value = ask(u"Value of %1 (not shown): "_s.arg(singleLine(what)), patience);
    if (!value)
        return value;
    const auto again = ask(u"The same again: "_s, patience);
    if (!again)
        return std::unexpected(again.error());
    if (!equalsConstantTime(value->reveal(), again->reveal()))
        return fail(ErrorCode::InvalidArgument, u"the two values differ: nothing was set"_s);
    return value;
}

Result<Secret> readAll(bool exact)
{
    QByteArray text;
    text.reserve(longest + 2);
    std::array<char, 4096> bytes{};
    ssize_t count = 0;
    while (text.size() <= longest && (count = ::read(STDIN_FILENO, bytes.data(), bytes.size())) > 0)
        text.append(bytes.data(), std::min<qsizetype>(count, longest + 2 - text.size()));
    const int error = errno;
    bytes.fill(0);
    Secret all(std::move(text));
    if (count < 0)
        return failErrno(u"read the value from standard input"_s, error);
    if (exact || !all.reveal().endsWith('\n'))
        return all;
    return Secret(QByteArray(all.reveal().constData(), all.reveal().size() - 1)); // a copy of its own
}

} // namespace

SecretLine::SecretLine()
{
    m_text.reserve(longest);
}

SecretLine::State SecretLine::feed(QByteArrayView bytes)
{
    for (const char key : bytes) {
        if (m_state == State::Typing)
            feed(key);
    }
    return m_state;
}

void SecretLine::feed(char key)
{
    constexpr char controlC = 3;
    constexpr char controlD = 4;
    constexpr char controlU = 21;
    constexpr char remove = 127;
    if (key == '\n' || key == '\r') {
        m_state = State::Entered;
    } else if (key == controlC) {
        m_state = State::Interrupted;
    } else if (key == controlD) {
        m_state = m_text.isEmpty() ? State::Ended : State::Entered;
    } else if (key == controlU) {
        m_text.fill(0).resize(0);
    } else if (key == '\b' || key == remove) {
        while (!m_text.isEmpty() && (static_cast<unsigned char>(m_text.back()) & 0xC0U) == 0x80U)
            m_text.chop(1); // the rest of a character of several bytes
        m_text.chop(1);
    } else if (m_text.size() < longest) {
        m_text.append(key);
    }
}

Secret SecretLine::take()
{
    return Secret(std::exchange(m_text, {}));
}

Result<Secret> readSecret(const QString &what, bool exact, std::chrono::milliseconds patience)
{
    return ::isatty(STDIN_FILENO) == 1 ? askTwice(what, patience) : readAll(exact);
}

} // namespace danube::cli
