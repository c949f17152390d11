// SPDX-License-Identifier: GPL-3.0-or-later
// Links to jobs: made for the clipboard, and followed.
#include "console/app/jobpage.h"
#include "console/app/mainwindow.h"
#include "console/app/pagehost.h"

#include <QClipboard>
#include <QGuiApplication>

namespace danube::console {

void MainWindow::copyLink()
{
    const QList<JobRef> jobs = m_tabs->current()->jobs();
    if (jobs.size() != 1)
        return;
    const JobLink link{jobs.front().master->profile().url, jobs.front().job, -1};
    QGuiApplication::clipboard()->setText(jobPage() ? jobPage()->link() : link.toText());
    tell(tr("The link is in the clipboard."));
}

Result<void> MainWindow::openLink(const QString &text)
{
    const auto link = JobLink::parse(text);
    if (!link)
        return std::unexpected(link.error());
    m_waitingLinks.append(*link);
    openWaitingLinks();
    if (!m_waitingLinks.isEmpty())
        tell(tr("Connect to %1 to open the job of this link.").arg(link->master));
    return {};
}

void MainWindow::openWaitingLinks()
{
    for (qsizetype i = m_waitingLinks.size() - 1; i >= 0; --i) {
        MasterSession *master = m_masters.find(m_waitingLinks[i].master);
        if (!master)
            continue;
        const JobLink link = m_waitingLinks.takeAt(i);
        JobPage *page = openJob(*master, link.job);
        if (page && link.line >= 0)
            page->showLine(link.line);
    }
}

} // namespace danube::console
