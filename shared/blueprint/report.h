// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/finding.h"

#include <QSet>

namespace danube::blueprint {

/// One file of a Blueprint whose text is JSON.
struct SourceFile
{
    QString name;
    JsonPositions json;
    QJsonValue value; ///< the same, as QJson reads it
};

/// One document in a file: users.json and teams.json hold several.
struct SourceDocument
{
    const SourceFile *file = nullptr;
    QString pointer; ///< where the envelope stands in its file
    QJsonObject object;
    QString at(const QString &inner) const { return pointer + inner; }
};

/// Gathers findings, each with its place. Of errors and of what is none it keeps so many of each that a reader has his
/// fill; what is left out costs nothing, and an error counts all the same.
class Report
{
public:
    /// No more errors are kept: whoever looks for them may stop.
    bool isFull() const { return m_errors >= bound; }
    qsizetype errors() const { return m_errors; } ///< as far as they were kept
    bool takesWarnings() const { return m_others < bound; }
    void add(const SourceFile &file, const QString &pointer, Severity severity, const QString &message,
             const QString &fix = {});
    void error(const SourceDocument &document, const QString &inner, const QString &message, const QString &fix = {});
    void warn(const SourceDocument &document, const QString &inner, const QString &message, const QString &fix = {});
    void addWhole(const QString &file, Severity severity, const QString &message, const QString &fix = {});
    void addAt(const QString &file, TextPosition position, const QString &pointer, const QString &message,
               const QString &fix);
    bool hasErrors() const { return m_errors > 0; }
    bool hasErrorsIn(const QString &file) const { return m_wrong.contains(file); }
    /// By file and position; when there are more than `limit`, errors first.
    QList<Finding> take(qsizetype limit);

private:
    static constexpr qsizetype bound = 1000;
    bool takes(const QString &file, Severity severity);
    void append(Finding finding);
    QList<Finding> m_findings;
    QSet<QString> m_wrong; ///< files with errors
    qsizetype m_errors = 0;
    qsizetype m_others = 0;
};

} // namespace danube::blueprint
