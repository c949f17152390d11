// SPDX-License-Identifier: GPL-3.0-or-later
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "shared/search/logpattern.h"

#include <QCoreApplication>

#include <cstring>

using namespace Qt::StringLiterals;

namespace danube::search {

namespace {

constexpr size_t stackLimit = size_t(1) << 20;

QByteArray quoted(const QByteArray &text)
{
    QByteArray result;
    for (const char byte : text) {
        const bool plain = uint8_t(byte) >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                           (byte >= 'a' && byte <= 'z') || byte == ' ' || byte == '_';
        if (!plain)
            result += '\\';
        result += byte;
    }
    return result;
}

QString messageOf(int code)
{
    PCRE2_UCHAR buffer[256];
    pcre2_get_error_message(code, buffer, sizeof(buffer));
    return QString::fromUtf8(reinterpret_cast<const char *>(buffer));
}

// A thread has one match at a time, and a new stack costs more than the scan of a line.
pcre2_jit_stack *threadStack()
{
    struct Stack
    {
        Stack() : stack(pcre2_jit_stack_create(32 * 1024, stackLimit, nullptr)) {}
        ~Stack() { pcre2_jit_stack_free(stack); }
        Stack(const Stack &) = delete;
        Stack &operator=(const Stack &) = delete;
        pcre2_jit_stack *stack;
    };
    static thread_local const Stack own;
    return own.stack;
}

// What one scan needs besides the code.
struct Matcher
{
    Matcher(const pcre2_code *pattern, uint32_t steps)
        : code(pattern), data(pcre2_match_data_create(1, nullptr)), context(pcre2_match_context_create(nullptr))
    {
        pcre2_set_match_limit(context, steps);
        pcre2_jit_stack_assign(context, nullptr, threadStack());
    }
    ~Matcher()
    {
        pcre2_match_context_free(context);
        pcre2_match_data_free(data);
    }
    Matcher(const Matcher &) = delete;
    Matcher &operator=(const Matcher &) = delete;

    /// > 0 found (in begin, end), PCRE2_ERROR_NOMATCH, or another error.
    int find(QByteArrayView text, qsizetype from)
    {
        const int count = pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(text.data()), size_t(text.size()),
                                      size_t(from), PCRE2_NOTEMPTY, data, context);
        if (count < 0)
            return count;
        begin = qsizetype(pcre2_get_ovector_pointer(data)[0]);
        end = qsizetype(pcre2_get_ovector_pointer(data)[1]);
        return 1;
    }

    const pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
    qsizetype begin = 0;
    qsizetype end = 0;
};

qsizetype lineEnd(QByteArrayView text, qsizetype from)
{
    const void *found = memchr(text.data() + from, '\n', size_t(text.size() - from));
    return found ? static_cast<const char *>(found) - text.data() : text.size();
}

} // namespace

Result<LogPattern> LogPattern::compile(const LogQuery &query, Needle needle)
{
    QByteArray source = query.text.toUtf8();
    if (query.syntax == LogQuery::Syntax::Literal)
        source = quoted(source);
    const qsizetype prefix = query.words == LogQuery::Words::Whole ? 9 : 0;
    if (query.words == LogQuery::Words::Whole)
        source = "(?<!\\w)(?:" + source + ")(?!\\w)";
    uint32_t options = PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C;
    if (query.letters == LogQuery::Case::Ignore)
        options |= PCRE2_CASELESS;
    if (query.needsUnicode())
        options |= PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_UCP;
    int error = 0;
    size_t offset = 0;
    pcre2_code *code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(source.constData()), size_t(source.size()), options,
                                     &error, &offset, nullptr);
    if (!code) {
        const qsizetype position = std::clamp<qsizetype>(qsizetype(offset) - prefix, 0, query.text.size());
        return fail(
            ErrorCode::InvalidArgument,
            QCoreApplication::translate("LogPattern", "%1 (at character %2)").arg(messageOf(error)).arg(position + 1));
    }
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); // without JIT the same matches are found, slower
    return LogPattern({code, [](const pcre2_code *owned) { pcre2_code_free(const_cast<pcre2_code *>(owned)); }},
                      needle == Needle::Use ? LogNeedle::of(query) : std::nullopt);
}

Result<void> LogPattern::scan(QByteArrayView text, const Visit &visit, uint32_t steps) const
{
    if (m_needle && m_needle->find(text, 0) < 0)
        return {};
    Matcher matcher(m_code.get(), steps);
    for (qsizetype from = 0; from < text.size();) {
        int found = matcher.find(text, from);
        if (found == PCRE2_ERROR_NOMATCH)
            return {};
        if (found > 0 && memchr(text.data() + matcher.begin, '\n', size_t(matcher.end - matcher.begin))) {
            // It spans lines: what does its first line alone give?
            const qsizetype start = matcher.begin;
            const qsizetype stop = lineEnd(text, start);
            found = stop > start ? matcher.find(text.first(stop), start) : PCRE2_ERROR_NOMATCH;
            if (found == PCRE2_ERROR_NOMATCH) {
                from = stop + 1;
                continue;
            }
        }
        if (found < 0)
            return fail(ErrorCode::ResourceExhausted,
                        QCoreApplication::translate("LogPattern", "the expression is too complex for this log: %1")
                            .arg(messageOf(found)));
        if (!visit(matcher.begin, matcher.end))
            return {};
        from = matcher.end;
    }
    return {};
}

} // namespace danube::search
