// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/jobs/fakeshell.h"

using namespace Qt::StringLiterals;

namespace danube::tests {
namespace {

using Kind = FakeCommand::Kind;

QString expanded(QString text, const jobs::Environment &environment)
{
    for (const auto &[key, value] : environment)
        text.replace(u'$' + key, value);
    return text;
}

FakeCommand printing(QByteArray bytes, bool toStderr)
{
    return {.kind = Kind::Print, .stream = toStderr ? LogStream::Stderr : LogStream::Stdout, .bytes = std::move(bytes)};
}

QByteArray numbersUpTo(int last)
{
    QByteArray bytes;
    for (int i = 1; i <= last; ++i)
        bytes += QByteArray::number(i) + '\n';
    return bytes;
}

FakeCommand parseOne(QString text, const jobs::Environment &environment)
{
    const bool toStderr = text.endsWith(">&2"_L1);
    if (toStderr)
        text = text.chopped(3).trimmed();
    const QString word = text.section(u' ', 0, 0);
    const QString rest = text.section(u' ', 1);
    if (word == "echo"_L1)
        return printing(expanded(rest, environment).toUtf8() + '\n', toStderr);
    if (word == "seq"_L1)
        return printing(numbersUpTo(rest.section(u' ', 1, 1).toInt()), toStderr);
    if (word == "sleep"_L1)
        return {.kind = Kind::Sleep, .bytes = {}, .delay = milliseconds(static_cast<int>(rest.toDouble() * 1000))};
    if (word == "exit"_L1)
        return {.kind = Kind::Exit, .bytes = {}, .number = rest.toInt()};
    if (word == "kill"_L1)
        return {.kind = Kind::Signal, .bytes = {}, .number = 9};
    if (word == "wait"_L1)
        return {.kind = Kind::Hang, .bytes = {}};
    return {.kind = Kind::Exit, .bytes = {}, .number = 127};
}

} // namespace

QList<FakeCommand> parseFakeScript(const QString &script, const jobs::Environment &environment)
{
    QList<FakeCommand> commands;
    for (const QString &part : script.split(u';', Qt::SkipEmptyParts)) {
        // "a & b" starts a in the background and does b.
        const QString foreground = part.section(u" & "_s, -1).trimmed();
        if (!foreground.isEmpty() && !foreground.endsWith(u" &"_s))
            commands.append(parseOne(foreground, environment));
    }
    return commands;
}

} // namespace danube::tests
