// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/closequestion.h"

#include <QPushButton>

using namespace Qt::StringLiterals;

namespace danube::console {

CloseQuestion::CloseQuestion(const QStringList &unsaved, const QStringList &underWay, QWidget *parent)
    : QMessageBox(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setIcon(QMessageBox::Warning);
    setTextFormat(Qt::PlainText);
    setWindowTitle(tr("Close Danube"));
    setText(unsaved.isEmpty()    ? tr("Something is still under way.")
            : underWay.isEmpty() ? tr("Something here is not saved.")
                                 : tr("Something here is not saved, and something is still under way."));
    QStringList lines;
    if (!unsaved.isEmpty())
        lines.append(tr("Lost when you close:\n• %1").arg(unsaved.join(u"\n• "_s)));
    if (!underWay.isEmpty())
        lines.append(tr("Stopped when you close:\n• %1").arg(underWay.join(u"\n• "_s)));
    setInformativeText(lines.join(u"\n\n"_s));
    QPushButton *close = addButton(tr("&Close anyway"), QMessageBox::DestructiveRole);
    QPushButton *stay = addButton(QMessageBox::Cancel);
    setDefaultButton(stay);
    setEscapeButton(stay);
    connect(close, &QPushButton::clicked, this, &CloseQuestion::confirmed);
}

} // namespace danube::console
