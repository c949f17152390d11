// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/models/activitymodel.h"

#include <QSortFilterProxyModel>
#include <QWidget>

class QComboBox;
class QTableView;
class QToolButton;

namespace danube::console {

/// The console's event list with its bar: what to show, copy, clear. In the dock and as a page.
class ActivityView : public QWidget
{
    Q_OBJECT
public:
    ActivityView(ActivityModel &model, const ThemeColors &colors, QWidget *parent = nullptr);
    QTableView *table() const { return m_table; }
    void setColors(const ThemeColors &colors);
    void copy(); ///< the selected rows, or all that are shown

private:
    class Filter : public QSortFilterProxyModel
    {
    public:
        void setLowest(int level);

    protected:
        bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

    private:
        int m_lowest = 0;
    };
    void buildTable();
    ActivityModel &m_model;
    Filter m_filter;
    QComboBox *m_level;
    QToolButton *m_copy;
    QToolButton *m_clear;
    QTableView *m_table;
};

} // namespace danube::console
