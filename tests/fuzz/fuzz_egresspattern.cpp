// SPDX-License-Identifier: GPL-3.0-or-later
// Allowlists of any text: canonical forms are stable, what covers also matches, fixes mend what they claim to mend, and
// what the linter lets through compiles.
#include "shared/egress/explain.h"
#include "shared/egress/policy.h"
#include "tests/fuzz/require.h"

using namespace danube::egress;

namespace {

void checkPair(const QString &text, const QString &name, CiliumVersion version)
{
    const auto pattern = Pattern::parse(text);
    if (!pattern)
        return;
    require(Pattern::parse(pattern->text()) == pattern);
    require(pattern->covers(*pattern, version));
    const QString host = canonicalName(name);
    const bool isMatch = pattern->matches(name, version);
    require(!isMatch || !host.isEmpty());
    if (const auto other = Pattern::parse(name); other && pattern->covers(*other, version) && other->isName())
        require(isMatch);
    require(!pattern->isAnyDepth() || version < CiliumVersion{1, 19} || !isMatch ||
            host.count(u'.') >= pattern->labels().size());
}

void checkList(const QStringList &list, CiliumVersion version)
{
    LintOptions options;
    options.cilium = version;
    const auto findings = lint(list, options);
    for (const Finding &finding : findings) {
        require(finding.entry >= 0 && finding.entry < list.size());
        for (const QString &fix : finding.fix.value_or(QStringList()))
            require(Entry::parse(fix).has_value());
    }
    PolicySettings settings;
    settings.cilium = version;
    require(compileCilium({list}, settings).has_value() == !hasErrors(findings));
    if (list.isEmpty())
        return;
    if (const auto question = parseQuestion(list.last()))
        for (const QString &entry : explain(*question, {list}, options).proposal)
            require(explain(*question, {list + QStringList{entry}}, options).isAllowed);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 4096)
        return 0;
    const CiliumVersion version{1, 16 + data[0] % 6};
    const QByteArrayView bytes(reinterpret_cast<const char *>(data + 1), static_cast<qsizetype>(size - 1));
    const QStringList lines =
        QString::fromUtf8(bytes).split(u'\n').first(std::min<qsizetype>(32, bytes.count('\n') + 1));
    checkPair(lines.first(), lines.last(), version);
    checkList(lines, version);
    return 0;
}
