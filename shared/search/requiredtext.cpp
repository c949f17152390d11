// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/search/requiredtext.h"

namespace danube::search {

namespace {

constexpr int deepest = 32;

constexpr bool isDigit(char byte)
{
    return byte >= '0' && byte <= '9';
}

constexpr bool isPunctuation(char byte)
{
    return byte > ' ' && byte < 0x7f && !isDigit(byte) && (byte < 'A' || byte > 'Z') && (byte < 'a' || byte > 'z');
}

// Reads the part of PCRE2's syntax that is in no doubt, and gives up at the first byte of any other.
class Reader
{
public:
    explicit Reader(QByteArrayView source) : m_source(source) {}

    QList<QByteArray> read()
    {
        if (!readAlternatives(0) || m_at != m_source.size() || m_hasAlternatives)
            return {};
        endRun();
        return m_runs;
    }

private:
    bool atEnd() const { return m_at == m_source.size(); }
    bool take(char byte)
    {
        if (atEnd() || m_source[m_at] != byte)
            return false;
        ++m_at;
        return true;
    }

    void endRun()
    {
        if (!m_run.isEmpty())
            m_runs.append(std::exchange(m_run, {}));
    }

    // Up to the end, or to the parenthesis that closes the group.
    bool readAlternatives(int depth)
    {
        while (!atEnd() && m_source[m_at] != ')') {
            if (take('|')) {
                m_hasAlternatives = m_hasAlternatives || depth == 0;
                endRun();
            } else if (!readItem(depth)) {
                return false;
            }
        }
        return true;
    }

    bool readItem(int depth)
    {
        QByteArray text; // what the item stands for when it is one character of the outermost level
        const char byte = m_source[m_at];
        switch (byte) {
        case '(':
            if (!readGroup(depth))
                return false;
            break;
        case '[':
            if (!readClass())
                return false;
            break;
        case '.':
        case '^':
        case '$':
            ++m_at;
            break;
        case '\\':
            if (!readEscape(&text))
                return false;
            break;
        case '*':
        case '+':
        case '?':
        case '{': // a quantifier of nothing, or a brace that is none
            return false;
        default:
            text = readCharacter();
        }
        int least = 1;
        bool isQuantified = false;
        if (!readQuantifier(&least, &isQuantified))
            return false;
        if (depth > 0)
            return true;
        if (!text.isEmpty() && least > 0)
            m_run += text;
        if (text.isEmpty() || isQuantified)
            endRun();
        return true;
    }

    QByteArray readCharacter()
    {
        const qsizetype begin = m_at++;
        while (!atEnd() && (uint8_t(m_source[m_at]) & 0xc0) == 0x80)
            ++m_at;
        return m_source.sliced(begin, m_at - begin).toByteArray();
    }

    bool readGroup(int depth)
    {
        ++m_at;
        if (depth == deepest || (!atEnd() && m_source[m_at] == '*'))
            return false;
        if (take('?') && !take(':'))
            return false;
        endRun();
        return readAlternatives(depth + 1) && take(')');
    }

    bool readClass()
    {
        ++m_at;
        take('^');
        take(']'); // first in a class it is a member
        while (!atEnd() && m_source[m_at] != ']') {
            QByteArray ignored;
            if (m_source[m_at] == '[') // perhaps a name like [:alpha:]
                return false;
            if (m_source[m_at] != '\\')
                ++m_at;
            else if (!readEscape(&ignored))
                return false;
        }
        return take(']');
    }

    bool readEscape(QByteArray *text)
    {
        ++m_at;
        if (atEnd())
            return false;
        const char byte = m_source[m_at++];
        if (isPunctuation(byte))
            *text = QByteArray(1, byte);
        return isPunctuation(byte) || QByteArrayView("dDwWsShHbBnrt").contains(byte);
    }

    bool readQuantifier(int *least, bool *isQuantified)
    {
        if (take('*') || take('?'))
            *least = 0;
        else if (take('{')) {
            if (!readCounts(least))
                return false;
        } else if (!take('+'))
            return true;
        *isQuantified = true;
        take('?'); // as few as possible: the same matches are possible
        return atEnd() || !QByteArrayView("*+?{").contains(m_source[m_at]);
    }

    // n}, n,} or n,m}
    bool readCounts(int *least)
    {
        if (atEnd() || !isDigit(m_source[m_at]))
            return false;
        for (*least = 0; !atEnd() && isDigit(m_source[m_at]); ++m_at)
            *least = std::min(1000, *least * 10 + (m_source[m_at] - '0'));
        if (take(',')) {
            while (!atEnd() && isDigit(m_source[m_at]))
                ++m_at;
        }
        return take('}');
    }

    QByteArrayView m_source;
    qsizetype m_at = 0;
    QByteArray m_run;
    QList<QByteArray> m_runs;
    bool m_hasAlternatives = false;
};

} // namespace

QList<QByteArray> requiredTexts(QByteArrayView source)
{
    return Reader(source).read();
}

} // namespace danube::search
