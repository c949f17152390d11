// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"
#include "console/models/findingsmodel.h"

class QComboBox;
class QLabel;
class QTableView;

namespace danube::console {

class BlueprintBar;
class BlueprintSession;
class ConfigForm;
class JsonTextEdit;
class MessageBar;
class SeverityDelegate;

/// One file of the Blueprint twice: as a form and as its text, which is the truth. Findings below; a click shows where.
class ConfigPage : public Page
{
    Q_OBJECT
public:
    explicit ConfigPage(const PageContext &context, QWidget *parent = nullptr);

    QString title() const override { return tr("Config"); }
    QIcon tabIcon() const override;
    void setColors(const ThemeColors &colors) override;
    MasterSession *master() const override { return m_master; }
    QString status() const override;
    QString unsaved() const override;
    void discard() override;
    std::optional<ActionState> actionState(const QString &id) const override;
    void trigger(const QString &id) override;

    ConfigForm *form() const { return m_form; }
    JsonTextEdit *text() const { return m_text; }
    QTableView *findings() const { return m_table; }
    BlueprintBar *bar() const { return m_bar; }
    MessageBar *messages() const { return m_messages; }
    void showFile(const QString &path);

private:
    void build();
    void connectParts();
    void fillFiles();
    void showDocument();
    void showFindings();
    void goTo(const blueprint::Finding &finding);

    MasterSession *m_master;
    BlueprintSession &m_blueprint;
    const ThemeColors *m_colors;
    FindingsModel m_findings;
    BlueprintBar *m_bar;
    MessageBar *m_messages;
    QComboBox *m_files;
    QLabel *m_summary;
    ConfigForm *m_form;
    JsonTextEdit *m_text;
    QTableView *m_table;
    SeverityDelegate *m_severities;
    QAction *m_showForm;
    QAction *m_showText;
};

} // namespace danube::console
