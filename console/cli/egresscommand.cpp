// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/egresscommand.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

egress::LintOptions lintOptions(const egress::PolicySettings &settings)
{
    egress::LintOptions options;
    options.cilium = settings.cilium;
    options.cluster = settings.cluster;
    return options;
}

QString formatFinding(const QString &file, const egress::Finding &finding)
{
    QString text = u"%1: entry %2: %3: %4 [%5]\n"_s.arg(file)
                       .arg(finding.entry + 1)
                       .arg(egress::severityName(finding.severity), finding.message, egress::findingName(finding.code));
    if (finding.fix)
        text += finding.fix->isEmpty() ? u"    fix: remove it\n"_s : u"    fix: %1\n"_s.arg(finding.fix->join(u", "_s));
    return text;
}

QString formatVerdict(const egress::Verdict &verdict)
{
    const QString place = u"%1:%2"_s.arg(egress::displayText(verdict.question.host)).arg(verdict.question.port);
    QString text = u"%1 %2: %3\n"_s.arg(verdict.isAllowed ? u"allowed"_s : u"refused"_s, place, verdict.reason);
    if (!verdict.proposal.isEmpty())
        text += u"    would be allowed by: %1\n"_s.arg(verdict.proposal.join(u" or "_s));
    return text;
}

/// The pipeline asked for, or the only one there is; nullptr = none.
Result<const EgressList *> pipelineOf(const EgressLists &lists, const Options &options)
{
    if (!options.has(u"pipeline"_s))
        return lists.pipelines.size() == 1 ? &lists.pipelines.first() : nullptr;
    const QString name = options.value(u"pipeline"_s);
    const auto found = std::ranges::find(lists.pipelines, name, &EgressList::pipeline);
    if (found == lists.pipelines.end())
        return fail(ErrorCode::InvalidArgument, u"--pipeline '%1': none of the files is its document"_s.arg(name));
    return &*found;
}

} // namespace

void EgressCommand::start()
{
    const auto code = run();
    if (code)
        finish(*code);
    else
        finishWith(code.error());
}

Result<ExitCode> EgressCommand::run()
{
    const QString action = m_context.options.arguments.first();
    const bool isExplain = action == u"explain";
    if (action != u"lint" && action != u"compile" && action != u"test" && !isExplain)
        return fail(ErrorCode::InvalidArgument,
                    u"egress '%1': expected lint, compile, explain, test, status, denied or propose"_s.arg(action));
    const qsizetype firstFile = isExplain ? 2 : 1;
    if (m_context.options.arguments.size() <= firstFile)
        return fail(ErrorCode::InvalidArgument,
                    isExplain ? u"egress explain: name a HOST"_s : u"egress %1: name a FILE"_s.arg(action));
    const auto settings = egressSettings(m_context.options);
    if (!settings)
        return std::unexpected(settings.error());
    const auto lists = readEgressLists(m_context.options.arguments.sliced(firstFile));
    if (!lists)
        return std::unexpected(lists.error());
    if (action == u"lint")
        return lint(*lists, *settings);
    return action == u"compile" ? compile(*lists, *settings) : test(*lists, *settings);
}

ExitCode EgressCommand::lint(const EgressLists &lists, const egress::PolicySettings &settings)
{
    egress::LintOptions options = lintOptions(settings);
    QJsonArray json;
    bool isGood = true;
    const auto report = [&](const EgressList &list) {
        const auto findings = egress::lint(list.entries, options);
        isGood = isGood && !egress::hasErrors(findings);
        for (const egress::Finding &finding : findings) {
            QJsonObject object = toJson(finding);
            object.insert(u"file"_s, list.file);
            json.append(object);
            if (!m_context.wantsJson())
                m_context.output.print(formatFinding(list.file, finding));
        }
    };
    report(lists.base);
    options.inherited = lists.base.entries;
    for (const EgressList &list : lists.pipelines)
        report(list);
    if (m_context.wantsJson())
        printJson(QJsonDocument(QJsonObject{{u"findings"_s, json}}).toJson(QJsonDocument::Compact));
    else if (json.isEmpty())
        m_context.output.print(u"nothing to say\n"_s);
    return isGood ? ExitCode::Success : ExitCode::Failure;
}

Result<ExitCode> EgressCommand::compile(const EgressLists &lists, const egress::PolicySettings &settings)
{
    const bool isFallback = m_context.options.has(u"fallback"_s);
    const auto set = isFallback ? egress::compileFallback(lists.request(), settings)
                                : egress::compileCilium(lists.request(), settings);
    if (!set)
        return std::unexpected(set.error());
    QJsonArray items;
    for (const QJsonObject &object : set->objects)
        items.append(object);
    const QJsonDocument document(QJsonObject{{u"apiVersion"_s, u"v1"_s}, {u"kind"_s, u"List"_s}, {u"items"_s, items}});
    m_context.output.writeOut(
        document.toJson(m_context.wantsJson() ? QJsonDocument::Compact : QJsonDocument::Indented).trimmed() + '\n');
    for (const QString &note : set->notes)
        m_context.output.note(note);
    return ExitCode::Success;
}

Result<ExitCode> EgressCommand::test(const EgressLists &lists, const egress::PolicySettings &settings)
{
    const auto pipeline = pipelineOf(lists, m_context.options);
    if (!pipeline)
        return std::unexpected(pipeline.error());
    const QStringList hosts = egressHosts(m_context.options);
    if (hosts.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"egress test: name a host with --host"_s);
    const egress::Allowlists allowlists{lists.base.entries, *pipeline ? (*pipeline)->entries : QStringList()};
    QList<egress::Verdict> verdicts;
    for (const QString &host : hosts) {
        const auto question = egress::parseQuestion(host);
        if (!question)
            return std::unexpected(question.error().in(u"--host"_s));
        verdicts.append(egress::explain(*question, allowlists, lintOptions(settings)));
    }
    QJsonArray json;
    for (const egress::Verdict &verdict : verdicts) {
        json.append(toJson(verdict));
        if (!m_context.wantsJson())
            m_context.output.print(formatVerdict(verdict));
    }
    if (m_context.wantsJson())
        printJson(QJsonDocument(QJsonObject{{u"results"_s, json}}).toJson(QJsonDocument::Compact));
    return std::ranges::all_of(verdicts, &egress::Verdict::isAllowed) ? ExitCode::Success : ExitCode::Failure;
}

} // namespace danube::cli
