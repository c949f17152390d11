// SPDX-License-Identifier: GPL-3.0-or-later
// Whether what is shown is in the language it should be in, and lies beside, not on, what is around it.
#pragma once

#include <QStringList>

class QWidget;

namespace danube::tests {

/// The texts of the console's sources that a person would read as a sentence or a caption: literals of several words or
/// with a capital first letter, and the strings of its .ui files. Causes of errors are left out: they are said in
/// English, as they are in the log. "%1" and the like stand for anything.
const QStringList &sourceTexts();
/// Shown under the pseudo-locale: texts, tooltips, captions and cells that still are one of sourceTexts(). Whatever
/// else reads like English came from a master, a file or the user, and is not the console's to translate.
QStringList untranslated(const QWidget &shown);
/// Controls of one layout that lie on each other.
QStringList overlapping(const QWidget &shown);
/// Controls that Alt and one letter cannot tell apart. Menus are looked at by arch_translations.
QStringList sharedMnemonics(const QWidget &shown);

} // namespace danube::tests
