// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"

#include <QPointer>

class QStackedWidget;

namespace danube::console {

class JobsPage;
class MastersList;

/// The pinned tab: the jobs of the scope (one master, or all), and the welcome while nothing is connected. Each
/// master's table keeps its filter, selection and place while another one is shown.
class JobsTab : public Page
{
    Q_OBJECT
public:
    explicit JobsTab(const PageContext &context, QWidget *parent = nullptr);

    JobsPage *jobsPage() const;           ///< of the scope; null: the welcome is shown
    void saveView();                      ///< columns of the table in front, for the next start
    void showFilter(const QString &line); ///< of a saved view

    QString title() const override { return tr("Jobs"); }
    QIcon tabIcon() const override;
    MasterSession *master() const override;
    QList<JobRef> jobs() const override;
    QString status() const override;
    QList<Detail> details() const override;
    void setColors(const ThemeColors &colors) override;
    std::optional<ActionState> actionState(const QString &id) const override;
    void trigger(const QString &id) override;

private:
    void addPage(const MasterSession *session, JobsPage *page);
    void add(MasterSession *session);
    void remove(MasterSession *session);
    void showScope();
    void showConnection(MasterSession *session);

    PageContext m_context;
    const ThemeColors *m_colors;
    QStackedWidget *m_stack;
    MastersList *m_welcome;
    QHash<const MasterSession *, JobsPage *> m_pages; ///< under nullptr: all masters together
    QPointer<JobsPage> m_front;
};

} // namespace danube::console
