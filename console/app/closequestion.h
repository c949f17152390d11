// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMessageBox>

namespace danube::console {

/// The one question before the window closes on unsaved edits and running downloads: names both. Accepted = close.
class CloseQuestion : public QMessageBox
{
    Q_OBJECT
public:
    CloseQuestion(const QStringList &unsaved, const QStringList &underWay, QWidget *parent = nullptr);

signals:
    void confirmed();
};

} // namespace danube::console
