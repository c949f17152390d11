// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/jsonpositions.h"

namespace danube::blueprint {

/// The recursive descent behind JsonPositions::scan(); used once. The first error ends it.
class JsonScanner
{
public:
    explicit JsonScanner(QByteArrayView text) : m_text(text) {}
    std::expected<JsonNode, JsonSyntaxError> scan();

private:
    bool scanValue(JsonNode &node, int depth);
    bool scanObject(JsonNode &node, int depth);
    bool scanArray(JsonNode &node, int depth);
    bool scanMember(JsonNode &member, int depth);
    /// After a member or element: true with `more` said, false with the error.
    bool scanSeparator(char close, bool &more);
    bool scanString(qsizetype &begin, qsizetype &end);
    bool scanEscape(qsizetype start);
    bool scanNumber(JsonNode &node);
    bool scanDigits(const QString &where);
    bool scanWord(JsonNode &node);
    void skipBlanks();
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    bool atEnd() const { return m_at >= m_text.size(); }
    bool refuse(qsizetype offset, const QString &message, const QString &fix = {});
    bool refuseHere(const QString &expected);

    QByteArrayView m_text;
    qsizetype m_at = 0;
    JsonSyntaxError m_error;
};

} // namespace danube::blueprint
