// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/translations.h"

#include <QApplication>
#include <QFile>
#include <QLocale>
#include <QTranslator>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr auto catalogName = "danubeCatalog"_L1;

QString catalog(QStringView name, const QString &language)
{
    return u":/translations/%1_%2.qm"_s.arg(name, language);
}

// "de-AT" and "de" of the desktop's list are both served by "de".
QString languageOfDesktop()
{
    for (const QString &wanted : QLocale::system().uiLanguages()) {
        const QString language = wanted.section(u'-', 0, 0);
        if (languages().contains(language))
            return language;
    }
    return languages().front();
}

bool install(const QString &path, const QString &language)
{
    auto *translator = new QTranslator(qApp);
    translator->setObjectName(catalogName);
    translator->setProperty("language", language);
    return translator->load(path) && QCoreApplication::installTranslator(translator);
}

} // namespace

QStringList languages()
{
    return {u"en"_s, u"de"_s};
}

void useLanguage(const QString &language)
{
    qDeleteAll(qApp->findChildren<QTranslator *>(catalogName, Qt::FindDirectChildrenOnly)); // removes them as well
    const QString used = languages().contains(language) ? language : languageOfDesktop();
    // A language chosen against the desktop's also decides how numbers are written; the desktop's own keeps its
    // country.
    const QLocale system = QLocale::system();
    QLocale::setDefault(QLocale(used).language() == system.language() || language.isEmpty() ? system : QLocale(used));
    install(catalog(u"qtbase", used), used); // English needs none
    install(catalog(u"danube", used), used);
}

QString usedLanguage()
{
    const auto *translator = qApp->findChild<QTranslator *>(catalogName, Qt::FindDirectChildrenOnly);
    return translator ? translator->property("language").toString() : QString();
}

QStringList missingCatalogs()
{
    QStringList missing;
    for (const QString &language : languages()) {
        QStringList paths{catalog(u"danube", language)};
        if (language != languages().front())
            paths.append(catalog(u"qtbase", language));
        for (const QString &path : std::as_const(paths)) {
            if (!QTranslator().load(path))
                missing.append(path);
        }
    }
    return missing;
}

} // namespace danube::console
