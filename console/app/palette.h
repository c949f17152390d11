// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/palettemodel.h"
#include "console/app/themecolors.h"

#include <QFrame>
#include <QPointer>

class QLineEdit;
class QListView;

namespace danube::console {

/// The command palette: a line to type into and what it finds, over the top of the window. Return runs, Escape closes.
class Palette : public QFrame
{
    Q_OBJECT
public:
    Palette(PaletteModel &model, QWidget *window);
    void open(const QString &text = {});
    QLineEdit *line() const { return m_line; }
    QListView *list() const { return m_list; }
    void setColors(const ThemeColors &colors);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void search();
    void run(const QModelIndex &index);
    void place();

    PaletteModel &m_model;
    QLineEdit *m_line;
    QListView *m_list;
    QPointer<QWidget> m_before; ///< had the focus
    void close();
    const ThemeColors *m_colors = &lightColors();
};

} // namespace danube::console
