// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/pages.h"

#include "console/app/activitypage.h"
#include "console/app/allowlistpage.h"
#include "console/app/artifactspage.h"
#include "console/app/configpage.h"
#include "console/app/masterspage.h"
#include "console/app/pipelinespage.h"
#include "console/app/preferencespage.h"
#include "console/app/secretspage.h"
#include "console/app/shortcutspage.h"
#include "console/app/translations.h"

#include <QCoreApplication>

namespace danube::console {

namespace {

template <class Made> Page *make(const PageContext &context, QWidget *parent)
{
    return new Made(context, parent);
}

#define DANUBE_PAGE(text) QT_TR_NOOP(text) // so knows lupdate, by deploy/dev/translations.py

constexpr PageSpec specs[] = {
    {"pipelines", "", DANUBE_PAGE("Pipelines"), "pipelines", PageScope::PerMaster, true, make<PipelinesPage>},
    {"allowlist", DANUBE_PAGE("Blueprint"), DANUBE_PAGE("Allowlist"), "allowlist", PageScope::PerMaster, true,
     make<AllowlistPage>},
    {"config", DANUBE_PAGE("Blueprint"), DANUBE_PAGE("Config"), "config", PageScope::PerMaster, true, make<ConfigPage>},
    {"secrets", DANUBE_PAGE("Blueprint"), DANUBE_PAGE("Secrets"), "secrets", PageScope::PerMaster, true,
     make<SecretsPage>},
    {"artifacts", "", DANUBE_PAGE("Artifacts"), "artifacts", PageScope::PerMaster, true, make<ArtifactsPage>},
    {"masters", "", DANUBE_PAGE("Masters"), "masters", PageScope::Console, true, make<MastersPage>},
    {"activity", "", DANUBE_PAGE("Activity"), "activity", PageScope::Console, true, make<ActivityPage>},
    {"preferences", "", DANUBE_PAGE("Preferences"), "settings", PageScope::Console, false, make<PreferencesPage>},
    {"shortcuts", "", DANUBE_PAGE("Shortcuts"), "keyboard", PageScope::Console, false, make<ShortcutsPage>},
};

} // namespace

std::span<const PageSpec> pageSpecs()
{
    return specs;
}

const PageSpec *pageSpec(const QString &id)
{
    const auto found = std::find_if(std::begin(specs), std::end(specs),
                                    [&](const PageSpec &spec) { return id == QLatin1StringView(spec.id); });
    return found == std::end(specs) ? nullptr : found;
}

QString pageTitle(const PageSpec &spec)
{
    return QCoreApplication::translate(tableContext, spec.title);
}

} // namespace danube::console
