// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/branchpattern.h"

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

constexpr qsizetype maxLength = 255;

std::unexpected<Error> refuse(const QString &pattern, const QString &why)
{
    return fail(ErrorCode::InvalidArgument, u"branch pattern \"%1\": %2"_s.arg(pattern.left(80), why));
}

/// What git forbids in a branch's name; '*' and '?' are the pattern's.
bool isForbidden(QChar c)
{
    return c.unicode() <= 0x20 || c.unicode() == 0x7f || QStringView(u"~^:[]\\").contains(c);
}

/// One column of the table "pattern[0..i) matches branch[0..j)".
class Columns
{
public:
    explicit Columns(qsizetype size) : m_now(static_cast<size_t>(size) + 1) { m_now[0] = true; }
    template <class Fits> void single(const Fits &fits)
    {
        for (size_t j = m_now.size() - 1; j > 0; --j)
            m_now[j] = m_now[j - 1] && fits(j - 1);
        m_now[0] = false;
    }
    template <class Fits> void many(const Fits &fits)
    {
        for (size_t j = 1; j < m_now.size(); ++j)
            m_now[j] = m_now[j] || (m_now[j - 1] && fits(j - 1));
    }
    bool end() const { return m_now.back(); }

private:
    std::vector<bool> m_now;
};

} // namespace

Result<void> checkBranchPattern(const QString &pattern)
{
    if (pattern.isEmpty() || pattern.size() > maxLength)
        return refuse(pattern, u"expected 1 to %1 characters"_s.arg(maxLength));
    if (const auto *bad = std::ranges::find_if(pattern, isForbidden); bad != pattern.end())
        return refuse(pattern, u"no branch may contain '%1'; only * and ? have a meaning"_s.arg(*bad));
    if (pattern.startsWith(u'/') || pattern.endsWith(u'/') || pattern.contains("//"_L1))
        return refuse(pattern, u"a branch has no empty part between '/'"_s);
    if (pattern.startsWith(u'-') || pattern.startsWith(u'.') || pattern.contains("/."_L1) ||
        pattern.contains(".."_L1) || pattern.endsWith(u'.') || pattern.endsWith(".lock"_L1))
        return refuse(pattern, u"git allows no such branch (git check-ref-format)"_s);
    if (pattern.startsWith("refs/"_L1))
        return refuse(pattern, u"expected the branch's name without refs/heads/"_s);
    return {};
}

bool matchesBranch(const QString &pattern, const QString &branch)
{
    if (pattern.isEmpty())
        return true;
    if (pattern.size() > maxLength || branch.size() > 4096)
        return false;
    Columns columns(branch.size());
    const auto at = [&branch](size_t j) { return branch[static_cast<qsizetype>(j)]; };
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        const QChar c = pattern[i];
        if (c == u'*' && i + 1 < pattern.size() && pattern[i + 1] == u'*') {
            ++i;
            columns.many([](size_t) { return true; });
        } else if (c == u'*')
            columns.many([&](size_t j) { return at(j) != u'/'; });
        else if (c == u'?')
            columns.single([&](size_t j) { return at(j) != u'/'; });
        else
            columns.single([&](size_t j) { return at(j) == c; });
    }
    return columns.end();
}

} // namespace danube::blueprint
