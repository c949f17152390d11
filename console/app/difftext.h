// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/models/textdifference.h"

#include <QPlainTextEdit>

namespace danube::console {

/// Read-only text in which lines are marked: "+ " and green for added, "- " and red for removed, grey for what is not
/// the reader's. The marks are characters, so that colour is never the only sign.
class DiffText : public QPlainTextEdit
{
    Q_OBJECT
public:
    struct Line
    {
        DiffLine::Kind kind = DiffLine::Kind::Same;
        QString text;
        bool isMuted = false;
    };
    DiffText(const ThemeColors &colors, const QString &accessibleName, QWidget *parent = nullptr);

    void setLines(QList<Line> lines); ///< keeps the scroll position
    /// Only what differs, with three lines around.
    void setDifference(const QList<DiffLine> &lines);

protected:
    void changeEvent(QEvent *event) override;

private:
    void paintLines();
    const ThemeColors &m_colors;
    QList<Line> m_lines;
};

} // namespace danube::console
