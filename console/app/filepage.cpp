// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/filepage.h"

#include "console/app/icons.h"
#include "console/app/logpane.h"
#include "console/controllers/masters.h"

#include <QFileInfo>
#include <QVBoxLayout>

namespace danube::console {

FilePage::FilePage(const QString &path, std::unique_ptr<LogStore> store, const PageContext &context, QWidget *parent)
    : Page(parent), m_path(path), m_log(new LogPane(context.actions, context.colors, this))
{
    auto *document = new LogDocument(std::move(store), m_log);
    m_log->setMarksFile(context.masters.cache().marksOfFile(path));
    m_log->setDocument(document);
    m_log->view()->pauseFollowing();
    m_log->view()->showLine(0);
    document->watchFile();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_log);
    setFocusProxy(m_log->view());
    connect(m_log, &LogPane::told, this, &Page::told);
    connect(m_log, &LogPane::unsavedChanged, this, &Page::changed);
    connect(document, &LogDocument::failed, this, &Page::told);
}

QString FilePage::title() const
{
    return QFileInfo(m_path).fileName();
}

QIcon FilePage::tabIcon() const
{
    return icon(QStringLiteral("file"));
}

QString FilePage::unsaved() const
{
    return m_log->unsaved();
}

void FilePage::setColors(const ThemeColors &colors)
{
    m_log->setColors(colors);
}

} // namespace danube::console
