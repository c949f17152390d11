// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/actionregistry.h"

#include "console/app/actionstate.h"
#include "console/app/icons.h"
#include "console/app/translations.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QKeySequence>
#include <QMenu>
#include <QMenuBar>
#include <QSettings>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

enum class Scope {
    Window,
    Log,  ///< single keys, only in the log that has the focus
    Page, ///< done by the current page
};

struct ActionSpec
{
    const char *id;
    const char *menu;
    const char *text;
    const char *icon; ///< empty = none
    const char *keys; ///< QKeySequence texts, separated by blanks
    Scope scope = Scope::Window;
    const char *group = nullptr; ///< exclusive, checkable
    bool separatorBefore = false;
};

// lupdate knows both names as QT_TR_NOOP (deploy/dev/translations.py).
#define DANUBE_MENU(text) QT_TR_NOOP(text)
#define DANUBE_TEXT(text) QT_TR_NOOP(text)

constexpr ActionSpec specs[] = {
    {"app.connect", DANUBE_MENU("&File"), DANUBE_TEXT("&Connect…"), "connect", "Ctrl+N"},
    {"app.signIn", DANUBE_MENU("&File"), DANUBE_TEXT("S&ign in again…"), "sign-in", ""},
    {"app.reconnect", DANUBE_MENU("&File"), DANUBE_TEXT("&Reconnect now"), "reconnect", "F5"},
    {"app.disconnect", DANUBE_MENU("&File"), DANUBE_TEXT("&Disconnect"), "disconnect", ""},
    {"app.unlock", DANUBE_MENU("&File"), DANUBE_TEXT("&Unlock production…"), "unlock", "Ctrl+Shift+U"},
    {"app.lock", DANUBE_MENU("&File"), DANUBE_TEXT("Loc&k again"), "lock", ""},
    {"app.openFile", DANUBE_MENU("&File"), DANUBE_TEXT("&Open log file…"), "open-file", "Ctrl+O", Scope::Window,
     nullptr, true},
    {"statistics.export", DANUBE_MENU("&File"), DANUBE_TEXT("&Export statistics as CSV…"), "export", "", Scope::Page},
    {"app.closeTab", DANUBE_MENU("&File"), DANUBE_TEXT("Close &tab"), "close", "Ctrl+W"},
    {"app.openLink", DANUBE_MENU("&File"), DANUBE_TEXT("Open &link from the clipboard"), "link", "Ctrl+Shift+O"},
    {"app.quit", DANUBE_MENU("&File"), DANUBE_TEXT("&Quit"), "quit", "Ctrl+Q", Scope::Window, nullptr, true},
    {"edit.undo", DANUBE_MENU("&Edit"), DANUBE_TEXT("&Undo"), "undo", "Ctrl+Z", Scope::Page},
    {"edit.redo", DANUBE_MENU("&Edit"), DANUBE_TEXT("&Redo"), "redo", "Ctrl+Shift+Z Ctrl+Y", Scope::Page},
    {"log.copy", DANUBE_MENU("&Edit"), DANUBE_TEXT("&Copy"), "copy", "Ctrl+C", Scope::Log},
    {"log.copyColours", DANUBE_MENU("&Edit"), DANUBE_TEXT("Copy with c&olours"), "", "Ctrl+Shift+C", Scope::Log},
    {"log.selectAll", DANUBE_MENU("&Edit"), DANUBE_TEXT("Select &all"), "select-all", "Ctrl+A", Scope::Log},
    {"app.palette", DANUBE_MENU("&Edit"), DANUBE_TEXT("Fi&nd anything…"), "palette", "Ctrl+K", Scope::Window, nullptr,
     true},
    {"app.preferences", DANUBE_MENU("&Edit"), DANUBE_TEXT("&Preferences"), "settings", "Ctrl+,"},
    {"views.restore", DANUBE_MENU("&Edit"), DANUBE_TEXT("Restore the removed &view"), "undo", ""},
    {"jobs.filter", DANUBE_MENU("&Edit"), DANUBE_TEXT("&Filter jobs"), "find", "Ctrl+L", Scope::Window, nullptr, true},
    {"view.navigator", DANUBE_MENU("&View"), DANUBE_TEXT("&Navigator"), "", "F9"},
    {"view.details", DANUBE_MENU("&View"), DANUBE_TEXT("&Details"), "", "F10"},
    {"view.activity", DANUBE_MENU("&View"), DANUBE_TEXT("&Activity"), "", "F11"},
    {"view.themeSystem", DANUBE_MENU("&View"), DANUBE_TEXT("Colours of the &system"), "", "", Scope::Window, "theme",
     true},
    {"view.themeLight", DANUBE_MENU("&View"), DANUBE_TEXT("&Light"), "", "", Scope::Window, "theme"},
    {"view.themeDark", DANUBE_MENU("&View"), DANUBE_TEXT("Dar&k"), "", "", Scope::Window, "theme"},
    {"view.themeContrast", DANUBE_MENU("&View"), DANUBE_TEXT("&High contrast"), "", "", Scope::Window, "theme"},
    {"view.toggleTheme", DANUBE_MENU("&View"), DANUBE_TEXT("Switch the &theme"), "theme", "Ctrl+Shift+D"},
    {"view.sortNext", DANUBE_MENU("&View"), DANUBE_TEXT("Sort by the next &column"), "", "F8", Scope::Window, nullptr,
     true},
    {"view.sortPrevious", DANUBE_MENU("&View"), DANUBE_TEXT("Sort by the &previous column"), "", "Shift+F8"},
    {"view.sortReverse", DANUBE_MENU("&View"), DANUBE_TEXT("Re&verse the sorting"), "", "Ctrl+F8"},
    {"view.fullScreen", DANUBE_MENU("&View"), DANUBE_TEXT("F&ull screen"), "window", "Shift+F11", Scope::Window,
     nullptr, true},
    {"view.zoomIn", DANUBE_MENU("&View"), DANUBE_TEXT("Zoom log &in"), "zoom-in", "Ctrl++ Ctrl+=", Scope::Window,
     nullptr, true},
    {"view.zoomOut", DANUBE_MENU("&View"), DANUBE_TEXT("Zoom log &out"), "zoom-out", "Ctrl+-"},
    {"view.zoomReset", DANUBE_MENU("&View"), DANUBE_TEXT("Normal si&ze"), "zoom-reset", "Ctrl+0"},
    {"job.open", DANUBE_MENU("&Job"), DANUBE_TEXT("&Open"), "job", ""},
    {"job.cancel", DANUBE_MENU("&Job"), DANUBE_TEXT("&Cancel"), "cancel", "Ctrl+Shift+X", Scope::Window, nullptr, true},
    {"job.retry", DANUBE_MENU("&Job"), DANUBE_TEXT("&Retry"), "retry", "Ctrl+Shift+R"},
    {"job.watch", DANUBE_MENU("&Job"), DANUBE_TEXT("&Watch"), "watch", "Ctrl+Shift+W"},
    {"job.copyLink", DANUBE_MENU("&Job"), DANUBE_TEXT("Copy &link"), "link", "Ctrl+Shift+L", Scope::Window, nullptr,
     true},
    {"artifacts.download", DANUBE_MENU("&Job"), DANUBE_TEXT("&Download artifacts…"), "download", "Ctrl+Shift+S",
     Scope::Page, nullptr, true},
    {"downloads.pause", DANUBE_MENU("&Job"), DANUBE_TEXT("&Pause download"), "paused", "", Scope::Page},
    {"downloads.resume", DANUBE_MENU("&Job"), DANUBE_TEXT("Res&ume download"), "", "", Scope::Page},
    {"downloads.remove", DANUBE_MENU("&Job"), DANUBE_TEXT("Ca&ncel or remove download"), "", "", Scope::Page},
    {"downloads.inside", DANUBE_MENU("&Job"), DANUBE_TEXT("Look &inside the archive"), "", "", Scope::Page},
    {"downloads.folder", DANUBE_MENU("&Job"), DANUBE_TEXT("Open download &folder"), "open-file", "", Scope::Page},
    {"log.find", DANUBE_MENU("&Log"), DANUBE_TEXT("&Find…"), "find", "/ Ctrl+F", Scope::Log},
    {"log.next", DANUBE_MENU("&Log"), DANUBE_TEXT("&Next match"), "next", "N F3", Scope::Log},
    {"log.previous", DANUBE_MENU("&Log"), DANUBE_TEXT("&Previous match"), "previous", "Shift+N Shift+F3", Scope::Log},
    {"log.matches", DANUBE_MENU("&Log"), DANUBE_TEXT("&List the matches"), "filter", "Shift+F", Scope::Log},
    {"log.nextError", DANUBE_MENU("&Log"), DANUBE_TEXT("Next &error"), "next-error", "E", Scope::Log, nullptr, true},
    {"log.previousError", DANUBE_MENU("&Log"), DANUBE_TEXT("Previous e&rror"), "previous-error", "Shift+E", Scope::Log},
    {"log.mark", DANUBE_MENU("&Log"), DANUBE_TEXT("&Mark the line"), "mark", "M", Scope::Log, nullptr, true},
    {"log.nextMark", DANUBE_MENU("&Log"), DANUBE_TEXT("Next mar&k"), "next-mark", "'", Scope::Log},
    {"log.previousMark", DANUBE_MENU("&Log"), DANUBE_TEXT("Previous m&ark"), "previous-mark", "Shift+M", Scope::Log},
    {"log.goToLine", DANUBE_MENU("&Log"), DANUBE_TEXT("&Go to line or time…"), "go-to-line", "G Ctrl+G", Scope::Log,
     nullptr, true},
    {"log.follow", DANUBE_MENU("&Log"), DANUBE_TEXT("F&ollow the end"), "follow", "F", Scope::Log},
    {"log.times", DANUBE_MENU("&Log"), DANUBE_TEXT("Next form of &times"), "clock", "T", Scope::Log, nullptr, true},
    {"log.wrap", DANUBE_MENU("&Log"), DANUBE_TEXT("&Wrap long lines"), "wrap", "W", Scope::Log},
    {"log.fold", DANUBE_MENU("&Log"), DANUBE_TEXT("Fol&d this step"), "fold", "Z", Scope::Log, nullptr, true},
    {"log.foldOthers", DANUBE_MENU("&Log"), DANUBE_TEXT("Fold all &but failed steps"), "", "Shift+Z", Scope::Log},
    {"log.unfold", DANUBE_MENU("&Log"), DANUBE_TEXT("&Unfold all"), "unfold", "U", Scope::Log},
    {"log.saveAll", DANUBE_MENU("&Log"), DANUBE_TEXT("&Save the log…"), "save", "Ctrl+S", Scope::Log, nullptr, true},
    {"log.saveSelection", DANUBE_MENU("&Log"), DANUBE_TEXT("Sa&ve selected lines…"), "", "", Scope::Log},
    {"log.saveMatches", DANUBE_MENU("&Log"), DANUBE_TEXT("Save mat&ching lines…"), "", "", Scope::Log},
    {"log.openOutside", DANUBE_MENU("&Log"), DANUBE_TEXT("Open in anot&her program"), "", "", Scope::Log},
    {"blueprint.validate", DANUBE_MENU("&Blueprint"), DANUBE_TEXT("&Validate"), "check", "F7", Scope::Page},
    {"blueprint.preview", DANUBE_MENU("&Blueprint"), DANUBE_TEXT("&Preview policy"), "", "Ctrl+Shift+P", Scope::Page},
    {"blueprint.testHosts", DANUBE_MENU("&Blueprint"), DANUBE_TEXT("&Test hosts"), "", "Ctrl+Shift+T", Scope::Page},
    {"blueprint.reload", DANUBE_MENU("&Blueprint"), DANUBE_TEXT("&Reload"), "reconnect", "", Scope::Page},
    {"blueprint.commit", DANUBE_MENU("&Blueprint"), DANUBE_TEXT("&Commit…"), "save", "Ctrl+Return", Scope::Page,
     nullptr, true},
    {"masters.add", DANUBE_MENU("&Masters"), DANUBE_TEXT("&Add master…"), "add", "Ctrl+Shift+N", Scope::Page},
    {"masters.connect", DANUBE_MENU("&Masters"), DANUBE_TEXT("&Connect to it"), "connect", "", Scope::Page},
    {"masters.edit", DANUBE_MENU("&Masters"), DANUBE_TEXT("&Edit…"), "edit", "", Scope::Page, nullptr, true},
    {"masters.duplicate", DANUBE_MENU("&Masters"), DANUBE_TEXT("D&uplicate…"), "duplicate", "", Scope::Page},
    {"masters.remove", DANUBE_MENU("&Masters"), DANUBE_TEXT("&Remove…"), "remove", "", Scope::Page},
    {"masters.test", DANUBE_MENU("&Masters"), DANUBE_TEXT("&Test connection…"), "check", "", Scope::Page},
    {"masters.import", DANUBE_MENU("&Masters"), DANUBE_TEXT("&Import…"), "import", "", Scope::Page, nullptr, true},
    {"masters.export", DANUBE_MENU("&Masters"), DANUBE_TEXT("E&xport…"), "export", "", Scope::Page},
    {"window.next", DANUBE_MENU("&Window"), DANUBE_TEXT("&Next tab"), "", "Ctrl+Tab"},
    {"window.previous", DANUBE_MENU("&Window"), DANUBE_TEXT("&Previous tab"), "", "Ctrl+Shift+Tab"},
    {"window.nextPane", DANUBE_MENU("&Window"), DANUBE_TEXT("Next p&ane"), "", "F6", Scope::Window, nullptr, true},
    {"window.previousPane", DANUBE_MENU("&Window"), DANUBE_TEXT("Previous pan&e"), "", "Shift+F6"},
    {"window.tearOff", DANUBE_MENU("&Window"), DANUBE_TEXT("Move tab to a window of its &own"), "window", "",
     Scope::Window, nullptr, true},
    {"help.shortcuts", DANUBE_MENU("&Help"), DANUBE_TEXT("&Shortcuts"), "keyboard", "Ctrl+F1"},
    {"help.about", DANUBE_MENU("&Help"), DANUBE_TEXT("&About Danube"), "info", ""},
};

const ActionSpec &specOf(const QAction *action)
{
    return *std::find_if(std::begin(specs), std::end(specs), [action](const ActionSpec &spec) {
        return action->objectName() == QLatin1StringView(spec.id);
    });
}

QList<QKeySequence> keysOf(const ActionSpec &spec)
{
    QList<QKeySequence> keys;
    for (const QString &text : QString::fromLatin1(spec.keys).split(u' ', Qt::SkipEmptyParts))
        keys.append(QKeySequence(text, QKeySequence::PortableText));
    return keys;
}

} // namespace

ActionRegistry::ActionRegistry(QObject *parent) : QObject(parent)
{
    QHash<QLatin1StringView, QActionGroup *> groups;
    for (const ActionSpec &spec : specs) {
        auto *action = new QAction(QCoreApplication::translate(tableContext, spec.text), this);
        action->setObjectName(QLatin1StringView(spec.id));
        if (*spec.icon)
            action->setIcon(icon(QString::fromLatin1(spec.icon)));
        action->setShortcuts(keysOf(spec));
        action->setToolTip(toolTipOf(action));
        if (spec.scope == Scope::Log) {
            action->setShortcutContext(Qt::WidgetShortcut);
            m_logActions.append(action);
        }
        if (spec.scope == Scope::Page)
            m_pageActions.append(action);
        if (spec.group) {
            QActionGroup *&group = groups[QLatin1StringView(spec.group)];
            if (!group)
                group = new QActionGroup(this);
            action->setCheckable(true);
            group->addAction(action);
        }
        m_actions.append(action);
    }
}

QAction *ActionRegistry::action(QLatin1StringView id) const
{
    const auto found = std::find_if(m_actions.begin(), m_actions.end(),
                                    [id](const QAction *action) { return action->objectName() == id; });
    Q_ASSERT_X(found != m_actions.end(), "ActionRegistry::action", id.data());
    return *found;
}

void ActionRegistry::fillMenus(QMenuBar *bar) const
{
    QHash<QLatin1StringView, QMenu *> menus;
    for (QAction *action : m_actions) {
        const ActionSpec &spec = specOf(action);
        QMenu *&menu = menus[QLatin1StringView(spec.menu)];
        if (!menu)
            menu = bar->addMenu(QCoreApplication::translate(tableContext, spec.menu));
        if (spec.separatorBefore)
            menu->addSeparator();
        menu->addAction(action);
    }
}

QString ActionRegistry::menuOf(const QAction *action) const
{
    return QCoreApplication::translate(tableContext, specOf(action).menu);
}

QString ActionRegistry::iconOf(const QAction *action) const
{
    return QString::fromLatin1(specOf(action).icon);
}

QList<QKeySequence> ActionRegistry::defaultKeys(const QAction *action) const
{
    return keysOf(specOf(action));
}

QAction *ActionRegistry::ownerOf(const QKeySequence &keys) const
{
    const auto owner = std::find_if(m_actions.begin(), m_actions.end(),
                                    [&](const QAction *action) { return action->shortcuts().contains(keys); });
    return owner == m_actions.end() ? nullptr : *owner;
}

Result<void> ActionRegistry::setKeys(QAction &action, const QList<QKeySequence> &keys)
{
    QList<QKeySequence> wanted = keys;
    wanted.removeAll(QKeySequence());
    for (const QKeySequence &one : std::as_const(wanted)) {
        const QAction *owner = ownerOf(one);
        if (owner && owner != &action)
            return fail(ErrorCode::AlreadyExists,
                        tr("%1 already belongs to \"%2\" (menu %3).")
                            .arg(one.toString(QKeySequence::NativeText), nameOf(owner), menuOf(owner).remove(u'&')));
    }
    action.setShortcuts(wanted);
    action.setToolTip(toolTipOf(&action));
    emit keysChanged();
    return {};
}

void ActionRegistry::loadKeys(const QSettings &settings)
{
    QList<std::pair<QAction *, QString>> stored;
    for (QAction *action : std::as_const(m_actions)) {
        const QVariant keys = settings.value("shortcuts/"_L1 + action->objectName());
        if (keys.isValid())
            stored.append({action, keys.toString()});
    }
    for (const auto &[action, keys] : std::as_const(stored))
        action->setShortcuts({}); // all of them first: two actions may have swapped
    for (const auto &[action, keys] : std::as_const(stored)) {
        if (!setKeys(*action, QKeySequence::listFromString(keys, QKeySequence::PortableText)))
            action->setToolTip(toolTipOf(action));
    }
}

void ActionRegistry::storeKeys(QSettings &settings) const
{
    settings.remove("shortcuts"_L1);
    for (const QAction *action : m_actions) {
        if (action->shortcuts() != defaultKeys(action))
            settings.setValue("shortcuts/"_L1 + action->objectName(),
                              QKeySequence::listToString(action->shortcuts(), QKeySequence::PortableText));
    }
}

} // namespace danube::console
