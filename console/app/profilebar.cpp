// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/profilebar.h"

#include "console/app/icons.h"
#include "console/app/kinddelegate.h"
#include "console/controllers/mastersession.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int padding = 10;
constexpr int dotSize = 9;
constexpr int gap = 8;

} // namespace

ProfileChip::ProfileChip(MasterSession &session, const ThemeColors &colors, QWidget *parent)
    : QAbstractButton(parent), m_session(&session), m_colors(&colors)
{
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&session, &MasterSession::connectionChanged, this, &ProfileChip::refresh);
    const JobTableModel *jobs = session.jobs();
    connect(jobs, &QAbstractItemModel::dataChanged, this, &ProfileChip::refresh);
    connect(jobs, &QAbstractItemModel::rowsInserted, this, &ProfileChip::refresh);
    connect(jobs, &QAbstractItemModel::rowsRemoved, this, &ProfileChip::refresh);
    refresh();
}

QString ProfileChip::stateText() const
{
    return m_session ? describe(m_session->connection()) : QString();
}

QString ProfileChip::countText() const
{
    if (!m_session)
        return {};
    const int running =
        m_session->jobs()->countOf(JobState::Running) + m_session->jobs()->countOf(JobState::Scheduling);
    const int queued = m_session->jobs()->countOf(JobState::Pending);
    return tr("%1 running, %2 queued").arg(QLocale().toString(running), QLocale().toString(queued));
}

void ProfileChip::setColors(const ThemeColors &colors)
{
    m_colors = &colors;
    update();
}

void ProfileChip::refresh()
{
    if (!m_session)
        return;
    const Profile &profile = m_session->profile();
    setText(u"%1 %2 %3 %4"_s.arg(profile.name, kindShort(profile.kind), stateText(), countText()));
    setAccessibleName(tr("Master %1, %2: %3, %4").arg(profile.name, kindWord(profile.kind), stateText(), countText()));
    const QString detail = m_session->connection().detail;
    setToolTip(detail.isEmpty() ? profile.url : u"%1\n%2"_s.arg(profile.url, detail));
    updateGeometry();
    update();
}

QFont ProfileChip::boldFont() const
{
    QFont bold = font();
    bold.setBold(true);
    return bold;
}

QSize ProfileChip::sizeHint() const
{
    if (!m_session)
        return {};
    const QFontMetrics bold(boldFont());
    const int text = bold.horizontalAdvance(m_session->profile().name) +
                     bold.horizontalAdvance(kindShort(m_session->profile().kind)) +
                     fontMetrics().horizontalAdvance(stateText()) + fontMetrics().horizontalAdvance(countText());
    return {padding * 2 + dotSize + gap * 4 + 8 + 2 + text, fontMetrics().height() + 12};
}

void ProfileChip::paintEvent(QPaintEvent *)
{
    if (!m_session)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75);
    painter.setPen(QPen(hasFocus() || isChecked() ? m_colors->accent : m_colors->border, hasFocus() ? 2 : 1));
    painter.setBrush(palette().color(underMouse() ? QPalette::AlternateBase : QPalette::Base));
    painter.drawRoundedRect(frame, 6, 6);
    const Profile &profile = m_session->profile();
    const QColor state = stateColor(*m_colors, m_session->connection().state);
    int x = padding;
    painter.setPen(Qt::NoPen);
    painter.setBrush(state);
    painter.drawEllipse(QRectF(x, (height() - dotSize) / 2.0, dotSize, dotSize));
    x += dotSize + gap;
    const auto write = [&](const QString &text, const QFont &textFont, const QColor &color) {
        painter.setFont(textFont);
        painter.setPen(color);
        const int advance = QFontMetrics(textFont).horizontalAdvance(text);
        painter.drawText(QRect(x, 0, advance + 2, height()), Qt::AlignVCenter | Qt::AlignLeft, text);
        x += advance + gap;
    };
    write(profile.name, boldFont(), palette().color(QPalette::WindowText));
    const QString kind = kindShort(profile.kind);
    const QColor badge = kindColor(*m_colors, profile.kind);
    const int badgeWidth = QFontMetrics(boldFont()).horizontalAdvance(kind) + 8;
    painter.setPen(QPen(badge, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(x + 0.5, 5.5, badgeWidth, height() - 11), 3, 3);
    painter.setFont(boldFont());
    painter.drawText(QRect(x, 0, badgeWidth + 1, height()), Qt::AlignCenter, kind);
    x += badgeWidth + gap;
    write(stateText(), font(), state);
    write(countText(), font(), m_colors->muted);
}

ProfileBar::ProfileBar(const ThemeColors &colors, QWidget *parent)
    : QWidget(parent), m_colors(&colors), m_layout(new QHBoxLayout(this)), m_all(new QToolButton(this))
{
    setAccessibleName(tr("Connected masters"));
    m_layout->setContentsMargins(10, 6, 10, 6);
    m_layout->setSpacing(8);
    m_all->setText(tr("All masters"));
    m_all->setIcon(icon(u"all-masters"_s));
    m_all->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_all->setCheckable(true);
    m_all->setFocusPolicy(Qt::StrongFocus);
    m_all->hide();
    connect(m_all, &QToolButton::clicked, this, [this] { emit chosen(nullptr); });
    m_layout->addWidget(m_all);
    m_layout->addStretch();
    hide();
}

void ProfileBar::add(MasterSession &session)
{
    auto *chip = new ProfileChip(session, *m_colors, this);
    connect(chip, &QAbstractButton::clicked, this, [this, chip] {
        if (chip->session())
            emit chosen(chip->session());
    });
    m_layout->insertWidget(int(m_chips.size()) + 1, chip);
    m_chips.append(chip);
    m_all->setVisible(m_chips.size() > 1);
    show();
}

void ProfileBar::remove(const MasterSession &session)
{
    if (ProfileChip *chip = chipOf(session)) {
        m_chips.removeOne(chip);
        delete chip;
    }
    m_all->setVisible(m_chips.size() > 1);
    setVisible(!m_chips.isEmpty());
}

void ProfileBar::setCurrent(const MasterSession *session)
{
    m_all->setChecked(!session);
    for (ProfileChip *chip : std::as_const(m_chips))
        chip->setChecked(chip->session() == session);
    update();
}

ProfileChip *ProfileBar::chipOf(const MasterSession &session) const
{
    const auto found = std::find_if(m_chips.begin(), m_chips.end(),
                                    [&](const ProfileChip *chip) { return chip->session() == &session; });
    return found == m_chips.end() ? nullptr : *found;
}

void ProfileBar::setColors(const ThemeColors &colors)
{
    m_colors = &colors;
    m_all->setIcon(icon(u"all-masters"_s));
    for (ProfileChip *chip : std::as_const(m_chips))
        chip->setColors(colors);
    update();
}

// A line below; in the colour of production where the current master is one.
void ProfileBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const bool production = std::any_of(m_chips.begin(), m_chips.end(), [](const ProfileChip *chip) {
        return chip->isChecked() && chip->session() && chip->session()->profile().kind == ProfileKind::Production;
    });
    const int line = production ? 3 : 1;
    painter.fillRect(0, height() - line, width(), line, production ? m_colors->production : m_colors->border);
}

} // namespace danube::console
