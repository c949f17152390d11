// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/jsonpositions.h"
#include "shared/blueprint/textedit.h"

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

constexpr int maxChanges = 1'000; // of one rewrite: each scans the text again

/// Brings a text to a wanted meaning by one small edit after the other.
class Rewriter
{
public:
    explicit Rewriter(QByteArray text) : m_text(std::move(text)) {}
    void become(const QString &pointer, const QJsonValue &present, const QJsonValue &wanted);
    Result<QByteArray> finish();

private:
    void becomeObject(const QString &pointer, const QJsonObject &present, const QJsonObject &wanted);
    void becomeArray(const QString &pointer, const QJsonArray &present, const QJsonArray &wanted);
    void take(Result<TextEdit> edit);

    QByteArray m_text;
    int m_changes = 0;
    std::optional<Error> m_error;
};

void Rewriter::take(Result<TextEdit> edit)
{
    if (m_error)
        return;
    if (!edit)
        m_error = edit.error();
    else if (++m_changes > maxChanges)
        m_error = Error{ErrorCode::ResourceExhausted, u"edit JSON: more than %1 changes at once"_s.arg(maxChanges)};
    else
        m_text = apply(m_text, *edit);
}

void Rewriter::become(const QString &pointer, const QJsonValue &present, const QJsonValue &wanted)
{
    if (m_error || present == wanted)
        return;
    if (present.isObject() && wanted.isObject())
        return becomeObject(pointer, present.toObject(), wanted.toObject());
    if (present.isArray() && wanted.isArray())
        return becomeArray(pointer, present.toArray(), wanted.toArray());
    take(setValue(m_text, pointer, wanted));
}

void Rewriter::becomeObject(const QString &pointer, const QJsonObject &present, const QJsonObject &wanted)
{
    for (auto it = present.begin(); it != present.end(); ++it) {
        if (!wanted.contains(it.key()))
            take(removeValue(m_text, childPointer(pointer, it.key())));
        else
            become(childPointer(pointer, it.key()), it.value(), wanted.value(it.key()));
    }
    for (auto it = wanted.begin(); it != wanted.end(); ++it) {
        if (!present.contains(it.key()))
            take(setValue(m_text, childPointer(pointer, it.key()), it.value()));
    }
}

void Rewriter::becomeArray(const QString &pointer, const QJsonArray &present, const QJsonArray &wanted)
{
    const auto common = std::min(present.size(), wanted.size());
    qsizetype front = 0;
    while (front < common && present[front] == wanted[front])
        ++front;
    qsizetype back = 0;
    while (back < common - front && present[present.size() - 1 - back] == wanted[wanted.size() - 1 - back])
        ++back;
    const auto both = common - front - back;
    for (qsizetype i = front; i < front + both; ++i)
        become(childPointer(pointer, i), present[i], wanted[i]);
    for (auto i = present.size() - back - 1; i >= front + both; --i)
        take(removeValue(m_text, childPointer(pointer, i)));
    for (auto i = front + both; i < wanted.size() - back; ++i)
        take(insertElement(m_text, childPointer(pointer, i), wanted[i]));
}

Result<QByteArray> Rewriter::finish()
{
    return m_error ? Result<QByteArray>(std::unexpected(*m_error)) : std::move(m_text);
}

} // namespace

Result<QByteArray> rewrite(const QByteArray &text, const QJsonValue &wanted)
{
    if (const auto valid = setValue(text, {}, wanted); !valid)
        return std::unexpected(valid.error());
    const auto document = QJsonDocument::fromJson(text);
    if (document.isNull())
        return fail(ErrorCode::InvalidArgument, u"edit JSON: expected an object or an array at the top"_s);
    Rewriter rewriter(text);
    rewriter.become({}, document.isObject() ? QJsonValue(document.object()) : QJsonValue(document.array()), wanted);
    return rewriter.finish();
}

} // namespace danube::blueprint
