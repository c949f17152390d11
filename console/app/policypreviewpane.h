// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/difftext.h"
#include "console/controllers/egresssession.h"
#include "console/models/policypreview.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;

namespace danube::console {

/// The policies that the edited lists become, line by line beside those in force, whose rules they are, and for which
/// Cilium they were made.
class PolicyPreviewPane : public QWidget
{
    Q_OBJECT
public:
    explicit PolicyPreviewPane(const ThemeColors &colors, QWidget *parent = nullptr);

    void showPreview(const Result<PolicyPreview> &preview);
    void showNothing(const QString &why);
    void showStatus(const std::optional<EgressStatus> &status, const QString &problem);
    egress::CiliumVersion cilium() const { return m_cilium; }
    QString ciliumText() const; ///< "Made for Cilium 1.19, …"
    DiffText *text() const { return m_text; }
    QLabel *statusLabel() const { return m_status; }
    void setColors(const ThemeColors &colors);

signals:
    void ciliumChanged();

private:
    void showLines();
    void chooseCilium();
    void showCilium();

    DiffText *m_text;
    QComboBox *m_version;
    QLabel *m_source;
    QCheckBox *m_yours;
    QCheckBox *m_changed;
    QLabel *m_summary;
    QLabel *m_notes;
    QLabel *m_status;
    std::optional<PolicyPreview> m_preview;
    std::optional<egress::CiliumVersion> m_told; ///< by the master
    egress::CiliumVersion m_cilium;
    bool m_isChosen = false; ///< by the person
};

} // namespace danube::console
