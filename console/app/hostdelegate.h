// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGuiApplication>
#include <QStyledItemDelegate>

namespace danube::console {

/// A cell with a host name or a pattern of them. They read from left to right in every language; in a right-to-left one
/// "*.example.org" would else be drawn as "example.org.*".
class HostDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QString displayText(const QVariant &value, const QLocale &locale) const override
    {
        const QString text = QStyledItemDelegate::displayText(value, locale);
        constexpr QChar isolate(0x2066); // LEFT-TO-RIGHT ISOLATE
        constexpr QChar end(0x2069);     // POP DIRECTIONAL ISOLATE
        return QGuiApplication::isRightToLeft() ? isolate + text + end : text;
    }
};

} // namespace danube::console
