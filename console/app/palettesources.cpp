// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/palettesources.h"

#include "console/app/actionstate.h"
#include "console/app/logpane.h"
#include "console/app/mainwindow.h"
#include "console/app/pagehost.h"
#include "console/app/pages.h"
#include "console/app/palettemodel.h"
#include "console/models/words.h"

#include <QCoreApplication>

#include <ranges>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

using Kind = PaletteEntry::Kind;

QString tr(const char *text)
{
    return QCoreApplication::translate("Palette", text);
}

QList<PaletteEntry> actions(const MainWindow &window)
{
    QList<PaletteEntry> entries;
    for (QAction *action : window.actions().all()) {
        if (!action->isEnabled())
            continue;
        entries.append({Kind::Action, nameOf(action),
                        QKeySequence::listToString(action->shortcuts(), QKeySequence::NativeText),
                        window.actions().iconOf(action), [action] { action->trigger(); }});
    }
    return entries;
}

QList<PaletteEntry> pages(MainWindow &window)
{
    QList<PaletteEntry> entries;
    for (const PageSpec &spec : pageSpecs()) {
        if (!spec.inNavigator)
            continue; // an action opens it
        const QString id = QString::fromLatin1(spec.id);
        entries.append({Kind::Page, pageTitle(spec), tr(QT_TRANSLATE_NOOP("Palette", "Page")),
                        QString::fromLatin1(spec.icon), [&window, id] { window.openPage(id); }});
    }
    return entries;
}

QList<PaletteEntry> jobs(MainWindow &window, const QString &text)
{
    const QStringList words = text.split(u' ', Qt::SkipEmptyParts);
    QList<PaletteEntry> entries;
    for (MasterSession *master : window.masters().all()) {
        for (const Job &job : std::views::reverse(master->jobs()->all())) { // from the newest
            if (entries.size() >= PaletteModel::most)
                return entries;
            const QString title = u"#%1 %2"_s.arg(job.number).arg(job.pipeline);
            const QString hint = u"%1 · %2"_s.arg(stateWord(job.state), master->profile().name);
            const bool fits = std::all_of(words.begin(), words.end(), [&](const QString &word) {
                return title.contains(word, Qt::CaseInsensitive) || hint.contains(word, Qt::CaseInsensitive);
            });
            if (fits)
                entries.append({Kind::Job, title, hint, u"job"_s, [&window, master = QPointer(master), id = job.id] {
                                    if (master)
                                        window.openJob(*master, id);
                                }});
        }
    }
    return entries;
}

QList<PaletteEntry> profiles(MainWindow &window)
{
    QList<PaletteEntry> entries;
    for (const Profile &profile : window.profiles().profiles())
        entries.append({Kind::Profile, profile.name, u"%1 · %2"_s.arg(kindWord(profile.kind), profile.url),
                        u"masters"_s, [&window, url = profile.url] { window.mastersActions().connectTo(url); }});
    return entries;
}

QList<PaletteEntry> lines(const MainWindow &window, const QString &text)
{
    LogPane *log = window.logPane();
    bool isNumber = false;
    const qlonglong line = text.toLongLong(&isNumber);
    if (!log || !log->view()->document() || !isNumber || line < 1 || line > log->view()->document()->lineCount())
        return {};
    return {{Kind::Line,
             tr(QT_TRANSLATE_NOOP("Palette", "Go to line %1")).arg(line),
             {},
             u"go-to-line"_s,
             [view = QPointer(log->view()), line] {
                 if (view)
                     view->showLine(line - 1);
             }}};
}

QList<PaletteEntry> findables(MainWindow &window)
{
    QList<PaletteEntry> entries;
    for (Page *page : window.tabs()->pages()) {
        for (const Findable &found : page->findable())
            entries.append({Kind::Host, found.title, page->title(), u"allowlist"_s,
                            [&window, page = QPointer(page), run = found.show] {
                                if (!page)
                                    return;
                                window.tabs()->show(page);
                                run();
                            }});
    }
    return entries;
}

} // namespace

void addPaletteSources(PaletteModel &model, MainWindow &window)
{
    model.addSource([&window](QChar prefix, const QString &text) -> QList<PaletteEntry> {
        switch (prefix.unicode()) {
        case u'>':
            return actions(window) + pages(window);
        case u'#':
            return jobs(window, text);
        case u'@':
            return profiles(window);
        case u':':
            return lines(window, text);
        default:
            return actions(window) + pages(window) + profiles(window) +
                   (text.isEmpty() ? QList<PaletteEntry>() : findables(window) + jobs(window, text));
        }
    });
}

} // namespace danube::console
