// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"

#include <QScrollArea>

class QLabel;

namespace danube::console {

/// The dock at the right: what is selected in the current page, as rows of label and text that can be copied.
class DetailsView : public QScrollArea
{
    Q_OBJECT
public:
    explicit DetailsView(QWidget *parent = nullptr);
    void setDetails(const QList<Detail> &details);
    void setColors(const ThemeColors &colors);

private:
    void rebuild();
    QList<Detail> m_details;
    QList<QLabel *> m_texts; ///< of each detail; null for headings
    const ThemeColors *m_colors = &lightColors();
};

} // namespace danube::console
