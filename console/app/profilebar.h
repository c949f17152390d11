// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/theme.h"

#include <QAbstractButton>
#include <QPointer>

class QHBoxLayout;
class QToolButton;

namespace danube::console {

class MasterSession;

/// One connected master: name, kind, how live it is (dot and word), how much runs and waits.
class ProfileChip : public QAbstractButton
{
    Q_OBJECT
public:
    ProfileChip(MasterSession &session, const ThemeColors &colors, QWidget *parent = nullptr);
    MasterSession *session() const { return m_session; }
    QString stateText() const;
    void setColors(const ThemeColors &colors);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void refresh();
    QString countText() const;
    QFont boldFont() const;
    QPointer<MasterSession> m_session;
    const ThemeColors *m_colors;
};

/// The chips of all connected masters, over the full width of the window.
class ProfileBar : public QWidget
{
    Q_OBJECT
public:
    explicit ProfileBar(const ThemeColors &colors, QWidget *parent = nullptr);
    void add(MasterSession &session);
    void remove(const MasterSession &session);
    void setCurrent(const MasterSession *session);
    QToolButton *allChip() const { return m_all; }
    ProfileChip *chipOf(const MasterSession &session) const;
    void setColors(const ThemeColors &colors);

signals:
    void chosen(danube::console::MasterSession *session); ///< null: all masters

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const ThemeColors *m_colors;
    QHBoxLayout *m_layout;
    QList<ProfileChip *> m_chips;
    QToolButton *m_all; ///< shown from the second master on
};

} // namespace danube::console
