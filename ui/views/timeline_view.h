// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/models/selection.h"
#include <QWidget>

class QHBoxLayout;
class QAction;
class QLabel;

namespace faultline::ui
{

class TrackView;

/// The tracks under a bar that says what stretch is in view.
class TimelineView : public QWidget
{
    Q_OBJECT
public:
    explicit TimelineView(Selection* selection, QWidget* parent = nullptr);

    [[nodiscard]] TrackView* tracks() const { return m_tracks; }
    /// Puts an action's button at the right of the bar.
    void addBarAction(QAction* action);
    [[nodiscard]] QSize sizeHint() const override;

private:
    void describeView();

    Selection* m_selection;
    TrackView* m_tracks = nullptr;
    QLabel *m_range = nullptr, *m_length = nullptr;
    QHBoxLayout* m_bar = nullptr;
};

} // namespace faultline::ui
