// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <span>

class QWidget;

namespace danube::console {

class Page;
struct PageContext;

enum class PageScope {
    Console,   ///< one tab, whatever is connected; PageContext::master is null
    PerMaster, ///< one tab for each master
};

/// A page of the navigator. To add one: a class derived from Page, and a line in pages.cpp.
struct PageSpec
{
    const char *id;    ///< stable: MainWindow::openPage() and the keys of tabs have it
    const char *group; ///< the navigator's heading above it; empty = none
    const char *title; ///< untranslated, as DANUBE_PAGE marks it
    const char *icon;
    PageScope scope;
    bool inNavigator;
    Page *(*make)(const PageContext &context, QWidget *parent);
};

std::span<const PageSpec> pageSpecs(); ///< in the navigator's order; the jobs tab is the window's own
const PageSpec *pageSpec(const QString &id);
QString pageTitle(const PageSpec &spec);

} // namespace danube::console
