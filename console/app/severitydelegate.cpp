// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/severitydelegate.h"

#include "console/app/delegates.h"

using namespace Qt::StringLiterals;

namespace danube::console {

QColor severityColor(const ThemeColors &colors, egress::Severity severity)
{
    switch (severity) {
    case egress::Severity::Error:
        return colors.failure;
    case egress::Severity::Warning:
        return colors.warning;
    case egress::Severity::Hint:
        break;
    }
    return colors.muted;
}

QString severityIcon(egress::Severity severity)
{
    switch (severity) {
    case egress::Severity::Error:
        return u"state-failure"_s;
    case egress::Severity::Warning:
        return u"warning"_s;
    case egress::Severity::Hint:
        break;
    }
    return u"info"_s;
}

void SeverityDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const int severity = index.data(m_role).toInt();
    if (severity >= 0)
        paintAs(*option, severityIcon(egress::Severity(severity)),
                severityColor(*m_colors, egress::Severity(severity)));
}

void VerdictDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const bool yes = index.data(m_role).toBool();
    paintAs(*option, yes ? u"state-success"_s : u"state-failure"_s, yes ? m_colors->success : m_colors->failure);
}

} // namespace danube::console
