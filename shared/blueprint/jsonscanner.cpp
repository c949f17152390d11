// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/jsonscanner.h"

#include <QUtf8StringView>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

constexpr QByteArrayView byteOrderMark("\xEF\xBB\xBF");

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isWord(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_' || c == '-' || c == '.';
}

/// Bytes of the character that starts with `lead`.
qsizetype lengthOf(char lead)
{
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0x80 ? 1 : (byte < 0xE0 ? 2 : (byte < 0xF0 ? 3 : 4));
}

bool isValid(QByteArrayView text)
{
    return QUtf8StringView(text.data(), text.size()).isValidUtf8();
}

/// Offset of the first character that is no UTF-8; -1 when all is.
qsizetype firstInvalid(QByteArrayView text)
{
    if (isValid(text))
        return -1;
    for (qsizetype at = 0; at < text.size();) {
        const auto length = lengthOf(text[at]);
        if (at + length > text.size() || !isValid(text.sliced(at, length)))
            return at;
        at += length;
    }
    return text.size();
}

QString decode(QByteArrayView quoted)
{
    const auto inner = quoted.sliced(1, quoted.size() - 2);
    if (!inner.contains('\\'))
        return QString::fromUtf8(inner);
    return QJsonDocument::fromJson('[' + quoted.toByteArray() + ']').array().first().toString();
}

} // namespace

std::expected<JsonNode, JsonSyntaxError> JsonScanner::scan()
{
    JsonNode root;
    if (m_text.startsWith(byteOrderMark))
        return std::unexpected(JsonSyntaxError{0, u"a byte order mark is not allowed in JSON"_s,
                                               u"save the file as UTF-8 without byte order mark"_s});
    if (const auto bad = firstInvalid(m_text); bad >= 0)
        return std::unexpected(JsonSyntaxError{bad, u"this is no UTF-8"_s, u"save the file as UTF-8"_s});
    skipBlanks();
    if (!scanValue(root, 0))
        return std::unexpected(m_error);
    skipBlanks();
    if (!atEnd()) {
        refuse(m_at, u"text after the end of the document"_s, u"remove it, or look for a bracket too many before it"_s);
        return std::unexpected(m_error);
    }
    return root;
}

bool JsonScanner::scanValue(JsonNode &node, int depth)
{
    node.begin = m_at;
    if (depth >= JsonPositions::maxDepth)
        return refuse(m_at, u"more than %1 levels of nesting"_s.arg(JsonPositions::maxDepth));
    bool ok = false;
    const char c = peek();
    if (c == '{')
        ok = scanObject(node, depth);
    else if (c == '[')
        ok = scanArray(node, depth);
    else if (c == '"') {
        node.kind = JsonNode::Kind::String;
        ok = scanString(node.begin, node.end);
    } else if (c == '-' || isDigit(c))
        ok = scanNumber(node);
    else
        ok = scanWord(node);
    node.end = m_at;
    return ok;
}

bool JsonScanner::scanObject(JsonNode &node, int depth)
{
    node.kind = JsonNode::Kind::Object;
    ++m_at;
    skipBlanks();
    if (peek() == '}') {
        ++m_at;
        return true;
    }
    for (bool more = true; more;) {
        node.children.emplace_back();
        if (!scanMember(node.children.back(), depth) || !scanSeparator('}', more))
            return false;
    }
    return true;
}

bool JsonScanner::scanMember(JsonNode &member, int depth)
{
    if (peek() != '"')
        return refuseHere(u"a key in double quotes"_s);
    if (!scanString(member.keyBegin, member.keyEnd))
        return false;
    member.key = decode(m_text.sliced(member.keyBegin, member.keyEnd - member.keyBegin));
    skipBlanks();
    if (peek() != ':')
        return refuseHere(u"':' after the key \"%1\""_s.arg(member.key.left(40)));
    ++m_at;
    skipBlanks();
    return scanValue(member, depth + 1);
}

bool JsonScanner::scanArray(JsonNode &node, int depth)
{
    node.kind = JsonNode::Kind::Array;
    ++m_at;
    skipBlanks();
    if (peek() == ']') {
        ++m_at;
        return true;
    }
    for (bool more = true; more;) {
        node.children.emplace_back();
        if (!scanValue(node.children.back(), depth + 1) || !scanSeparator(']', more))
            return false;
    }
    return true;
}

bool JsonScanner::scanSeparator(char close, bool &more)
{
    skipBlanks();
    if (peek() == close) {
        ++m_at;
        more = false;
        return true;
    }
    if (peek() != ',')
        return refuseHere(u"',' or '%1'"_s.arg(QLatin1Char(close)));
    const auto comma = m_at++;
    skipBlanks();
    if (peek() == close)
        return refuse(comma, u"a comma before '%1'"_s.arg(QLatin1Char(close)), u"remove the comma"_s);
    return true;
}

bool JsonScanner::scanString(qsizetype &begin, qsizetype &end)
{
    begin = m_at++;
    // Invisible, and Qt itself is of two minds whether it belongs to the string.
    const auto rest = m_text.sliced(m_at);
    if (rest.startsWith(byteOrderMark) ||
        rest.first(std::min<qsizetype>(rest.size(), 6)).toByteArray().toLower() == "\\ufeff")
        return refuse(m_at, u"an invisible character (U+FEFF) in front of a string"_s, u"remove it"_s);
    for (; !atEnd(); ++m_at) {
        const auto c = static_cast<unsigned char>(m_text[m_at]);
        if (c == '"') {
            end = ++m_at;
            return true;
        }
        if (c == '\n' || c == '\r')
            return refuse(begin, u"a string that does not end on its line"_s, u"close it with \", or write \\n"_s);
        if (c < 0x20)
            return refuse(m_at, u"a control character in a string"_s, u"write \\u%1"_s.arg(c, 4, 16, QLatin1Char('0')));
        if (c == '\\' && !scanEscape(m_at))
            return false;
    }
    return refuse(begin, u"a string that does not end"_s, u"close it with \""_s);
}

/// Leaves m_at on the last byte of the escape.
bool JsonScanner::scanEscape(qsizetype start)
{
    ++m_at;
    if (peek() != 'u') {
        if (!atEnd() && QByteArrayView("\"\\/bfnrt").contains(peek()))
            return true;
        return refuse(start, u"an unknown escape in a string"_s, u"write \\\\ for a backslash"_s);
    }
    for (int digits = 0; digits < 4; ++digits) {
        ++m_at;
        if (atEnd() || !QByteArrayView("0123456789abcdefABCDEF").contains(peek()))
            return refuse(start, u"\\u without four hexadecimal digits"_s);
    }
    return true;
}

bool JsonScanner::scanDigits(const QString &where)
{
    if (!isDigit(peek()))
        return refuseHere(u"a digit "_s + where);
    while (isDigit(peek()))
        ++m_at;
    return true;
}

bool JsonScanner::scanNumber(JsonNode &node)
{
    node.kind = JsonNode::Kind::Number;
    if (peek() == '-')
        ++m_at;
    const auto first = m_at;
    if (!scanDigits(u"after '-'"_s))
        return false;
    if (m_text[first] == '0' && m_at > first + 1)
        return refuse(node.begin, u"a number with a leading zero"_s, u"remove the zero"_s);
    if (peek() == '.') {
        ++m_at;
        if (!scanDigits(u"after '.'"_s))
            return false;
    }
    if (peek() == 'e' || peek() == 'E') {
        ++m_at;
        if (peek() == '+' || peek() == '-')
            ++m_at;
        return scanDigits(u"in the exponent"_s);
    }
    return true;
}

bool JsonScanner::scanWord(JsonNode &node)
{
    const auto begin = m_at;
    while (!atEnd() && isWord(peek()))
        ++m_at;
    const auto word = m_text.sliced(begin, m_at - begin);
    if (word == "true" || word == "false") {
        node.kind = JsonNode::Kind::Boolean;
        return true;
    }
    if (word == "null") {
        node.kind = JsonNode::Kind::Null;
        return true;
    }
    m_at = begin;
    if (word.isEmpty())
        return refuseHere(u"a value"_s);
    return refuse(
        begin,
        u"the word %1 is no JSON value"_s.arg(QString::fromUtf8(word.first(std::min(word.size(), qsizetype(40))))),
        u"put text into double quotes"_s);
}

void JsonScanner::skipBlanks()
{
    while (!atEnd() && QByteArrayView(" \t\r\n").contains(peek()))
        ++m_at;
}

bool JsonScanner::refuse(qsizetype offset, const QString &message, const QString &fix)
{
    m_error = {offset, message, fix};
    return false;
}

bool JsonScanner::refuseHere(const QString &expected)
{
    if (atEnd())
        return refuse(m_at, u"expected %1, but the text ends"_s.arg(expected));
    if (peek() == '/' || peek() == '#')
        return refuse(m_at, u"expected %1; JSON has no comments"_s.arg(expected), u"remove the comment"_s);
    if (peek() == '\'')
        return refuse(m_at, u"expected %1, got a single quote"_s.arg(expected), u"use double quotes"_s);
    const auto character = m_text.sliced(m_at, std::min(m_text.size() - m_at, lengthOf(peek())));
    return refuse(m_at, u"expected %1, got '%2'"_s.arg(expected, QString::fromUtf8(character)));
}

} // namespace danube::blueprint
