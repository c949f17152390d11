// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/artifactscommand.h"
#include "console/cli/blueprintcommand.h"
#include "console/cli/driftcommand.h"
#include "console/cli/editcommand.h"
#include "console/cli/egresscommand.h"
#include "console/cli/egressmastercommand.h"
#include "console/cli/followingcommand.h"
#include "console/cli/jobcommands.h"
#include "console/cli/logscommand.h"
#include "console/cli/mastercommands.h"
#include "console/cli/searchcommand.h"
#include "console/cli/secretscommand.h"

#include <algorithm>
#include <array>

namespace danube::cli {
namespace {

using Make = std::unique_ptr<Command> (*)(const Context &);

template <class T> std::unique_ptr<Command> make(const Context &context)
{
    return std::make_unique<T>(context);
}

std::unique_ptr<Command> makeEgress(const Context &context)
{
    if (EgressMasterCommand::isFor(context.options))
        return make<EgressMasterCommand>(context);
    return make<EgressCommand>(context);
}

std::unique_ptr<Command> makeBlueprint(const Context &context)
{
    const QString action = context.options.arguments.value(0);
    if (action == QLatin1StringView("drift"))
        return make<DriftCommand>(context);
    if (action == QLatin1StringView("edit"))
        return make<EditCommand>(context);
    return make<BlueprintCommand>(context);
}

struct Row
{
    QByteArrayView name;
    Make make;
};

constexpr std::array rows{
    Row{"run", make<RunCommand>},
    Row{"jobs", make<JobsCommand>},
    Row{"job", make<JobCommand>},
    Row{"logs", make<LogsCommand>},
    Row{"search", make<SearchCommand>},
    Row{"cancel", make<CancelCommand>},
    Row{"retry", make<RetryCommand>},
    Row{"artifacts", make<ArtifactsCommand>},
    Row{"egress", makeEgress},
    Row{"blueprint", makeBlueprint},
    Row{"secrets", make<SecretsCommand>},
    Row{"retention", make<RetentionCommand>},
    Row{"health", make<HealthCommand>},
    Row{"pipelines", make<PipelinesCommand>},
    Row{"version", make<VersionCommand>},
};

} // namespace

std::unique_ptr<Command> makeCommand(const Context &context)
{
    const QByteArrayView name(context.options.command->name);
    const auto row = std::ranges::find(rows, name, &Row::name);
    Q_ASSERT(row != rows.end()); // every spec has its row: tst_options
    return row->make(context);
}

} // namespace danube::cli
