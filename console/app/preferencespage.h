// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"

namespace Ui {
class PreferencesPage;
} // namespace Ui

namespace danube::console {

/// The preferences, a section each. Every change counts at once and is stored.
class PreferencesPage : public Page
{
    Q_OBJECT
public:
    explicit PreferencesPage(const PageContext &context, QWidget *parent = nullptr);
    ~PreferencesPage() override;
    QString title() const override { return tr("Preferences"); }
    QIcon tabIcon() const override;
    void setColors(const ThemeColors &colors) override;

private:
    void fillChoices();
    void showValues();
    void take();
    void connectChanges();
    void enable();
    PageContext m_context;
    std::unique_ptr<Ui::PreferencesPage> m_ui;
    bool m_showing = false;
};

} // namespace danube::console
