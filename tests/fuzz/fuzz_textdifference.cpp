// SPDX-License-Identifier: GPL-3.0-or-later
// Two texts, "before\0after": the one edit, the lines and the patch lead from the first to the second.
#include "console/cli/patch.h"
#include "console/models/textdifference.h"
#include "tests/fuzz/require.h"

using namespace danube;
using namespace danube::console;

namespace {

void checkLines(const QStringList &before, const QStringList &after)
{
    QStringList old;
    QStringList fresh;
    for (const DiffLine &line : diffLines(before, after)) {
        if (line.kind != DiffLine::Kind::Added)
            old.append(line.text);
        if (line.kind != DiffLine::Kind::Removed)
            fresh.append(line.text);
    }
    require(old == before && fresh == after);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const qsizetype cut = bytes.indexOf('\0');
    const QByteArray before = bytes.left(cut);
    const QByteArray after = cut < 0 ? QByteArray() : bytes.mid(cut + 1);
    const auto edit = editBetween(before, after);
    require(blueprint::apply(before, edit) == after);
    const QString old = QString::fromUtf8(before);
    const QString fresh = QString::fromUtf8(after);
    const TextChange change = changeBetween(old, fresh);
    QString changed = old;
    require(change.position >= 0 && change.length >= 0 && change.position + change.length <= old.size());
    require(changed.replace(change.position, change.length, change.replacement) == fresh);
    checkLines(linesOf(before), linesOf(after));
    require(cli::unifiedDiff(QStringLiteral("a.json"), before, after).isEmpty() == (before == after));
    return 0;
}
