// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/finding.h"

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

Severity severityFromText(const QString &text)
{
    return text == "hint"_L1 ? Severity::Hint : (text == "warning"_L1 ? Severity::Warning : Severity::Error);
}

} // namespace

QString toText(Severity severity)
{
    return severity == Severity::Error ? u"error"_s : (severity == Severity::Warning ? u"warning"_s : u"hint"_s);
}

QJsonObject toJson(const Finding &finding)
{
    return {{u"file"_s, finding.file},
            {u"pointer"_s, finding.pointer},
            {u"line"_s, finding.position.line},
            {u"column"_s, finding.position.column},
            {u"severity"_s, toText(finding.severity)},
            {u"message"_s, finding.message},
            {u"fix"_s, finding.fix}};
}

Finding findingFromJson(const QJsonObject &object)
{
    return {object.value("file"_L1).toString(),
            object.value("pointer"_L1).toString(),
            {object.value("line"_L1).toInt(1), object.value("column"_L1).toInt(1)},
            severityFromText(object.value("severity"_L1).toString()),
            object.value("message"_L1).toString(),
            object.value("fix"_L1).toString()};
}

QString describe(const Finding &finding)
{
    QString text;
    if (!finding.file.isEmpty())
        text = u"%1:%2:%3: "_s.arg(finding.file).arg(finding.position.line).arg(finding.position.column);
    text += toText(finding.severity) + u": "_s + finding.message;
    return finding.fix.isEmpty() ? text : text + u" ("_s + finding.fix + u')';
}

bool hasErrors(const QList<Finding> &findings)
{
    return std::ranges::any_of(findings, [](const Finding &f) { return f.severity == Severity::Error; });
}

} // namespace danube::blueprint
