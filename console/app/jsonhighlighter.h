// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"

#include <QSyntaxHighlighter>

namespace danube::console {

/// Keys, texts, numbers and words of JSON in colours of the theme. Line by line: JSON has no text over several lines.
class JsonHighlighter : public QSyntaxHighlighter
{
    Q_OBJECT
public:
    JsonHighlighter(QTextDocument *document, const ThemeColors &colors);
    void setColors(const ThemeColors &colors);

protected:
    void highlightBlock(const QString &text) override;

private:
    const ThemeColors *m_colors;
};

} // namespace danube::console
