// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/icons.h"

#include <QApplication>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QSvgRenderer>

using namespace Qt::StringLiterals;

// At namespace scope, as the macro demands of a static library.
static void initIconResources()
{
    Q_INIT_RESOURCE(icons);
}

namespace danube::console {

namespace {

// The drawings say "currentColor"; which colour that is depends on palette and mode at the time of painting.
class LineIconEngine : public QIconEngine
{
public:
    LineIconEngine(QByteArray drawing, const QColor &color) : m_drawing(std::move(drawing)), m_color(color) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        QByteArray colored = m_drawing;
        colored.replace("currentColor", colorFor(mode).name().toLatin1());
        QSvgRenderer renderer(colored);
        const int side = std::min(rect.width(), rect.height());
        const QRect square(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2, side, side);
        renderer.render(painter, square);
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1);
    }
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state, qreal scale) override
    {
        QPixmap pixmap(size * scale); // QIcon sets the ratio
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, pixmap.rect(), mode, state);
        return pixmap;
    }
    QIconEngine *clone() const override { return new LineIconEngine(m_drawing, m_color); }
    QString key() const override { return u"danube"_s; }

private:
    QColor colorFor(QIcon::Mode mode) const
    {
        const QPalette palette = QApplication::palette();
        if (mode == QIcon::Disabled)
            return palette.color(QPalette::Disabled, QPalette::ButtonText);
        if (m_color.isValid())
            return m_color;
        return palette.color(mode == QIcon::Selected ? QPalette::HighlightedText : QPalette::ButtonText);
    }
    QByteArray m_drawing;
    QColor m_color;
};

} // namespace

void installIcons()
{
    initIconResources();
    QIcon::setThemeSearchPaths(QIcon::themeSearchPaths() << u":/icons"_s);
    QIcon::setFallbackThemeName(u"danube"_s);
    QApplication::setWindowIcon(icon(u"danube"_s, QColor(0x2f, 0x7d, 0xd1)));
}

QIcon icon(const QString &name, const QColor &color)
{
    initIconResources();
    QFile file(u":/icons/danube/scalable/"_s + name + u".svg"_s);
    if (!file.open(QIODevice::ReadOnly)) {
        Q_ASSERT_X(false, "icon", qPrintable(name));
        return icon(u"state-lost"_s, color);
    }
    return QIcon(new LineIconEngine(file.readAll(), color));
}

} // namespace danube::console
