// SPDX-License-Identifier: GPL-3.0-or-later
// Allowlists before and after, "a\nb\0c": an unchanged list has no changes, and each change has its sentence. The same
// text as a Service and as a version of Cilium.
#include "shared/egress/allowlistdiff.h"
#include "shared/egress/servicetext.h"
#include "tests/fuzz/require.h"

using namespace danube::egress;

namespace {

QStringList listOf(const QString &text)
{
    return text.split(u'\n').first(std::min<qsizetype>(text.count(u'\n') + 1, 30));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096)
        return 0;
    const QString text = QString::fromUtf8(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const qsizetype cut = text.indexOf(QChar(0));
    const QStringList before = listOf(text.left(cut));
    const QStringList after = cut < 0 ? QStringList() : listOf(text.mid(cut + 1));
    QStringList turned(before.rbegin(), before.rend());
    require(diffAllowlists(before, turned).isEmpty());
    const auto there = diffAllowlists(before, after);
    require(there.size() == diffAllowlists(after, before).size());
    for (const ListChange &change : there)
        require(!change.sentence.isEmpty());
    if (const auto service = parseService(text))
        require(!service->name.isEmpty() && !service->pods.labels.isEmpty() && service->ports.size() == 1);
    if (const auto version = parseCiliumVersion(text))
        require(parseCiliumVersion(toText(*version)) == *version);
    return 0;
}
