// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/views/start_view.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>
#include <cmath>
#include <utility>

namespace faultline::ui
{
namespace
{

/// The dashed frame; the whole window takes drops, this says so.
class DropTarget : public QFrame
{
public:
    using QFrame::QFrame;

protected:
    void paintEvent(QPaintEvent*) override
    {
        const auto& theme = Theme::current();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        QPen pen(theme.control, 1.5);
        pen.setDashPattern({4, 3});
        painter.setPen(pen);
        painter.setBrush(theme.raised);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), dp(6), dp(6));
        const QRect icon(width() / 2 - dp(16), dp(30), dp(32), dp(32));
        themedIcon(QStringLiteral("file")).paint(&painter, icon);
    }
};

/// A drawing of what the demo shows: traffic, trouble, surprise.
class DemoPicture : public QWidget
{
public:
    using QWidget::QWidget;
    [[nodiscard]] QSize sizeHint() const override { return {dp(300), dp(96)}; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const auto& theme = Theme::current();
        QPainter painter(this);
        painter.fillRect(rect(), theme.surface);
        const int bars = 50;
        const double step = static_cast<double>(width()) / bars, floor = dp(66);
        for (int i = 0; i < bars; ++i) {
            const double trouble = std::max(0.0, std::sin((i - 23) / 16.0 * 3.14159));
            const bool inside = i > 23 && i < 39;
            const double info = dp(24) + dp(2) * std::sin(i * 1.7) - (inside ? dp(6) * trouble : 0.0);
            const double warn = inside ? dp(7) * trouble : dp(1), error = inside ? dp(16) * trouble : 0.0;
            const double left = std::round(i * step), width = std::round((i + 1) * step) - left - 1.0;
            double y = floor;
            for (const auto& [height, level] : {std::pair(info, 2U), std::pair(warn, 3U), std::pair(error, 4U)}) {
                painter.fillRect(QRectF(left, y - height, width, height), theme.levelMark[level]);
                y -= height;
            }
            const std::size_t surprise = !inside ? 0 : trouble > 0.75 ? 4 : trouble > 0.4 ? 3 : 2;
            painter.fillRect(QRectF(left, dp(74), width, dp(14)), theme.surprise[surprise]);
        }
    }
};

QLabel* makeLabel(const QString& text, int px, int weight, bool muted, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setFont(interfaceFont(px, weight));
    label->setProperty("muted", muted);
    return label;
}

} // namespace

RecentRow::RecentRow(StartEntry entry, QWidget* parent) : QAbstractButton(parent), m_entry(std::move(entry))
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setText(m_entry.path.section(QLatin1Char('/'), -1));
    setToolTip(QStringLiteral("<qt>%1</qt>").arg(m_entry.path.toHtmlEscaped()));
}

QSize RecentRow::sizeHint() const
{
    return {dp(400), dp(46)};
}

void RecentRow::setMissing(bool missing)
{
    m_entry.missing = missing;
    setEnabled(!missing);
    update();
}

void RecentRow::paintEvent(QPaintEvent*)
{
    const auto& theme = Theme::current();
    QPainter painter(this);
    if (underMouse() && isEnabled())
        painter.fillRect(rect(), theme.hover);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme.border);
    themedIcon(QStringLiteral("case"))
        .paint(&painter, QRect(dp(6), (height() - dp(16)) / 2, dp(16), dp(16)), Qt::AlignCenter,
               m_entry.missing ? QIcon::Disabled : QIcon::Normal);
    painter.setFont(monoFont(11));
    painter.setPen(theme.muted);
    const int dateWidth = painter.fontMetrics().horizontalAdvance(m_entry.opened) + dp(8);
    painter.drawText(rect().adjusted(0, 0, -dp(6), 0), Qt::AlignRight | Qt::AlignVCenter, m_entry.opened);
    const QRect words = rect().adjusted(dp(32), dp(5), -dateWidth - dp(8), -dp(5));
    painter.setFont(interfaceFont(12, QFont::Medium));
    painter.setPen(m_entry.missing ? theme.muted : theme.text);
    painter.drawText(words, Qt::AlignLeft | Qt::AlignTop,
                     painter.fontMetrics().elidedText(text(), Qt::ElideMiddle, words.width()));
    painter.setFont(interfaceFont(11));
    painter.setPen(theme.muted);
    painter.drawText(words, Qt::AlignLeft | Qt::AlignBottom,
                     painter.fontMetrics().elidedText(m_entry.missing ? tr("moved or renamed") : m_entry.summary,
                                                      Qt::ElideRight, words.width()));
    if (hasFocus())
        paintFocusRing(painter, rect());
}

StartView::StartView(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("startView"));
    setProperty("surface", true);
    setAttribute(Qt::WA_StyledBackground);
    auto* column = new QWidget(this);
    column->setMaximumWidth(dp(880));
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(dp(16), dp(96), dp(16), dp(16));
    layout->setSpacing(0);
    layout->addWidget(makeLabel(tr("Open what you have"), 22, QFont::DemiBold, false, column));
    layout->addSpacing(dp(6));
    layout->addWidget(
        makeLabel(tr("Logs and metrics, in any number of files. Format, time and zone are detected and said."), 12,
                  QFont::Normal, true, column));
    layout->addSpacing(dp(20));
    layout->addWidget(makeDropTarget());
    layout->addSpacing(dp(36));

    auto* recent = new QWidget(column);
    m_recent = new QVBoxLayout(recent);
    m_recent->setContentsMargins(0, 0, 0, 0);
    m_recent->setSpacing(0);
    auto* head = new QHBoxLayout;
    head->addWidget(makeLabel(tr("Recent cases"), 12, QFont::DemiBold, false, recent));
    head->addStretch();
    head->addWidget(makeLabel(tr("last opened"), 11, QFont::Normal, true, recent));
    m_recent->addLayout(head);
    m_recent->addSpacing(dp(6));
    auto* rule = new QFrame(recent);
    rule->setProperty("rule", true);
    m_recent->addWidget(rule);
    m_noRecent = makeLabel(tr("None yet. Save an analysis with Ctrl+S and it will stand here."), 12, QFont::Normal,
                           true, recent);
    m_noRecent->setContentsMargins(0, dp(12), 0, 0);
    m_recent->addWidget(m_noRecent);
    m_recent->addStretch();

    auto* lower = new QHBoxLayout;
    lower->setSpacing(dp(32));
    lower->addWidget(recent, 3);
    lower->addWidget(makeDemoCard(), 2);
    layout->addLayout(lower);
    layout->addStretch();
    auto* centre = new QHBoxLayout(this);
    centre->addStretch(1);
    centre->addWidget(column, 100);
    centre->addStretch(1);
}

QWidget* StartView::makeDropTarget()
{
    auto* target = new DropTarget(this);
    target->setFixedHeight(dp(196));
    auto* open = new QPushButton(tr("Open files   Ctrl+O"), target);
    open->setObjectName(QStringLiteral("startOpenFiles"));
    open->setProperty("primary", true);
    auto* folder = new QPushButton(tr("Open folder"), target);
    folder->setObjectName(QStringLiteral("startOpenFolder"));
    auto* layout = new QVBoxLayout(target);
    layout->setContentsMargins(dp(16), dp(70), dp(16), dp(16));
    auto* say = makeLabel(tr("Drop files or a folder here"), 13, QFont::Normal, false, target);
    say->setAlignment(Qt::AlignCenter);
    layout->addWidget(say);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(dp(8));
    buttons->addStretch();
    buttons->addWidget(open);
    buttons->addWidget(folder);
    buttons->addStretch();
    layout->addSpacing(dp(4));
    layout->addLayout(buttons);
    auto* kinds = makeLabel(tr(".log .jsonl .csv .tsv, the same as .gz, and cases (.faultline)"), 11, QFont::Normal,
                            true, target);
    kinds->setAlignment(Qt::AlignCenter);
    layout->addWidget(kinds);
    layout->addStretch();
    connect(open, &QPushButton::clicked, this, &StartView::openFilesWanted);
    connect(folder, &QPushButton::clicked, this, &StartView::openFolderWanted);
    return target;
}

QWidget* StartView::makeDemoCard()
{
    auto* side = new QWidget(this);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(dp(6));
    layout->addWidget(makeLabel(tr("New here?"), 12, QFont::DemiBold, false, side));
    auto* card = new QFrame(side);
    card->setProperty("card", true);
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(1, 1, 1, dp(12));
    inside->setSpacing(0);
    inside->addWidget(new DemoPicture(card));
    auto* words = new QVBoxLayout;
    words->setContentsMargins(dp(14), dp(10), dp(14), 0);
    words->setSpacing(dp(6));
    words->addWidget(makeLabel(tr("Checkout outage, a demo incident"), 12, QFont::DemiBold, false, card));
    auto* story = makeLabel(tr("Five services, one bad migration, one that went silent. Made on this machine."), 12,
                            QFont::Normal, true, card);
    story->setWordWrap(true);
    words->addWidget(story);
    auto* demo = new QPushButton(tr("Open the demo"), card);
    demo->setObjectName(QStringLiteral("startDemo"));
    auto* row = new QHBoxLayout;
    row->addWidget(demo);
    row->addStretch();
    words->addLayout(row);
    inside->addLayout(words);
    layout->addWidget(card);
    layout->addStretch();
    connect(demo, &QPushButton::clicked, this, &StartView::demoWanted);
    return side;
}

void StartView::showRecent(const std::vector<StartEntry>& entries)
{
    for (auto* row : std::exchange(m_rows, {}))
        row->deleteLater();
    m_noRecent->setVisible(entries.empty());
    int at = m_recent->indexOf(m_noRecent);
    for (const auto& entry : entries) {
        auto* row = new RecentRow(entry, this);
        row->setObjectName(QStringLiteral("recentCase"));
        m_recent->insertWidget(at++, row);
        m_rows.push_back(row);
        connect(row, &QAbstractButton::clicked, this, [this, path = entry.path] { emit caseChosen(path); });
    }
}

void StartView::markMissing(const QStringList& paths)
{
    for (auto* row : m_rows)
        row->setMissing(paths.contains(row->entry().path));
}

} // namespace faultline::ui
