// SPDX-License-Identifier: GPL-3.0-or-later
// Log lines and names on somebody's terminal or in his spreadsheet: nothing but colours gets through, a line costs no
// other line more than a bound, and no field of a table is a formula.
#include "console/cli/safetext.h"
#include "console/models/csv.h"
#include "tests/fuzz/require.h"

#include <QList>

using namespace danube;
using namespace Qt::StringLiterals;

namespace {

bool isShown(QChar c)
{
    return c == u'\t' || (c.unicode() >= 0x20 && (c.unicode() < 0x7f || c.unicode() > 0x9f));
}

/// Nothing but text and ESC [ digits m.
void checkLine(QStringView line)
{
    for (qsizetype at = 0; at < line.size(); ++at) {
        if (line[at] != QChar(0x1b)) {
            require(isShown(line[at]));
            continue;
        }
        const qsizetype end = line.indexOf(u'm', at);
        require(end > at && line[at + 1] == u'[');
        for (const QChar c : line.sliced(at + 2, end - at - 2))
            require((c >= u'0' && c <= u'9') || c == u';' || c == u':');
        at = end;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    for (const auto colours : {cli::LineFilter::Colours::Keep, cli::LineFilter::Colours::Drop}) {
        cli::LineFilter filter(colours);
        for (const QByteArray &line : bytes.split('\n')) {
            const QByteArray shown = filter.filter(line);
            checkLine(QString::fromUtf8(shown));
            require(shown.size() <= 3 * line.size() + 200);
        }
    }
    const QString text = QString::fromUtf8(bytes);
    for (const QChar c : cli::singleLine(text))
        require(isShown(c) && c != u'\t');
    const QString field = console::csvField(text);
    const QString content = field.startsWith(u'"') ? field.sliced(1) : field;
    require(content.isEmpty() || !u"=+-@\t\r"_s.contains(content[0]));
    require(field.startsWith(u'"') || !field.contains(u'\n'));
    return 0;
}
