// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/logsaver.h"

#include "console/app/icons.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace danube::console {

LogSaver::LogSaver(QWidget *parent)
    : QWidget(parent), m_text(new QLabel(this)), m_progress(new QProgressBar(this)), m_cancel(new QToolButton(this))
{
    m_text->setTextFormat(Qt::PlainText);
    m_progress->setRange(0, 100);
    m_progress->setMaximumWidth(140);
    m_progress->setTextVisible(false);
    m_progress->setMaximumHeight(10);
    m_progress->setAccessibleName(tr("Progress of saving"));
    m_cancel->setAutoRaise(true);
    m_cancel->setToolTip(tr("Cancel saving"));
    m_cancel->setAccessibleName(tr("Cancel saving"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_text);
    layout->addWidget(m_progress);
    layout->addWidget(m_cancel);
    m_cancel->setIcon(icon(u"cancel"_s));
    hide();
    connect(m_cancel, &QToolButton::clicked, this, &LogSaver::cancel);
}

LogExport *LogSaver::begin(const LogSnapshot &log, const QString &path)
{
    if (m_export) {
        emit told(tr("Another log is being saved; wait or cancel it first."));
        return nullptr;
    }
    m_export = std::make_unique<LogExport>(log);
    m_text->setText(tr("Saving %1").arg(QFileInfo(path).fileName()));
    m_progress->setValue(0);
    connect(m_export.get(), &LogExport::progressed, this,
            [this](qint64 done, qint64 total) { m_progress->setValue(total <= 0 ? 100 : int(done * 100 / total)); });
    connect(m_export.get(), &LogExport::finished, this, [this, path](const Result<qint64> &written) {
        end(written ? tr("Saved %1 to %2.").arg(QLocale().formattedDataSize(*written), path) : written.error().message);
    });
    show();
    emit busyChanged();
    return m_export.get();
}

void LogSaver::saveRange(const LogSnapshot &log, const QString &path, int64_t first, int64_t behind)
{
    if (LogExport *exporter = begin(log, path))
        exporter->saveRange(path, first, behind);
}

void LogSaver::saveMatches(const LogSnapshot &log, const QString &path, const LogPattern &pattern)
{
    if (LogExport *exporter = begin(log, path))
        exporter->saveMatches(path, pattern);
}

void LogSaver::cancel()
{
    if (!m_export)
        return;
    m_export->cancel();
    end(tr("Saving was cancelled."));
}

void LogSaver::end(const QString &text)
{
    m_export.release()->deleteLater(); // it may be the sender
    hide();
    emit busyChanged();
    emit told(text);
}

} // namespace danube::console
