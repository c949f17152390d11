// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"

#include <QWidget>

class QLabel;
class QTableView;

namespace danube::console {

class RowsModel;

/// A table of a RowsModel with a sentence instead while it is empty. Rows can be copied with Ctrl+C.
class RowsTab : public QWidget
{
    Q_OBJECT
public:
    /// `wide`: the column that takes the room left over.
    RowsTab(RowsModel &rows, const QString &name, int wide, QWidget *parent = nullptr);

    QTableView *table() const { return m_table; }
    void setNote(const QString &note);
    QString note() const;
    void setColors(const ThemeColors &colors);

private:
    void showState();
    void copy();
    RowsModel &m_rows;
    int m_wide;
    QTableView *m_table;
    QLabel *m_note;
    class LevelDelegate;
    LevelDelegate *m_delegate;
};

} // namespace danube::console
