// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <expected>
#include <vector>

namespace danube::blueprint {

/// One value of a JSON text and where it stands: byte offsets, `end` behind its last byte.
struct JsonNode
{
    enum class Kind { Null, Boolean, Number, String, Array, Object };
    Kind kind = Kind::Null;
    qsizetype begin = 0;
    qsizetype end = 0;
    QString key;             ///< decoded; of a member
    qsizetype keyBegin = -1; ///< with its quotes; -1 when this is no member
    qsizetype keyEnd = -1;
    std::vector<JsonNode> children; ///< in the order of the text

    bool isContainer() const { return kind == Kind::Array || kind == Kind::Object; }
    qsizetype memberBegin() const { return keyBegin < 0 ? begin : keyBegin; }
    const JsonNode *child(const QString &token) const; ///< member, or element by its index; nullptr when absent
};

struct JsonSyntaxError
{
    qsizetype offset = 0;
    QString message; ///< what is wrong there
    QString fix;     ///< what to do; may be empty
    bool operator==(const JsonSyntaxError &) const = default;
};

/// Counted from 1; the column counts characters (code points), a tab as one.
struct TextPosition
{
    int line = 1;
    int column = 1;
    bool operator==(const TextPosition &) const = default;
};
TextPosition positionOf(QByteArrayView text, qsizetype offset);

/// The same for many places of one text: made in one pass, then each costs no more than a bound.
class TextPlaces
{
public:
    explicit TextPlaces(QByteArrayView text);
    /// `text` is the one it was made of.
    TextPosition positionOf(QByteArrayView text, qsizetype offset) const;

private:
    qsizetype charactersBefore(QByteArrayView text, qsizetype offset) const;
    std::vector<qsizetype> m_lines;  ///< where each begins
    std::vector<qsizetype> m_counts; ///< of characters before every block
};

/// A pointer's tokens (RFC 6901), unescaped; nullopt for text that is no pointer.
std::optional<QStringList> tokensOf(const QString &pointer);
/// The pointer to a child of what `pointer` names.
QString childPointer(const QString &pointer, const QString &token);
QString childPointer(const QString &pointer, qsizetype index);

/// A JSON text (RFC 8259, strictly: UTF-8 without byte order mark, at most 64 levels) with the place of every value.
/// QJsonDocument tells neither lines nor duplicate keys; what is scanned here without an error it reads the same way,
/// numbers beyond double's range aside. Cost is linear in the size of the text.
class JsonPositions
{
public:
    static constexpr int maxDepth = 64;
    struct Duplicate
    {
        QString pointer;
        qsizetype first = 0;  ///< offset of the first key of that name
        qsizetype offset = 0; ///< offset of a later one
        bool operator==(const Duplicate &) const = default;
    };

    static std::expected<JsonPositions, JsonSyntaxError> scan(QByteArray text);

    const QByteArray &text() const { return m_text; }
    const JsonNode &root() const { return m_root; }
    const JsonNode *find(const QString &pointer) const;
    TextPosition positionOf(qsizetype offset) const { return m_places.positionOf(m_text, offset); }
    /// Where to look for `pointer`; for what is absent the nearest container that exists.
    TextPosition locate(const QString &pointer) const;
    /// At most 100. In pointers of more than 1000 characters the last tokens are left out.
    QList<Duplicate> duplicates() const;

private:
    JsonPositions(QByteArray text, JsonNode root) : m_text(std::move(text)), m_places(m_text), m_root(std::move(root))
    {}
    QByteArray m_text;
    TextPlaces m_places;
    JsonNode m_root;
};

} // namespace danube::blueprint
