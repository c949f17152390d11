// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/blueprintdocument.h"
#include "shared/blueprint/documents.h"

namespace danube::console {

/// One field of a form, made from the document's schema: the form can never know less than the validator.
struct FormField
{
    enum class Kind {
        Text,
        Choice,
        Number,
        Flag,
        Texts,  ///< a list of texts, one a line
        Object, ///< anything else: shown, edited as text
    };
    Kind kind = Kind::Text;
    QString pointer;
    QString group; ///< the object that it is a part of: "retention"; empty = of the document itself
    QString name;  ///< as in the file: "logs_days"
    QString label; ///< for people: "Logs days"
    QString description;
    QStringList choices{};
    int minimum = 0;
    int maximum = 0;
    bool operator==(const FormField &) const = default;
};

QString fieldLabel(const QString &name); ///< "Logs days" for "logs_days"
/// Fields of what a document of that kind can say below /spec, and its description, in the schema's order.
QList<FormField> formFields(blueprint::DocumentKind kind);
/// The kind of a file with one document; nullopt when it holds several, or none that is known.
std::optional<blueprint::DocumentKind> documentKind(const QJsonObject &document);

/// Pointers of fields that no schema names, at most 100. They are kept as they are: a newer master may know them.
QStringList unknownFields(const QJsonObject &document);

/// The value as a form shows it, and back; an empty text is an absent field (Undefined).
QString fieldText(const FormField &field, const QJsonValue &value);
QJsonValue fieldValue(const FormField &field, const QString &text);
/// Writes the field; absent values take the member out.
Result<void> setField(BlueprintDocument &document, const FormField &field, const QString &text);

/// Where a pointer stands in the text as editors show it.
struct TextRange
{
    qsizetype begin = 0; ///< in UTF-16 units
    qsizetype end = 0;
    bool operator==(const TextRange &) const = default;
};
std::optional<TextRange> rangeOf(const BlueprintDocument &document, const QString &pointer);

} // namespace danube::console
