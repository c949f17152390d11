// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace danube::console {

/// The context of texts that stand in tables at namespace scope (DANUBE_TEXT, DANUBE_MENU, DANUBE_PAGE), as lupdate has
/// it.
inline constexpr char tableContext[] = "danube::console";

/// The languages there are catalogs for, "en" first.
QStringList languages();
/// Says everything made from now on in `language` (one of languages(); empty or another = the first of the desktop's
/// that there is, else English), numbers and dates too. Call after QApplication is made; calling again replaces.
void useLanguage(const QString &language);
QString usedLanguage(); ///< of the catalog that useLanguage() took; empty before
/// A catalog or one of Qt's own that should be in the program and is not; empty = complete.
QStringList missingCatalogs();

} // namespace danube::console
