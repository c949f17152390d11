// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/logactions.h"

#include "console/app/actionregistry.h"
#include "console/app/bottomtabs.h"
#include "console/app/logpane.h"
#include "console/app/logpickview.h"

namespace danube::console {

namespace {

// Copying and selecting happen where the keys go: in the log, or in the list of its matches or marks.
LogView &focused(const LogPane &pane)
{
    for (LogView *view : {static_cast<LogView *>(pane.matchesView()), static_cast<LogView *>(pane.marksView())}) {
        if (view->hasFocus())
            return *view;
    }
    return *pane.view();
}

struct LogAction
{
    const char *id;
    void (*act)(LogPane &pane);
};

constexpr LogAction logActions[] = {
    {"log.copy", [](LogPane &pane) { focused(pane).copy(); }},
    {"log.copyColours", [](LogPane &pane) { focused(pane).copyWithColours(); }},
    {"log.selectAll", [](LogPane &pane) { focused(pane).selectAll(); }},
    {"log.find", [](LogPane &pane) { pane.openFind(); }},
    {"log.next", [](LogPane &pane) { pane.nextMatch(); }},
    {"log.previous", [](LogPane &pane) { pane.previousMatch(); }},
    {"log.matches", [](LogPane &pane) { pane.showMatches(pane.bottom()->current() != pane.matchesView()); }},
    {"log.nextError", [](LogPane &pane) { pane.nextError(); }},
    {"log.previousError", [](LogPane &pane) { pane.previousError(); }},
    {"log.mark", [](LogPane &pane) { pane.toggleMark(); }},
    {"log.nextMark", [](LogPane &pane) { pane.nextMark(); }},
    {"log.previousMark", [](LogPane &pane) { pane.previousMark(); }},
    {"log.goToLine", [](LogPane &pane) { pane.goTo(); }},
    {"log.follow", [](LogPane &pane) { pane.followEnd(); }},
    {"log.times", [](LogPane &pane) { pane.nextTimes(); }},
    {"log.wrap", [](LogPane &pane) { pane.toggleWrapping(); }},
    {"log.fold", [](LogPane &pane) { pane.toggleFold(); }},
    {"log.foldOthers", [](LogPane &pane) { pane.foldAllButFailed(); }},
    {"log.unfold", [](LogPane &pane) { pane.unfoldAll(); }},
    {"log.saveAll", [](LogPane &pane) { pane.saveAll(); }},
    {"log.saveSelection", [](LogPane &pane) { pane.saveSelection(); }},
    {"log.saveMatches", [](LogPane &pane) { pane.saveMatches(); }},
    {"log.openOutside", [](LogPane &pane) { pane.openInOtherProgram(); }},
    {"view.zoomIn", [](LogPane &pane) { pane.zoom(1); }},
    {"view.zoomOut", [](LogPane &pane) { pane.zoom(-1); }},
    {"view.zoomReset", [](LogPane &pane) { pane.zoom(0); }},
};

} // namespace

void connectLogActions(const ActionRegistry &actions, QObject *context, const std::function<LogPane *()> &current)
{
    for (const LogAction &entry : logActions) {
        QObject::connect(actions.action(QLatin1StringView(entry.id)), &QAction::triggered, context,
                         [current, act = entry.act] {
                             if (LogPane *pane = current())
                                 act(*pane);
                         });
    }
}

} // namespace danube::console
