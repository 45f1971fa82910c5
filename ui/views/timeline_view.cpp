// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/views/timeline_view.h"
#include "ui/charts/records_track.h"
#include "ui/charts/track_view.h"
#include "ui/models/text_format.h"
#include "ui/theme/theme.h"
#include <QAction>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace faultline::ui
{

TimelineView::TimelineView(Selection* selection, QWidget* parent) : QWidget(parent), m_selection(selection)
{
    setObjectName(QStringLiteral("timelineView"));
    m_tracks = new TrackView(selection, this);
    auto* bar = new QFrame(this);
    bar->setProperty("viewBar", true);
    bar->setFixedHeight(dp(34));
    m_range = new QLabel(bar);
    m_range->setObjectName(QStringLiteral("viewRange"));
    m_range->setFont(monoFont(11, QFont::DemiBold));
    m_length = new QLabel(bar);
    m_length->setObjectName(QStringLiteral("viewLength"));
    m_length->setProperty("muted", true);
    m_bar = new QHBoxLayout(bar);
    m_bar->setContentsMargins(dp(10), 0, dp(8), 0);
    m_bar->setSpacing(dp(4));
    m_bar->addWidget(m_range);
    m_bar->addSpacing(dp(6));
    m_bar->addWidget(m_length);
    m_bar->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(bar);
    layout->addWidget(m_tracks);
    connect(selection, &Selection::dataChanged, this, &TimelineView::describeView);
    connect(selection, &Selection::viewChanged, this, &TimelineView::describeView);
}

void TimelineView::addBarAction(QAction* action)
{
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setObjectName(action->objectName() + QStringLiteral("Button"));
    button->setFocusPolicy(Qt::StrongFocus);
    button->setToolButtonStyle(action->icon().isNull() ? Qt::ToolButtonTextOnly : Qt::ToolButtonIconOnly);
    m_bar->addWidget(button);
}

QSize TimelineView::sizeHint() const
{
    return {dp(900), dp(34) + m_tracks->contentHeight()};
}

void TimelineView::describeView()
{
    if (!m_selection->hasData()) {
        m_range->clear();
        m_length->clear();
        return;
    }
    const auto view = m_selection->view();
    if (m_selection->data()->axis == AxisKind::Position) {
        m_range->setText(tr("rows %1 – %2")
                             .arg(countText(static_cast<std::uint64_t>(std::max<TimeUs>(view.from, 0))),
                                  countText(static_cast<std::uint64_t>(std::max<TimeUs>(view.to, 0)))));
        m_length->setText(countText(static_cast<std::uint64_t>(view.length())));
        return;
    }
    const bool oneDay = floorTo(view.from, day_us) == floorTo(view.to, day_us);
    const auto clock = [&](TimeUs t) { return view.length() < minute_us ? clockTextMs(t) : clockText(t); };
    m_range->setText(dateText(view.from) + QStringLiteral("  ") + clock(view.from) + QStringLiteral(" – ") +
                     (oneDay ? QString() : dateText(view.to) + QStringLiteral("  ")) + clock(view.to));
    m_length->setText(
        tr("%1, bucket %2").arg(durationText(view.length()), durationText(recordBucket(m_tracks->axis()))));
}

} // namespace faultline::ui
