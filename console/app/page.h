// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/actionstate.h"
#include "console/app/themecolors.h"
#include "shared/core/id.h"

#include <QIcon>
#include <QWidget>

class QSettings;

namespace danube::console {

class ActionRegistry;
class Guard;
class JobStandings;
class LogPane;
class MasterSession;
class Masters;
class MastersActions;
class PreferencesStore;
class ProfileModel;
class SavedViews;

/// What a page is made from. Everything outlives the page.
struct PageContext
{
    Masters &masters;
    ProfileModel &profiles;
    MastersActions &mastersActions;
    Guard &guard; ///< what writes asks it first
    SavedViews &views;
    const JobStandings &standings;
    const Clock &clock;
    QSettings &settings;
    PreferencesStore &preferences;
    ActionRegistry &actions;
    const ThemeColors &colors;       ///< of now; later ones come by setColors()
    bool canNotify = false;          ///< the desktop shows notifications
    MasterSession *master = nullptr; ///< whose page it is; null for pages of the console itself
};

/// A job of one of the connected masters.
struct JobRef
{
    MasterSession *master = nullptr;
    JobId job;
    bool operator==(const JobRef &) const = default;
};

/// Something in a page that the command palette can lead to, say a host of the allowlist.
struct Findable
{
    QString title;
    std::function<void()> show; ///< the page is in front when it is called
};

/// One row of the details dock; without a text it is a heading.
struct Detail
{
    QString label;
    QString text;
    bool operator==(const Detail &) const = default;
};

/// One tab: what the window must know of it. Pages never reach into the window; they tell by changed() and told().
class Page : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;

    virtual QString title() const = 0; ///< of the tab
    virtual QString tabToolTip() const { return {}; }
    virtual QIcon tabIcon() const { return {}; }              ///< in the colours of now
    virtual void setColors(const ThemeColors &) {}            ///< the theme changed
    virtual MasterSession *master() const { return nullptr; } ///< goes with it: closed before the session
    virtual LogPane *logPane() const { return nullptr; }      ///< the log that log actions act upon
    virtual QList<JobRef> jobs() const { return {}; }         ///< what job actions act upon
    virtual QList<Detail> details() const { return {}; }      ///< of what is selected, for the details dock
    virtual QString status() const { return {}; }             ///< for the status bar: "3 of 10 000 jobs"
    /// What closing would lose, as part of a sentence ("2 edits of the allowlist"); empty = nothing.
    virtual QString unsaved() const { return {}; }
    virtual void discard() {} ///< loses it, also where other pages share it
    /// Actions of ActionScope::Page: whether the page knows `id` and can do it now; nullopt = not its action.
    virtual std::optional<ActionState> actionState(const QString & /*id*/) const { return std::nullopt; }
    virtual void trigger(const QString & /*id*/) {} ///< only after an enabled actionState()

    virtual QList<Findable> findable() const { return {}; }

signals:
    void changed(); ///< anything of the above
    /// One sentence about the last action, for the status bar.
    void told(const QString &text);
    void jobWanted(danube::console::MasterSession *master, const danube::JobId &job); ///< open it
    void pageWanted(const QString &id);                                               ///< open a page of pages.h
};

} // namespace danube::console
