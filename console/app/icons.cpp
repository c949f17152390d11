// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/icons.h"

#include <QApplication>
#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QPixmapCache>
#include <QSvgRenderer>

using namespace Qt::StringLiterals;

// At namespace scope, as the macro demands of a static library.
static void initIconResources()
{
    Q_INIT_RESOURCE(icons);
}

namespace danube::console {

namespace {

// The drawings say "currentColor"; which colour that is depends on palette and mode at the time of painting. Reading
// one costs far more than showing it, and tables show one per row: what came of it is kept in Qt's pixmap cache.
QPixmap drawn(const QString &name, const QByteArray &drawing, const QColor &color, int side)
{
    const QString key = u"danube/%1/%2/%3"_s.arg(name, color.name()).arg(side);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    QByteArray colored = drawing;
    colored.replace("currentColor", color.name().toLatin1());
    pixmap = QPixmap(side, side);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    QSvgRenderer(colored).render(&painter, QRectF(pixmap.rect()));
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

class LineIconEngine : public QIconEngine
{
public:
    LineIconEngine(QString name, QByteArray drawing, const QColor &color)
        : m_name(std::move(name)), m_drawing(std::move(drawing)), m_color(color)
    {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const int side = std::min(rect.width(), rect.height());
        const int pixels = qRound(side * painter->device()->devicePixelRatioF());
        if (pixels <= 0)
            return;
        const QRect square(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2, side, side);
        painter->drawPixmap(square, drawn(m_name, m_drawing, colorFor(mode), pixels));
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
    QIconEngine *clone() const override { return new LineIconEngine(m_name, m_drawing, m_color); }
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
    QString m_name;
    QByteArray m_drawing;
    QColor m_color;
};

/// Empty = there is none of that name.
QByteArray drawingOf(const QString &name)
{
    static QHash<QString, QByteArray> known;
    if (const auto found = known.constFind(name); found != known.constEnd())
        return *found;
    QFile file(u":/icons/danube/scalable/"_s + name + u".svg"_s);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return known[name] = file.readAll();
}

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
    const QByteArray drawing = drawingOf(name);
    if (drawing.isEmpty()) {
        Q_ASSERT_X(false, "icon", qPrintable(name));
        return icon(u"state-lost"_s, color);
    }
    return QIcon(new LineIconEngine(name, drawing, color));
}

} // namespace danube::console
