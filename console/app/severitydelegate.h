// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "shared/egress/finding.h"

#include <QStyledItemDelegate>

namespace danube::console {

QColor severityColor(const ThemeColors &colors, egress::Severity severity);
QString severityIcon(egress::Severity severity); ///< name for icon()

/// A cell whose text gets the colour and icon of a severity that the model names by `role` (-1 = none).
class SeverityDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    SeverityDelegate(int role, QObject *parent) : QStyledItemDelegate(parent), m_role(role) {}
    void setColors(const ThemeColors &colors) { m_colors = &colors; }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    int m_role;
    const ThemeColors *m_colors = &lightColors();
};

/// A cell that says yes or no: green or red by a role that holds a bool.
class VerdictDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    VerdictDelegate(int role, QObject *parent) : QStyledItemDelegate(parent), m_role(role) {}
    void setColors(const ThemeColors &colors) { m_colors = &colors; }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    int m_role;
    const ThemeColors *m_colors = &lightColors();
};

} // namespace danube::console
