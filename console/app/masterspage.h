// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"

namespace danube::console {

class MastersList;

/// The known masters, as a tab.
class MastersPage : public Page
{
    Q_OBJECT
public:
    explicit MastersPage(const PageContext &context, QWidget *parent = nullptr);
    QString title() const override { return tr("Masters"); }
    QIcon tabIcon() const override;
    void setColors(const ThemeColors &colors) override;
    std::optional<ActionState> actionState(const QString &id) const override;
    void trigger(const QString &id) override;

private:
    MastersActions &m_does;
    MastersList *m_list;
};

} // namespace danube::console
