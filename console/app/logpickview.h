// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/logview.h"

namespace danube::console {

/// A list of some lines of a log (its matches, its marks), drawn like the log itself. One line is current; choosing it
/// by click, arrow keys or Enter says so.
class LogPickView : public LogView
{
    Q_OBJECT
public:
    explicit LogPickView(const QString &name, QWidget *parent = nullptr);

    void showLines(LogDocument *document, const LogLines *lines);

signals:
    void picked(qint64 line);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void pressRow(int64_t line, QMouseEvent *event) override;

private:
    void pickRow(int64_t row);
};

} // namespace danube::console
