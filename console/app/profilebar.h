// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"

#include <QAbstractButton>
#include <QPointer>

class QHBoxLayout;
class QScrollArea;
class QToolButton;

namespace danube::console {

class MasterSession;

/// One connected master: name, kind, how live it is (dot and word), how much runs and waits. Where that is too much for
/// the window, it first leaves out the counts, then shortens the name; the tooltip always has it all.
class ProfileChip : public QAbstractButton
{
    Q_OBJECT
public:
    ProfileChip(MasterSession &session, const ThemeColors &colors, QWidget *parent = nullptr);
    MasterSession *session() const { return m_session; }
    QString stateText() const;
    void setColors(const ThemeColors &colors);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void refresh();
    int widthFor(const QString &name, const QString &counts) const;
    QString countText() const;
    QFont boldFont() const;
    QPointer<MasterSession> m_session;
    const ThemeColors *m_colors;
};

/// The chips of all connected masters, over the full width of the window; they scroll when there are many.
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
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void fitHeight();
    const ThemeColors *m_colors;
    QScrollArea *m_area;
    QHBoxLayout *m_layout;
    QList<ProfileChip *> m_chips;
    QToolButton *m_all; ///< shown from the second master on
};

} // namespace danube::console
