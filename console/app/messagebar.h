// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;

namespace danube::console {

/// A line in the page for what went wrong in the background; never a dialog. Hidden until there is something to say.
class MessageBar : public QFrame
{
    Q_OBJECT
public:
    explicit MessageBar(QWidget *parent = nullptr);
    void showProblem(const QString &text);
    QString text() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    void showIcon();
    QLabel *m_icon;
    QLabel *m_text;
};

} // namespace danube::console
