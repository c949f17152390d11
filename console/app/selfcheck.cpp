// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/selfcheck.h"

#include "console/app/actionregistry.h"
#include "console/app/icons.h"
#include "console/app/pages.h"
#include "console/app/translations.h"

#include <QAction>
#include <QCoreApplication>
#include <QFile>
#include <QIcon>
#include <QImage>
#include <QSet>
#include <QWidget>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

bool isDrawn(const QString &name)
{
    if (!QFile::exists(u":/icons/danube/scalable/%1.svg"_s.arg(name)))
        return false;
    const QImage drawn = icon(name).pixmap(32).toImage();
    for (int y = 0; y < drawn.height(); ++y) {
        for (int x = 0; x < drawn.width(); ++x) {
            if (qAlpha(drawn.pixel(x, y)) > 0)
                return true;
        }
    }
    return false;
}

QSet<QString> iconNames()
{
    QSet<QString> names{u"danube"_s};
    const ActionRegistry registry;
    for (const QAction *action : registry.all()) {
        if (const QString name = registry.iconOf(action); !name.isEmpty())
            names.insert(name);
    }
    for (const PageSpec &page : pageSpecs())
        names.insert(QString::fromLatin1(page.icon));
    return names;
}

} // namespace

int selfCheck(QWidget &window)
{
    const QSet<QString> names = iconNames();
    QStringList missing = missingCatalogs();
    for (const QString &name : names) {
        if (!isDrawn(name))
            missing.append(u"icon "_s + name);
    }
    std::printf("program: %s\n", qPrintable(QCoreApplication::applicationFilePath()));
    const QImage drawn = window.grab().toImage();
    std::printf("window: %dx%d\n", drawn.width(), drawn.height());
    if (drawn.isNull())
        missing.append(u"window"_s);
    std::printf("icons: %lld\n", static_cast<long long>(names.size()));
    std::printf("languages: %s\n", qPrintable(languages().join(u' ')));
    std::printf("language: %s\n", qPrintable(usedLanguage()));
    for (const QString &what : std::as_const(missing))
        std::fprintf(stderr, "missing: %s\n", qPrintable(what));
    return missing.isEmpty() ? 0 : 1;
}

} // namespace danube::console
