// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/report.h"

namespace danube::blueprint {
namespace {

constexpr qsizetype longestText = 2000; // a key may fill the file, and findings may repeat it

} // namespace

/// Notes that there is one, and whether it is kept.
bool Report::takes(const QString &file, Severity severity)
{
    if (severity == Severity::Error)
        m_wrong.insert(file);
    auto &count = severity == Severity::Error ? m_errors : m_others;
    if (count >= bound)
        return false;
    ++count;
    return true;
}

void Report::append(Finding finding)
{
    if (finding.pointer.size() > longestText)
        finding.pointer.truncate(finding.pointer.lastIndexOf(u'/', longestText));
    for (QString *text : {&finding.message, &finding.fix}) {
        if (text->size() > longestText)
            *text = text->first(longestText - 1) + QChar(0x2026);
    }
    m_findings.append(std::move(finding));
}

void Report::add(const SourceFile &file, const QString &pointer, Severity severity, const QString &message,
                 const QString &fix)
{
    if (takes(file.name, severity))
        append({file.name, pointer, file.json.locate(pointer), severity, message, fix});
}

void Report::error(const SourceDocument &document, const QString &inner, const QString &message, const QString &fix)
{
    add(*document.file, document.at(inner), Severity::Error, message, fix);
}

void Report::warn(const SourceDocument &document, const QString &inner, const QString &message, const QString &fix)
{
    add(*document.file, document.at(inner), Severity::Warning, message, fix);
}

void Report::addWhole(const QString &file, Severity severity, const QString &message, const QString &fix)
{
    if (takes(file, severity))
        append({file, {}, {}, severity, message, fix});
}

void Report::addAt(const QString &file, TextPosition position, const QString &pointer, const QString &message,
                   const QString &fix)
{
    if (takes(file, Severity::Error))
        append({file, pointer, position, Severity::Error, message, fix});
}

QList<Finding> Report::take(qsizetype limit)
{
    if (m_findings.size() > limit) {
        std::ranges::stable_partition(m_findings, [](const Finding &f) { return f.severity == Severity::Error; });
        m_findings.resize(limit);
    }
    std::ranges::stable_sort(m_findings, {},
                             [](const Finding &f) { return std::tuple(f.file, f.position.line, f.position.column); });
    return std::exchange(m_findings, {});
}

} // namespace danube::blueprint
