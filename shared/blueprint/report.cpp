// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/report.h"

namespace danube::blueprint {

void Report::append(Finding finding)
{
    if (m_findings.size() < bound)
        m_findings.append(std::move(finding));
}

void Report::add(const SourceFile &file, const QString &pointer, Severity severity, const QString &message,
                 const QString &fix)
{
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
    append({file, {}, {}, severity, message, fix});
}

void Report::addAt(const QString &file, TextPosition position, const QString &pointer, const QString &message,
                   const QString &fix)
{
    append({file, pointer, position, Severity::Error, message, fix});
}

bool Report::hasErrorsIn(const QString &file) const
{
    return std::ranges::any_of(m_findings,
                               [&file](const Finding &f) { return f.severity == Severity::Error && f.file == file; });
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
