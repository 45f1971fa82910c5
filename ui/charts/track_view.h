// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/charts/track.h"
#include <QAbstractScrollArea>
#include <QPixmap>
#include <memory>
#include <vector>

namespace faultline::ui
{

/// All tracks on one axis. Each track is kept as a picture until something it depends on changes; cursor, chosen
/// stretch and readouts are painted over the pictures, so moving the mouse costs no chart. Wheel zooms at the cursor,
/// dragging chooses a stretch, dragging the line or its handle moves the threshold, dragging the bar at the top moves
/// the view.
class TrackView : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit TrackView(Selection* selection, QWidget* parent = nullptr);
    ~TrackView() override;

    [[nodiscard]] QSize sizeHint() const override;
    /// Height that shows every track.
    [[nodiscard]] int contentHeight() const;
    /// The axis in use, in viewport pixels.
    [[nodiscard]] TimeAxis axis() const;
    /// Where the track with this name is, in viewport pixels; empty when hidden.
    [[nodiscard]] QRect trackRect(const QString& name) const;
    [[nodiscard]] int thresholdLineY() const;
    /// Values at the cursor, one line per track.
    [[nodiscard]] QString readout() const;

public slots:
    void zoomIn() { zoomBy(0.5); }
    void zoomOut() { zoomBy(2.0); }

signals:
    void contentHeightChanged(int height);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    enum class Drag { None, Brush, Pan, Threshold, CaseBar };
    struct Row {
        std::unique_ptr<Track> track;
        int top = 0, height = 0; ///< in content coordinates
        QPixmap picture;
        bool stale = true;
    };

    void connectSelection();
    void layOut();
    void markStale(unsigned changed);
    void zoomBy(double factor);
    [[nodiscard]] TrackContext context() const;
    [[nodiscard]] TrackArea areaOf(const Row& row, int top) const;
    [[nodiscard]] const Row* rowAt(int y) const;
    [[nodiscard]] Drag dragAt(const QPoint& position, Qt::KeyboardModifiers modifiers) const;
    void renderRow(Row& row, const TrackContext& context);
    void paintOverlay(QPainter& painter, const TrackContext& context);
    void dragTo(const QPoint& position);
    void click(const QPoint& position);
    [[nodiscard]] int episodeAt(TimeUs time, int entity) const;
    void moveCursorBy(int cells);
    void updateMouseShape(const QPoint& position, Qt::KeyboardModifiers modifiers);
    void describe();

    Selection* m_selection;
    std::vector<Row> m_rows;
    TimeUs m_hover = noTime;
    Drag m_drag = Drag::None;
    QPoint m_pressed;
    AxisSpan m_pressedView;
    bool m_moved = false;
    bool m_ring = false; ///< the keyboard came here by Tab
};

} // namespace faultline::ui
