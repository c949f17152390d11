// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/egress/linter.h"

#include <QDialog>

class QButtonGroup;
class QLabel;

namespace danube::console {

struct WildcardChoice
{
    QString entry;
    QStringList alsoOpens; ///< other places that jobs were refused
};

/// Asks which wildcard to add, and shows for each what else it opens.
class WildcardDialog : public QDialog
{
    Q_OBJECT
public:
    WildcardDialog(const QString &host, const QString &exact, QList<WildcardChoice> choices,
                   const egress::LintOptions &options, QWidget *parent = nullptr);

    QString entry() const; ///< the chosen one
    QString reachText() const;

private:
    void showReach();

    QList<WildcardChoice> m_choices;
    egress::LintOptions m_options;
    QButtonGroup *m_buttons;
    QLabel *m_reach;
};

} // namespace danube::console
