// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/profilebar.h"

#include "console/app/icons.h"
#include "console/app/kinddelegate.h"
#include "console/app/statelook.h"
#include "console/controllers/mastersession.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int padding = 10;
constexpr int dotSize = 9;
constexpr int gap = 8;
constexpr int badgePadding = 8;
constexpr int shortestName = 8; // letters

} // namespace

ProfileChip::ProfileChip(MasterSession &session, const ThemeColors &colors, QWidget *parent)
    : QAbstractButton(parent), m_session(&session), m_colors(&colors)
{
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
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
    const QString all =
        u"%1 – %2 – %3 – %4\n%5"_s.arg(profile.name, kindWord(profile.kind), stateText(), countText(), profile.url);
    setToolTip(detail.isEmpty() ? all : u"%1\n%2"_s.arg(all, detail));
    updateGeometry();
    update();
}

QFont ProfileChip::boldFont() const
{
    QFont bold = font();
    bold.setBold(true);
    return bold;
}

int ProfileChip::widthFor(const QString &name, const QString &counts) const
{
    const QFontMetrics bold(boldFont());
    const int text = bold.horizontalAdvance(name) + bold.horizontalAdvance(kindShort(m_session->profile().kind)) +
                     fontMetrics().horizontalAdvance(stateText());
    const int last = counts.isEmpty() ? 0 : gap + fontMetrics().horizontalAdvance(counts);
    return padding * 2 + dotSize + gap * 3 + badgePadding + 2 + text + last;
}

QSize ProfileChip::sizeHint() const
{
    if (!m_session)
        return {};
    return {widthFor(m_session->profile().name, countText()), fontMetrics().height() + 12};
}

QSize ProfileChip::minimumSizeHint() const
{
    if (!m_session)
        return {};
    const QString &name = m_session->profile().name;
    const QString shortest = name.size() <= shortestName ? name : name.left(shortestName - 1) + u'…';
    return {widthFor(shortest, {}), sizeHint().height()};
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
    const QString counts = width() >= widthFor(profile.name, countText()) ? countText() : QString();
    const QString name =
        QFontMetrics(boldFont()).elidedText(profile.name, Qt::ElideRight, width() - widthFor({}, counts) + 1);
    const QColor state = stateColor(*m_colors, m_session->connection().state);
    int x = padding;
    painter.setPen(Qt::NoPen);
    painter.setBrush(state);
    const auto placed = [this](const QRect &at) { return QStyle::visualRect(layoutDirection(), rect(), at); };
    painter.drawEllipse(QRectF(placed({x, (height() - dotSize) / 2, dotSize, dotSize})));
    x += dotSize + gap;
    const auto write = [&](const QString &text, const QFont &textFont, const QColor &color) {
        painter.setFont(textFont);
        painter.setPen(color);
        const int advance = QFontMetrics(textFont).horizontalAdvance(text);
        painter.drawText(placed({x, 0, advance + 2, height()}), Qt::AlignVCenter | Qt::AlignLeft, text);
        x += advance + gap;
    };
    write(name, boldFont(), palette().color(QPalette::WindowText));
    const QString kind = kindShort(profile.kind);
    const QColor badge = kindColor(*m_colors, profile.kind);
    const int badgeWidth = QFontMetrics(boldFont()).horizontalAdvance(kind) + badgePadding;
    painter.setPen(QPen(badge, 1));
    painter.setBrush(Qt::NoBrush);
    const QRect around = placed({x, 5, badgeWidth + 1, height() - 10});
    painter.drawRoundedRect(QRectF(around).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.setFont(boldFont());
    painter.drawText(placed({x, 0, badgeWidth + 1, height()}), Qt::AlignCenter, kind);
    x += badgeWidth + gap;
    write(stateText(), font(), state);
    if (!counts.isEmpty())
        write(counts, font(), m_colors->muted);
}

ProfileBar::ProfileBar(const ThemeColors &colors, QWidget *parent)
    : QWidget(parent),
      m_colors(&colors),
      m_area(new QScrollArea(this)),
      m_layout(new QHBoxLayout),
      m_all(new QToolButton(this))
{
    auto *chips = new QWidget;
    chips->setLayout(m_layout);
    m_area->setWidget(chips);
    m_area->setWidgetResizable(true);
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setFocusPolicy(Qt::NoFocus);
    m_area->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->viewport()->setAutoFillBackground(false);
    chips->setAutoFillBackground(false);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 3); // the line below
    whole->addWidget(m_area);
    setAccessibleName(tr("Connected masters"));
    m_layout->setContentsMargins(10, 6, 10, 3);
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
    fitHeight();
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
    if (ProfileChip *chip = session ? chipOf(*session) : nullptr)
        m_area->ensureWidgetVisible(chip, gap, 0);
    update();
}

// A chip may be wider or narrower than before.
bool ProfileBar::event(QEvent *event)
{
    if (event->type() == QEvent::LayoutRequest || event->type() == QEvent::FontChange)
        fitHeight();
    return QWidget::event(event);
}

void ProfileBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitHeight();
}

// As high as the chips, and as the bar that scrolls them where even the shortest do not fit.
void ProfileBar::fitHeight()
{
    const bool scrolls = m_area->widget()->minimumSizeHint().width() > m_area->width();
    m_area->setFixedHeight(m_area->widget()->sizeHint().height() +
                           (scrolls ? m_area->horizontalScrollBar()->sizeHint().height() : 0));
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
