// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/detailsview.h"

#include "console/app/plainlabel.h"

#include <QGridLayout>
#include <QLabel>
#include <QStringList>

#include <algorithm>

namespace danube::console {

namespace {

constexpr qsizetype widestToolTip = 80; // characters

bool hasSameRow(const Detail &one, const Detail &other)
{
    return one.label == other.label && one.text.isEmpty() == other.text.isEmpty();
}

/// A tooltip is as wide as its longest line.
QString wrapped(const QString &text)
{
    QString lines;
    qsizetype column = 0;
    for (const QString &word : text.split(u' ')) {
        const bool fits = column + word.size() <= widestToolTip;
        if (!lines.isEmpty())
            lines += fits ? u' ' : u'\n';
        lines += word;
        column = (fits ? column : 0) + word.size() + 1;
    }
    return lines;
}

void showText(QLabel &label, const QString &text)
{
    label.setText(text);
    label.setToolTip(wrapped(text));
}

} // namespace

DetailsView::DetailsView(QWidget *parent) : QScrollArea(parent)
{
    setMinimumWidth(fontMetrics().averageCharWidth() * 38);
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Details"));
    rebuild();
}

// What runs tells a new duration every second: the reader's place and selection stay.
void DetailsView::setDetails(const QList<Detail> &details)
{
    const QList<Detail> before = std::exchange(m_details, details);
    if (!std::ranges::equal(before, details, hasSameRow))
        return rebuild();
    for (qsizetype row = 0; row < details.size(); ++row) {
        if (before[row].text != details[row].text)
            showText(*m_texts[row], details[row].text);
    }
}

void DetailsView::setColors(const ThemeColors &colors)
{
    m_colors = &colors;
    rebuild();
}

void DetailsView::rebuild()
{
    auto *body = new QWidget;
    auto *grid = new QGridLayout(body);
    grid->setContentsMargins(10, 8, 10, 8);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(5);
    grid->setColumnStretch(1, 1);
    QFont bold = font();
    bold.setBold(true);
    const auto label = [&](const QString &text) {
        auto *made = new QLabel(text, body);
        made->setTextFormat(Qt::PlainText);
        made->setWordWrap(true);
        made->setAlignment(Qt::AlignLeft | Qt::AlignTop);
        return made;
    };
    m_texts.clear();
    int row = 0;
    for (const Detail &detail : std::as_const(m_details)) {
        QLabel *name = label(detail.label);
        if (detail.text.isEmpty()) {
            name->setFont(bold);
            name->setContentsMargins(0, row == 0 ? 0 : 8, 0, 0);
            grid->addWidget(name, row++, 0, 1, 2);
            m_texts.append(nullptr);
            continue;
        }
        setTextColor(*name, m_colors->muted);
        name->setWordWrap(false);
        QLabel *text = label({});
        showText(*text, detail.text);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        // A commit has no place to break: it is cut off rather than making the dock scroll sideways.
        text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::MinimumExpanding);
        grid->addWidget(name, row, 0);
        grid->addWidget(text, row++, 1);
        m_texts.append(text);
    }
    if (m_details.isEmpty()) {
        QLabel *none = label(tr("Nothing is selected."));
        setTextColor(*none, m_colors->muted);
        grid->addWidget(none, row++, 0, 1, 2);
    }
    grid->setRowStretch(row, 1);
    setWidget(body);
}

} // namespace danube::console
