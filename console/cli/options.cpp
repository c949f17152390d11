// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/options.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

constexpr std::array globalOptions{
    OptionSpec{"url", 0, "URL", "master to talk to (DANUBE_URL; default http://127.0.0.1:8080)"},
    OptionSpec{"token-file", 0, "FILE", "file with the access token (DANUBE_TOKEN_FILE, or DANUBE_TOKEN itself)"},
    OptionSpec{"json", 0, nullptr, "print the API's own JSON; one document a line when following"},
    OptionSpec{"color", 0, "WHEN", "auto, always or never (NO_COLOR is honoured)"},
    OptionSpec{"help", 'h', nullptr, "show help"},
    OptionSpec{"version", 0, nullptr, "show this program's version"},
};

constexpr std::array runOptions{
    OptionSpec{"ref", 'r', "REF", "branch, tag or commit; default: the repository's default branch"},
    OptionSpec{"param", 'p', "KEY=VALUE", "parameter of the job; may be repeated"},
    OptionSpec{"follow", 'f', nullptr, "stream the log until the job ends and exit with its result"},
    OptionSpec{"timestamps", 't', nullptr, "time before each line"},
};
constexpr std::array jobsOptions{
    OptionSpec{"pipeline", 0, "NAME", "of this pipeline"},
    OptionSpec{"status", 0, "STATES",
               "pending, scheduling, running, success, failure, timeout, cancelled; comma-separated"},
    OptionSpec{"branch", 0, "NAME", "of this branch"},
    OptionSpec{"since", 0, "WHEN", "created since: 30m, 2h, 7d or an RFC 3339 time"},
    OptionSpec{"limit", 'n', "COUNT", "at most so many (default 20)"},
    OptionSpec{"all", 'a', nullptr, "all of them"},
};
constexpr std::array logsOptions{
    OptionSpec{"follow", 'f', nullptr, "wait for more until the job ends; exit with its result"},
    OptionSpec{"step", 0, "NUMBER", "of this step only"},
    OptionSpec{"stream", 0, "NAME", "stdout or stderr only"},
    OptionSpec{"raw", 0, nullptr, "exact bytes also on a terminal"},
    OptionSpec{"timestamps", 't', nullptr, "time before each line (on a terminal)"},
};
constexpr std::array searchOptions{
    OptionSpec{"regex", 'E', nullptr, "TEXT is a regular expression (PCRE2)"},
    OptionSpec{"ignore-case", 'i', nullptr, "capitals do not matter"},
    OptionSpec{"step", 0, "NUMBER", "in this step only"},
    OptionSpec{"stream", 0, "NAME", "stdout or stderr only"},
    OptionSpec{"count", 'c', nullptr, "print the number of matches only"},
    OptionSpec{"limit", 'n', "COUNT", "at most so many lines (default 100)"},
};
constexpr std::array retryOptions{
    OptionSpec{"follow", 'f', nullptr, "stream the new job's log and exit with its result"},
    OptionSpec{"timestamps", 't', nullptr, "time before each line"},
};
constexpr std::array artifactsOptions{
    OptionSpec{"download", 'd', "NAME", "save this artifact; may be repeated"},
    OptionSpec{"all", 'a', nullptr, "save all artifacts"},
    OptionSpec{"output", 'o', "DIR", "where to save (default: here)"},
};

constexpr std::array blueprintOptions{
    OptionSpec{"message", 'm', "TEXT", "of the commit (apply); edit: commit through the master"},
    OptionSpec{"wait", 'w', nullptr, "apply: until the egress policies hold, too (at most 2 minutes, then exit 3)"},
    OptionSpec{"repair", 0, nullptr, "drift: have the master put it right, and wait for it"},
    OptionSpec{"set", 0, "POINTER=VALUE", "edit: replace or add a value (JSON, or a text); may be repeated"},
    OptionSpec{"add", 0, "POINTER=TEXT", "edit: add an entry to a list such as /spec/egress_allowlist"},
    OptionSpec{"remove", 0, "POINTER", "edit: take a member or element out; may be repeated"},
    OptionSpec{"dry-run", 'n', nullptr, "edit: only show the patch"},
};
constexpr std::array secretsOptions{
    OptionSpec{"pipeline", 'p', "NAME",
               "set, delete: this pipeline's own secret of the name (default: for every pipeline)"},
    OptionSpec{"exact", 0, nullptr, "set: a newline at the end of standard input is part of the value"},
};
constexpr std::array egressOptions{
    OptionSpec{"host", 0, "HOST[:PORT]", "test: would a job reach it; may be repeated"},
    OptionSpec{"pipeline", 0, "NAME", "test: a job of this pipeline (default: the only one among the files)"},
    OptionSpec{"since", 0, "TIME", "denied, propose --pipeline: 30m, 2h, 7d or RFC 3339"},
    OptionSpec{"patch", 0, nullptr, "propose: a patch of the Blueprint that git apply takes"},
    OptionSpec{"branch", 'b', "NAME", "propose: the same as a commit on a new branch of a repository here"},
    OptionSpec{"repository", 0, "DIR",
               "propose --branch: a clone of the Blueprint (default: here); only the branch is made"},
    OptionSpec{"message", 'm', "TEXT", "propose --branch: of the commit"},
    OptionSpec{"cilium", 0, "VERSION", "the cluster's Cilium (default 1.19)"},
    OptionSpec{"service", 0, "SERVICE", "compile: a Service that entries name; may be repeated"},
    OptionSpec{"instance", 0, "NAME", "compile: the master's name in objects (default danube)"},
    OptionSpec{"namespace", 0, "NAME", "compile: where jobs run (default danube-jobs)"},
    OptionSpec{"fallback", 0, nullptr, "compile: for a cluster without Cilium; names are not enforced"},
    OptionSpec{"cidr", 0, "RANGE", "compile --fallback: what jobs may reach; may be repeated"},
};

constexpr auto followNotes =
    "Ctrl-C cancels the job and waits for its end (exit 4); a second Ctrl-C leaves at once (exit 130).\n";
constexpr auto logsNotes =
    "On a terminal: step headers, colours kept, control characters dropped. Elsewhere and with --raw: the log's\n"
    "exact bytes; with --step or --stream exactly what the step printed.\n";

constexpr auto searchNotes = "The master searches the whole log, also a compressed one. Lines are shown as "
                             "STEP:OFFSET:TEXT. Exit 1: no match.\n";
constexpr auto retentionNotes =
    "What the next daily run will remove by the Blueprint's spec.retention. Nothing is removed by asking.\n";

constexpr auto blueprintNotes =
    "ACTION is validate (the files in DIR, without a master), status, sync (look at the branch now), plan (what DIR "
    "would\n"
    "change in meaning and in policies), or apply (commit DIR to the branch, in force when it returns). DIR is the\n"
    "current directory when left out. drift says which policy was changed in the cluster, and where (exit 2).\n"
    "edit FILE changes a file in place, or with -m through the master, where FILE is a path such as config.json:\n"
    "removals first, then values, then entries; all else keeps its bytes. Exit 1: refused.\n";
constexpr auto egressNotes =
    "On files, without a master: lint says what is wrong with lists (exit 1 for errors), compile prints what the "
    "master\n"
    "would apply, explain HOST FILE... says which entry lets a job reach it, or which comes nearest and why it does "
    "not\n"
    "(exit 1: refused), test the same of several hosts. Of the master: status says what guards jobs (exit 1 unless\n"
    "enforced), denied JOB what a job was refused (exit 1 if anything), propose JOB which entries would allow it, "
    "explain\n"
    "HOST and test --host the same as with files. In place of a JOB: --pipeline NAME; propose --since TIME alone is "
    "of\n"
    "all pipelines.\n"
    "FILE is a Blueprint's config.json or pipeline document, its directory, or a list with one entry a line.\n"
    "SERVICE is NAME.NAMESPACE:PORT[/TARGET]=KEY=VALUE[,KEY=VALUE], the labels being its selector.\n";

constexpr auto secretsNotes =
    "ACTION is list (the default: names, versions, users and what is missing, never values), set or delete. set reads "
    "the\n"
    "value from standard input, or asks for it twice on a terminal and shows nothing; an argument would stand in the\n"
    "process list and the shell's history. Jobs that start from then on get it.\n";

constexpr std::array specs{
    CommandSpec{"run", "PIPELINE", "start a job", 1, 1, runOptions, followNotes},
    CommandSpec{"jobs", "", "list jobs, newest first", 0, 0, jobsOptions, ""},
    CommandSpec{"job", "JOB", "show one job and its steps", 1, 1, {}, ""},
    CommandSpec{"logs", "JOB", "print a job's log", 1, 1, logsOptions, logsNotes},
    CommandSpec{"search", "JOB TEXT", "find text in a job's log", 2, 2, searchOptions, searchNotes},
    CommandSpec{"cancel", "JOB", "cancel a job", 1, 1, {}, ""},
    CommandSpec{"retry", "JOB", "run an ended job again", 1, 1, retryOptions, followNotes},
    CommandSpec{"artifacts", "JOB", "list or download a job's artifacts", 1, 1, artifactsOptions, ""},
    CommandSpec{"egress", "ACTION [HOST | JOB] [FILE...]", "check allowlists, see what was denied", 1, 1000,
                egressOptions, egressNotes},
    CommandSpec{"blueprint", "ACTION [DIR | FILE]", "check and change the configuration", 1, 2, blueprintOptions,
                blueprintNotes},
    CommandSpec{"secrets", "[ACTION [NAME]]", "list, set and delete secrets", 0, 2, secretsOptions, secretsNotes},
    CommandSpec{"retention", "", "show which logs and artifacts are due to go", 0, 0, {}, retentionNotes},
    CommandSpec{"health", "", "show whether the master is well (exit 1 when not ready)", 0, 0, {}, ""},
    CommandSpec{"pipelines", "", "list pipelines", 0, 0, {}, ""},
    CommandSpec{"version", "", "show this program's and the master's version", 0, 0, {}, ""},
};

std::unexpected<Error> usage(const QString &sentence)
{
    return fail(ErrorCode::InvalidArgument, sentence);
}

QString programOf(const CommandSpec *command)
{
    return command ? u"danubectl "_s + QLatin1StringView(command->name) : u"danubectl"_s;
}

/// Takes arguments one by one.
class Parser
{
public:
    explicit Parser(QStringList arguments) : m_rest(std::move(arguments)) {}

    Result<Options> parse()
    {
        while (!m_rest.isEmpty()) {
            if (auto taken = takeOne(m_rest.takeFirst()); !taken)
                return std::unexpected(taken.error());
        }
        return m_options;
    }

private:
    Result<void> takeOne(const QString &word)
    {
        if (m_onlyArguments || word == u"-" || !word.startsWith(u'-'))
            return takeArgument(word);
        if (word == u"--") {
            m_onlyArguments = true;
            return {};
        }
        return word.startsWith(u"--") ? takeLong(word.sliced(2)) : takeLetters(word.sliced(1));
    }

    Result<void> takeArgument(const QString &word)
    {
        if (m_options.command) {
            m_options.arguments.append(word);
            return {};
        }
        const auto found =
            std::ranges::find_if(specs, [&](const CommandSpec &spec) { return word == QLatin1StringView(spec.name); });
        if (found == specs.end())
            return usage(u"unknown command '%1' (see danubectl --help)"_s.arg(word));
        m_options.command = &*found;
        return {};
    }

    Result<void> takeLong(const QString &word)
    {
        const auto equals = word.indexOf(u'=');
        const QString name = word.left(equals < 0 ? word.size() : equals);
        const OptionSpec *option = find([&](const OptionSpec &spec) { return name == QLatin1StringView(spec.name); });
        if (!option)
            return unknown(u"--"_s + name);
        if (!option->valueName && equals >= 0)
            return usage(u"option --%1 takes no value"_s.arg(name));
        return takeValue(*option, u"--"_s + name, equals < 0 ? std::nullopt : std::optional(word.sliced(equals + 1)));
    }

    Result<void> takeLetters(const QString &letters)
    {
        for (qsizetype i = 0; i < letters.size(); ++i) {
            const QString shown = u"-"_s + letters[i];
            const OptionSpec *option = find(
                [&](const OptionSpec &spec) { return spec.letter != 0 && letters[i] == QLatin1Char(spec.letter); });
            if (!option)
                return unknown(shown);
            if (option->valueName && i + 1 < letters.size())
                return takeValue(*option, shown, letters.sliced(i + 1));
            if (auto taken = takeValue(*option, shown, std::nullopt); !taken)
                return taken;
        }
        return {};
    }

    Result<void> takeValue(const OptionSpec &option, const QString &shown, std::optional<QString> value)
    {
        if (option.valueName && !value) {
            if (m_rest.isEmpty())
                return usage(u"option %1 needs a value: %2"_s.arg(shown, QLatin1StringView(option.valueName)));
            value = m_rest.takeFirst();
        }
        m_options.values[QLatin1StringView(option.name)].append(value.value_or(QString()));
        return {};
    }

    template <class Matches> const OptionSpec *find(Matches matches) const
    {
        if (const auto found = std::ranges::find_if(globalOptions, matches); found != globalOptions.end())
            return &*found;
        if (!m_options.command)
            return nullptr;
        const auto found = std::ranges::find_if(m_options.command->options, matches);
        return found == m_options.command->options.end() ? nullptr : &*found;
    }

    Result<void> unknown(const QString &shown) const
    {
        const QString program = programOf(m_options.command);
        return usage(u"unknown option %1 (see %2 --help)"_s.arg(shown, program));
    }

    QStringList m_rest;
    Options m_options;
    bool m_onlyArguments = false;
};

QString optionLines(std::span<const OptionSpec> options)
{
    QString text;
    for (const OptionSpec &option : options) {
        QString left = option.letter ? u"  -%1, "_s.arg(QLatin1Char(option.letter)) : u"      "_s;
        left += u"--"_s + QLatin1StringView(option.name);
        if (option.valueName)
            left += u' ' + QLatin1StringView(option.valueName);
        text += left.leftJustified(26) + u"  "_s + QString::fromUtf8(option.help) + u'\n';
    }
    return text;
}

} // namespace

std::span<const CommandSpec> commandSpecs()
{
    return specs;
}

Result<Options> parseOptions(const QStringList &arguments)
{
    auto options = Parser(arguments).parse();
    if (!options || options->has(u"help"_s) || options->has(u"version"_s))
        return options;
    if (!options->command)
        return usage(u"no command given (see danubectl --help)"_s);
    const auto count = options->arguments.size();
    if (count < options->command->minArguments || count > options->command->maxArguments)
        return usage(u"usage: %1 %2"_s.arg(programOf(options->command), QLatin1StringView(options->command->arguments))
                         .trimmed());
    return options;
}

QString helpText(const CommandSpec *command)
{
    if (command) {
        QString text = u"%1 %2: %3\n"_s.arg(programOf(command), QLatin1StringView(command->arguments),
                                            QString::fromUtf8(command->summary));
        if (QLatin1StringView(command->arguments) == "JOB"_L1)
            text += u"JOB is an id, a number (17 or '#17'), or latest.\n"_s;
        if (!command->options.empty())
            text += u"\n"_s + optionLines(command->options);
        text += u"\nOptions of every command:\n"_s + optionLines(globalOptions);
        return *command->notes ? text + u'\n' + QString::fromUtf8(command->notes) : text;
    }
    QString text = u"danubectl COMMAND [OPTIONS]: talks to a danube-master\n\n"_s;
    for (const CommandSpec &spec : specs)
        text += u"  "_s +
                u"%1 %2"_s.arg(QLatin1StringView(spec.name), QLatin1StringView(spec.arguments)).leftJustified(24) +
                QString::fromUtf8(spec.summary) + u'\n';
    text += u"\n"_s + optionLines(globalOptions);
    return text + u"\nExit code: 0 success, 1 failure, 2 usage or configuration, 3 timeout, 4 cancelled, 5 master not "
                  u"reached or\n"
                  u"result unknown, 130 left by Ctrl-C.\n"_s;
}

} // namespace danube::cli
