// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/foreigntext.h"

namespace danube::console {

QString singleLine(QString text)
{
    for (QChar &character : text) {
        const QChar::Category category = character.category();
        if (category == QChar::Other_Control || category == QChar::Other_Format || category == QChar::Separator_Line ||
            category == QChar::Separator_Paragraph)
            character = QChar::ReplacementCharacter;
    }
    return text;
}

} // namespace danube::console
