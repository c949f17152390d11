// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/schema.h"

#include "shared/blueprint/jsonpositions.h"
#include "shared/blueprint/schemawalk.h"

#include <QFile>

#include <valijson/adapters/qtjson_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

using namespace Qt::StringLiterals;

static void openResources() // Q_INIT_RESOURCE wants no namespace
{
    Q_INIT_RESOURCE(schema);
}

namespace danube::blueprint {
namespace {

constexpr qsizetype maxComplaints = 100;

struct RawError
{
    QString pointer;
    QString description;
};

/// "<root>", "[spec]", "[0]" → "/spec/0".
QString pointerOf(const std::vector<std::string> &context)
{
    QString pointer;
    for (const std::string &part : context) {
        if (part.size() >= 2 && part.front() == '[')
            pointer = childPointer(pointer, QString::fromStdString(part.substr(1, part.size() - 2)));
    }
    return pointer;
}

QJsonValue valueAt(QJsonValue value, const QString &pointer)
{
    for (const QString &token : tokensOf(pointer).value_or(QStringList()))
        value = value.isArray() ? value.toArray().at(token.toLongLong()) : value.toObject().value(token);
    return value;
}

/// The name in "Missing required property 'name'."; empty for another complaint.
QString missingField(const QString &description)
{
    const auto prefix = "Missing required property '"_L1;
    return description.startsWith(prefix) ? description.sliced(prefix.size()).section(u'\'', 0, 0) : QString();
}

QList<RawError> validate(const valijson::Schema &schema, const QJsonValue &document)
{
    QList<RawError> errors;
    valijson::Validator validator;
    const valijson::adapters::QtJsonAdapter adapter(document);
    valijson::ValidationResults results;
    validator.validate(schema, adapter, &results);
    valijson::ValidationResults::Error error;
    while (results.popError(error) && errors.size() < 4 * maxComplaints)
        errors.append({pointerOf(error.context), QString::fromStdString(error.description)});
    return errors;
}

} // namespace

struct Schema::Compiled
{
    valijson::Schema schema;
};

Schema::Schema(DocumentKind kind) : m_compiled(std::make_unique<Compiled>())
{
    m_document = QJsonDocument::fromJson(text(kind)).object();
    const QJsonValue usable = withoutPatterns(m_document);
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(valijson::adapters::QtJsonAdapter(usable), m_compiled->schema);
}

Schema::~Schema() = default;

const Schema &Schema::of(DocumentKind kind)
{
    static const Schema config(DocumentKind::Config);
    static const Schema user(DocumentKind::User);
    static const Schema team(DocumentKind::Team);
    static const Schema pipeline(DocumentKind::Pipeline);
    switch (kind) {
    case DocumentKind::Config:
        return config;
    case DocumentKind::User:
        return user;
    case DocumentKind::Team:
        return team;
    case DocumentKind::Pipeline:
        return pipeline;
    }
    Q_UNREACHABLE_RETURN(config);
}

QByteArray Schema::text(DocumentKind kind)
{
    openResources();
    QFile file(u":/danube/schema/%1.schema.json"_s.arg(toText(kind).toLower()));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s is not in the program", qPrintable(file.fileName()));
    return file.readAll();
}

QJsonObject Schema::partAt(const QString &pointer) const
{
    QJsonObject part = m_document;
    for (const QString &token : tokensOf(pointer).value_or(QStringList()))
        part = childSchema(part, token);
    return part;
}

QList<SchemaComplaint> Schema::check(const QJsonObject &document) const
{
    QList<SchemaComplaint> complaints;
    const auto errors = validate(m_compiled->schema, document);
    for (const RawError &error : errors) {
        // A container is reported again for each thing wrong inside of it: the innermost says it.
        const QString inside = error.pointer + u'/';
        const bool isRepeated =
            std::ranges::any_of(errors, [&inside](const RawError &other) { return other.pointer.startsWith(inside); });
        const auto missing = missingField(error.description);
        if (!missing.isEmpty()) {
            const auto field = childPointer(error.pointer, missing);
            complaints.append({error.pointer, false, u"%1 is missing"_s.arg(readablePath(field)),
                               u"add \"%1\": %2"_s.arg(missing, expectationOf(partAt(field)))});
        } else if (!isRepeated && !error.description.startsWith("Failed to validate"_L1)) {
            complaints.append({error.pointer,
                               false,
                               mismatchAt(error.pointer, partAt(error.pointer), valueAt(document, error.pointer)),
                               {}});
        }
    }
    // One per place and sentence: type and length both say "expected a text of …".
    complaints.append(walk(m_document, document, maxComplaints));
    QList<SchemaComplaint> different;
    for (const SchemaComplaint &complaint : complaints) {
        if (different.size() < maxComplaints && !different.contains(complaint))
            different.append(complaint);
    }
    return different;
}

QString readablePath(const QString &pointer)
{
    QString path;
    for (const QString &token : tokensOf(pointer).value_or(QStringList())) {
        const bool isIndex = !token.isEmpty() && std::ranges::all_of(token, [](QChar c) { return c.isDigit(); });
        if (isIndex)
            path += u'[' + token + u']';
        else
            path += (path.isEmpty() ? QString() : u"."_s) + token;
    }
    return path.isEmpty() ? u"the document"_s : path;
}

} // namespace danube::blueprint
