// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/documents.h"

#include <QJsonObject>

namespace danube::blueprint {

/// What a schema says against a document.
struct SchemaComplaint
{
    QString pointer;
    bool isUnknownField = false; ///< no error: newer masters may know it
    QString message;             ///< "spec.triggers[0].on: expected one of push, pull_request or cron, got "x""
    QString fix;
    bool operator==(const SchemaComplaint &) const = default;
};

/// One schema of resources/schema, compiled. Immutable, for any thread.
class Schema
{
public:
    /// The built-in schema of that kind; compiled once per process.
    static const Schema &of(DocumentKind kind);
    static QByteArray text(DocumentKind kind); ///< as shipped, for editors and the API

    /// At most 100 complaints; an empty list means that the document fits.
    QList<SchemaComplaint> check(const QJsonObject &document) const;
    /// What the schema says about the value at `pointer` (properties and items followed); empty when nothing.
    QJsonObject partAt(const QString &pointer) const;

    ~Schema();

private:
    struct Compiled;
    explicit Schema(DocumentKind kind);

    QJsonObject m_document;
    std::unique_ptr<Compiled> m_compiled;
};

/// "spec.triggers[0].on" for "/spec/triggers/0/on": how people read a place in a document.
QString readablePath(const QString &pointer);

} // namespace danube::blueprint
