// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"
#include "console/models/logstore.h"

namespace danube::console {

/// A log file of this machine, watched while it grows.
class FilePage : public Page
{
    Q_OBJECT
public:
    FilePage(const QString &path, std::unique_ptr<LogStore> store, const PageContext &context,
             QWidget *parent = nullptr);
    QString title() const override;
    QString tabToolTip() const override { return m_path; }
    QIcon tabIcon() const override;
    LogPane *logPane() const override { return m_log; }
    QString unsaved() const override;
    void setColors(const ThemeColors &colors) override;

private:
    QString m_path;
    LogPane *m_log;
};

} // namespace danube::console
