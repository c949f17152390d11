// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/themecolors.h"

#include <cmath>
#include <type_traits>

namespace danube::console {

namespace {

struct Surface
{
    QRgb window, base, alternate, button, text, muted, accent, accentText, border, link;
};

QPalette paletteOf(const Surface &surface)
{
    QPalette palette;
    palette.setColor(QPalette::Window, surface.window);
    palette.setColor(QPalette::WindowText, surface.text);
    palette.setColor(QPalette::Base, surface.base);
    palette.setColor(QPalette::AlternateBase, surface.alternate);
    palette.setColor(QPalette::Text, surface.text);
    palette.setColor(QPalette::Button, surface.button);
    palette.setColor(QPalette::ButtonText, surface.text);
    palette.setColor(QPalette::BrightText, surface.accentText);
    palette.setColor(QPalette::ToolTipBase, surface.base);
    palette.setColor(QPalette::ToolTipText, surface.text);
    palette.setColor(QPalette::PlaceholderText, surface.muted);
    palette.setColor(QPalette::Highlight, surface.accent);
    palette.setColor(QPalette::HighlightedText, surface.accentText);
    palette.setColor(QPalette::Accent, surface.accent);
    palette.setColor(QPalette::Link, surface.link);
    palette.setColor(QPalette::LinkVisited, surface.link);
    const QColor window = QColor::fromRgb(surface.window);
    palette.setColor(QPalette::Light, window.lighter(115));
    palette.setColor(QPalette::Midlight, window.lighter(107));
    palette.setColor(QPalette::Mid, surface.border);
    palette.setColor(QPalette::Dark, QColor::fromRgb(surface.border).darker(115));
    palette.setColor(QPalette::Shadow, window.darker(180));
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, surface.muted);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, surface.border);
    return palette;
}

template <size_t N> void setAnsi(ThemeColors &colors, const QRgb (&values)[N])
{
    static_assert(N == std::extent_v<decltype(ThemeColors::ansi)>);
    std::copy(std::begin(values), std::end(values), std::begin(colors.ansi));
}

ThemeColors makeLight()
{
    ThemeColors colors;
    colors.palette = paletteOf({0xfff3f5f8, 0xffffffff, 0xfff7f9fb, 0xfffbfcfd, 0xff1b2430, 0xff5b6776, 0xff1f6fc4,
                                0xffffffff, 0xffcfd6de, 0xff1a5fb4});
    colors.border = 0xffd3dae2;
    colors.muted = 0xff5b6776;
    colors.accent = 0xff1f6fc4;
    colors.success = 0xff1a7439;
    colors.failure = 0xffc0262d;
    colors.warning = 0xff935800;
    colors.running = 0xff1a66bd;
    colors.idle = 0xff5b6776;
    colors.production = 0xffc0262d;
    colors.logBackground = 0xffffffff;
    colors.logText = 0xff1b2430;
    colors.gutterBackground = 0xfff3f5f8;
    colors.gutterText = 0xff606c7b;
    colors.currentLine = 0xffdbe7f5;
    colors.selection = 0xffbcd9f8;
    colors.match = 0xffffe58a;
    colors.currentMatch = 0xffffb347;
    colors.matchText = 0xff1b2430;
    colors.currentMatchText = 0xff1b2430;
    colors.system = 0xff5c4a9c;
    setAnsi(colors, {0xff1b2430, 0xffb3232a, 0xff1a7439, 0xff7d5d00, 0xff1d55b8, 0xff8a2f96, 0xff0b6f7d, 0xff4f5a67,
                     0xff5b6776, 0xffd01f2b, 0xff17803c, 0xff8a6100, 0xff1a66e0, 0xffa32fb2, 0xff077887, 0xff1b2430});
    return colors;
}

ThemeColors makeDark()
{
    ThemeColors colors;
    colors.dark = true;
    colors.palette = paletteOf({0xff20252c, 0xff171b21, 0xff1c2128, 0xff2a3038, 0xffdde3ea, 0xff97a3b1, 0xff2f6fb8,
                                0xffffffff, 0xff3a424d, 0xff77b3f5});
    colors.border = 0xff363e49;
    colors.muted = 0xff97a3b1;
    colors.accent = 0xff5aa2f2;
    colors.success = 0xff5fc27e;
    colors.failure = 0xfff47c78;
    colors.warning = 0xffe3a94a;
    colors.running = 0xff6cb1f7;
    colors.idle = 0xff97a3b1;
    colors.production = 0xfff47c78;
    colors.logBackground = 0xff14181d;
    colors.logText = 0xffd6dde5;
    colors.gutterBackground = 0xff1b2026;
    colors.gutterText = 0xff828f9e;
    colors.currentLine = 0xff2b3644;
    colors.selection = 0xff2b4f78;
    colors.match = 0xff5f4b10;
    colors.currentMatch = 0xfff2b33d;
    colors.matchText = 0xfff7eed2;
    colors.currentMatchText = 0xff14181d;
    colors.system = 0xffb6a4f0;
    setAnsi(colors, {0xff828f9e, 0xfff0716c, 0xff5fc27e, 0xffd9b44a, 0xff6ca8f5, 0xffcf8ae0, 0xff4fc3d0, 0xffc3ccd6,
                     0xff97a3b1, 0xffff8f8a, 0xff83dc9e, 0xfff0d070, 0xff93c2ff, 0xffe3aaf0, 0xff7fdde8, 0xfff5f8fb});
    return colors;
}

ThemeColors makeContrast()
{
    ThemeColors colors;
    colors.dark = true;
    colors.readable = 7;
    colors.palette = paletteOf({0xff000000, 0xff000000, 0xff0d0d0d, 0xff1a1a1a, 0xffffffff, 0xffd6d6d6, 0xffffe14d,
                                0xff000000, 0xffbfbfbf, 0xff8fd0ff});
    colors.border = 0xffbfbfbf;
    colors.muted = 0xffd6d6d6;
    colors.accent = 0xffffe14d;
    colors.success = 0xff6ef598;
    colors.failure = 0xffff9d99;
    colors.warning = 0xffffc766;
    colors.running = 0xff8fd0ff;
    colors.idle = 0xffd6d6d6;
    colors.production = 0xffff9d99;
    colors.logBackground = 0xff000000;
    colors.logText = 0xffffffff;
    colors.gutterBackground = 0xff0d0d0d;
    colors.gutterText = 0xffd6d6d6;
    colors.currentLine = 0xff0f2a4a;
    colors.selection = 0xff00429c;
    colors.match = 0xff5c4700;
    colors.currentMatch = 0xffffe14d;
    colors.matchText = 0xffffffff;
    colors.currentMatchText = 0xff000000;
    colors.system = 0xffd5c7ff;
    setAnsi(colors, {0xffb8b8b8, 0xffff9d99, 0xff6ef598, 0xfff7d75c, 0xff8fc4ff, 0xfff0a8ff, 0xff6ee7f2, 0xffe6e6e6,
                     0xffc8c8c8, 0xffffb3b0, 0xff94ffb8, 0xffffe68a, 0xffb3d7ff, 0xffffc2ff, 0xff9cf5fc, 0xffffffff});
    return colors;
}

// xterm's own table, for text and background of a cell that has a colour behind it.
QColor exactColor(const AnsiColor &color)
{
    static constexpr QRgb first[16] = {0xff000000, 0xffcd0000, 0xff00cd00, 0xffcdcd00, 0xff0000ee, 0xffcd00cd,
                                       0xff00cdcd, 0xffe5e5e5, 0xff7f7f7f, 0xffff0000, 0xff00ff00, 0xffffff00,
                                       0xff5c5cff, 0xffff00ff, 0xff00ffff, 0xffffffff};
    if (color.kind == AnsiColor::Kind::Rgb)
        return QColor::fromRgb(0xff000000 | color.value);
    if (color.value < 16)
        return QColor::fromRgb(first[color.value]);
    if (color.value >= 232) {
        const int grey = 8 + int(color.value - 232) * 10;
        return QColor(grey, grey, grey);
    }
    const auto level = [](uint32_t part) { return part == 0 ? 0 : 55 + int(part) * 40; };
    const uint32_t cube = color.value - 16;
    return QColor(level(cube / 36), level(cube / 6 % 6), level(cube % 6));
}

QColor mixed(const QColor &one, const QColor &other, float part)
{
    const auto of = [part](float a, float b) { return a + (b - a) * part; };
    return QColor::fromRgbF(of(one.redF(), other.redF()), of(one.greenF(), other.greenF()),
                            of(one.blueF(), other.blueF()));
}

// Nearer to what is behind it, but no nearer than it can be read.
QColor faintText(const QColor &text, const QColor &behind, double readable)
{
    for (const float part : {0.33F, 0.25F, 0.17F, 0.08F}) {
        const QColor faint = mixed(text, behind, part);
        if (contrast(faint, behind) >= readable)
            return faint;
    }
    return text;
}

QColor textOn(const QColor &background)
{
    return contrast(Qt::black, background) >= contrast(Qt::white, background) ? Qt::black : Qt::white;
}

} // namespace

const ThemeColors &lightColors()
{
    static const ThemeColors colors = makeLight();
    return colors;
}

const ThemeColors &darkColors()
{
    static const ThemeColors colors = makeDark();
    return colors;
}

const ThemeColors &contrastColors()
{
    static const ThemeColors colors = makeContrast();
    return colors;
}

double contrast(const QColor &one, const QColor &other)
{
    const auto luminance = [](const QColor &color) {
        const auto linear = [](double part) {
            return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
    };
    const double a = luminance(one);
    const double b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

QColor selectedText(const ThemeColors &colors, const QColor &text)
{
    return contrast(text, colors.selection) >= colors.readable ? text : colors.logText;
}

CellColors cellColors(const ThemeColors &colors, const AnsiStyle &style)
{
    using Kind = AnsiColor::Kind;
    CellColors cell;
    if (style.background.kind != Kind::Default)
        cell.background = exactColor(style.background);
    if (style.foreground.kind == Kind::Default)
        cell.text = cell.background.isValid() ? textOn(cell.background) : colors.logText;
    else if (style.foreground.kind == Kind::Indexed && style.foreground.value < 16 && !cell.background.isValid())
        cell.text = colors.ansi[style.foreground.value + (style.bold && style.foreground.value < 8 ? 8 : 0)];
    else
        cell.text = exactColor(style.foreground);
    if (style.inverse) {
        const QColor text = cell.background.isValid() ? cell.background : colors.logBackground;
        cell = {text, cell.text};
    }
    const QColor behind = cell.background.isValid() ? cell.background : colors.logBackground;
    if (style.faint)
        cell.text = faintText(cell.text, behind, colors.readable);
    if (style.concealed)
        cell.text = behind;
    return cell;
}

} // namespace danube::console
