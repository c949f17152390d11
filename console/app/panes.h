// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QWidget>

namespace danube::console {

/// Moves the keyboard from one part of a window to the next, as F6 does elsewhere: toolbar, masters, navigator, page,
/// docks. A pane that was left is entered again where it was left.
class Panes : public QObject
{
    Q_OBJECT
public:
    /// `panes` in the order of reading; they outlive this. Hidden ones are passed over.
    explicit Panes(QList<QWidget *> panes, QObject *parent = nullptr);
    void next() { step(1); }
    void previous() { step(-1); }

private:
    void step(int by);
    bool enter(QWidget *pane) const;
    QWidget *paneOf(const QWidget *widget) const; ///< null: none of them
    QList<QWidget *> m_panes;
    QHash<QWidget *, QPointer<QWidget>> m_left; ///< pane → what had the focus there
};

} // namespace danube::console
