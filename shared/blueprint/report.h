// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/finding.h"

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

/// Gathers findings, each with its place.
class Report
{
public:
    void add(const SourceFile &file, const QString &pointer, Severity severity, const QString &message,
             const QString &fix = {});
    void error(const SourceDocument &document, const QString &inner, const QString &message, const QString &fix = {});
    void warn(const SourceDocument &document, const QString &inner, const QString &message, const QString &fix = {});
    void addWhole(const QString &file, Severity severity, const QString &message, const QString &fix = {});
    void addAt(const QString &file, TextPosition position, const QString &pointer, const QString &message,
               const QString &fix);
    bool hasErrors() const { return blueprint::hasErrors(m_findings); }
    bool hasErrorsIn(const QString &file) const;
    /// By file and position; when there are more than `limit`, errors first.
    QList<Finding> take(qsizetype limit);

private:
    static constexpr qsizetype bound = 20'000;
    void append(Finding finding);
    QList<Finding> m_findings;
};

} // namespace danube::blueprint
