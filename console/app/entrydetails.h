// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/models/entrywords.h"

#include <QFrame>

class QLabel;
class QVBoxLayout;

namespace danube::console {

/// One entry of an allowlist in words: what it is, what it lets through and what not, what is odd about it. Findings
/// with a fix have a button for it.
class EntryDetails : public QFrame
{
    Q_OBJECT
public:
    explicit EntryDetails(const ThemeColors &colors, QWidget *parent = nullptr);

    void showEntry(const QString &entry, const egress::LintOptions &options, const QList<egress::Finding> &findings);
    void showNothing(const QString &text);
    void setColors(const ThemeColors &colors);

signals:
    void fixRequested(const danube::egress::Finding &finding);

private:
    void showFindings();

    const ThemeColors *m_colors;
    QLabel *m_title;
    QLabel *m_meaning;
    QLabel *m_matches;
    QLabel *m_mismatches;
    QVBoxLayout *m_findingRows;
    QList<egress::Finding> m_findings;
};

} // namespace danube::console
