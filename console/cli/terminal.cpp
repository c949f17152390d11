// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/terminal.h"

#include <clocale>
#include <cwchar>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace danube::cli {
namespace {

constexpr int pipeWidth = 1000;
constexpr int leastWidth = 40;

int widthOf(char32_t character)
{
    const int width = ::wcwidth(static_cast<wchar_t>(character));
    return width < 0 ? 0 : width;
}

} // namespace

bool wantsColours(ColourMode mode, bool isTerminal, const QByteArray &noColor, const QByteArray &term)
{
    if (mode != ColourMode::Auto)
        return mode == ColourMode::Always;
    return isTerminal && noColor.isEmpty() && term != "dumb";
}

Terminal detectTerminal(int descriptor, ColourMode mode, bool hasUnicode)
{
    Terminal terminal;
    terminal.isTerminal = ::isatty(descriptor) == 1;
    terminal.hasColours = wantsColours(mode, terminal.isTerminal, qgetenv("NO_COLOR"), qgetenv("TERM"));
    terminal.hasUnicode = hasUnicode;
    winsize size{};
    const bool isKnown = terminal.isTerminal && ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    terminal.width = isKnown ? std::max<int>(size.ws_col, leastWidth) : (terminal.isTerminal ? 80 : pipeWidth);
    return terminal;
}

bool localeIsUtf8()
{
    std::setlocale(LC_ALL, "");
    const bool isUtf8 = QByteArrayView(::nl_langinfo(CODESET)) == "UTF-8";
    if (!isUtf8)
        qputenv("LC_ALL", "C.UTF-8");
    return isUtf8;
}

int displayWidth(const QString &text)
{
    int width = 0;
    for (const char32_t character : text.toStdU32String())
        width += widthOf(character);
    return width;
}

QString elide(const QString &text, int width, const QString &ellipsis)
{
    if (displayWidth(text) <= width)
        return text;
    const int room = width - displayWidth(ellipsis);
    std::u32string kept;
    int used = 0;
    for (const char32_t character : text.toStdU32String()) {
        used += widthOf(character);
        if (used > room)
            break;
        kept += character;
    }
    return QString::fromStdU32String(kept) + ellipsis;
}

} // namespace danube::cli
