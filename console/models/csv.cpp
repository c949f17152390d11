// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/csv.h"

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

bool isFormula(QStringView text)
{
    const auto first = std::find_if(text.begin(), text.end(), [](QChar c) { return c != u' ' && c != QChar::Nbsp; });
    // The wide forms are taken for the narrow ones where people type Chinese or Japanese.
    return first != text.end() && u"=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20"_s.contains(*first);
}

} // namespace

QString csvField(const QString &text)
{
    QString field = text;
    field.remove(QChar::Null);
    if (isFormula(field))
        field.prepend(u'\'');
    const bool mustQuote = std::any_of(field.cbegin(), field.cend(), [](QChar c) {
        return c == u',' || c == u';' || c == u'"' || c == u'\r' || c == u'\n' || c == u'\t';
    });
    if (!mustQuote)
        return field;
    return u'"' + field.replace(u'"', u"\"\""_s) + u'"';
}

QByteArray csvRow(const QStringList &fields)
{
    QStringList written;
    for (const QString &field : fields)
        written.append(csvField(field));
    return written.join(u',').toUtf8() + "\r\n";
}

} // namespace danube::console
