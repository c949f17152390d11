// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/models/jobtablemodel.h"

#include <QWidget>

class QLabel;

namespace danube::console {

class ArtifactsView;
class JobSession;
class MasterSession;

/// The artifacts of one job, from the same list as the artifacts page, with a button that downloads into a folder.
class JobArtifactsTab : public QWidget
{
    Q_OBJECT
public:
    JobArtifactsTab(MasterSession &master, JobSession &session, QWidget *parent = nullptr);

    void load(); ///< and again when the job ends
    ArtifactsView *table() const { return m_table; }
    QString note() const;
    int count() const;
    void setColors(const ThemeColors &colors);

signals:
    void changed(); ///< count(), or what is selected
    void told(const QString &text);
    void problem(const QString &text);

private:
    void refresh();

    MasterSession &m_master;
    JobSession &m_session;
    ArtifactsView *m_table;
    QLabel *m_note;
    bool m_isWanted = false;
    bool m_hasEnded = false; ///< when it was asked for last
};

} // namespace danube::console
