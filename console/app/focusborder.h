// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace danube::console {

/// A line around the table, list, text or log that has the keyboard, once keys are used to move: the style marks the
/// current row at most, and an empty list not at all.
class FocusBorder : public QWidget
{
    Q_OBJECT
public:
    static void install(); ///< for the application; once

protected:
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    explicit FocusBorder(QWidget *around);
};

} // namespace danube::console
