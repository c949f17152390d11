// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/delegates.h"
#include "shared/egress/finding.h"

namespace danube::console {

QColor severityColor(const ThemeColors &colors, egress::Severity severity);
QString severityIcon(egress::Severity severity); ///< name for icon()

/// A cell whose text gets the colour and icon of a severity that the model names by `role` (-1 = none).
class SeverityDelegate : public ColorDelegate
{
    Q_OBJECT
public:
    SeverityDelegate(int role, QObject *parent) : ColorDelegate(parent), m_role(role) {}

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    int m_role;
};

/// A cell that says yes or no: green or red by a role that holds a bool.
class VerdictDelegate : public ColorDelegate
{
    Q_OBJECT
public:
    VerdictDelegate(int role, QObject *parent) : ColorDelegate(parent), m_role(role) {}

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    int m_role;
};

} // namespace danube::console
