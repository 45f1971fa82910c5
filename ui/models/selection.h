// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/pipeline/analysis.h"
#include "ui/charts/chart_data.h"
#include <QObject>
#include <QTimer>
#include <cstddef>
#include <vector>

namespace faultline::ui
{

/// What the person looks at, shared by every view: the result, the visible stretch, the chosen stretch, cursor, entity,
/// episode and threshold. Views call the choose... functions and listen to the signals; none knows another.
class Selection : public QObject
{
    Q_OBJECT
public:
    using Episodes = std::vector<decisions::Episode>;
    explicit Selection(QObject* parent = nullptr);

    [[nodiscard]] bool hasData() const { return m_data != nullptr; }
    [[nodiscard]] const ChartDataPtr& data() const { return m_data; }
    [[nodiscard]] const Episodes& episodes() const { return m_episodes; }
    [[nodiscard]] AxisSpan view() const { return m_view; }
    [[nodiscard]] AxisSpan span() const { return m_span; }   ///< chosen stretch; empty when none is
    [[nodiscard]] TimeUs cursor() const { return m_cursor; } ///< noTime when there is none
    [[nodiscard]] int entity() const { return m_entity; }
    [[nodiscard]] double threshold() const { return m_threshold; }
    [[nodiscard]] int chosenEpisode() const { return m_chosen; } ///< index into episodes(), or -1
    [[nodiscard]] const decisions::Episode* episode() const;
    /// Why the chosen episode is one; null while it is being worked out or when none is chosen.
    [[nodiscard]] const std::shared_ptr<const explain::Explanation>& explanation() const { return m_explanation; }
    void setExplanation(std::shared_ptr<const explain::Explanation> explanation);
    [[nodiscard]] std::uint64_t flaggedUnits() const;
    /// What the view can be moved over: all data with a little air on both sides.
    [[nodiscard]] AxisSpan limits() const;
    [[nodiscard]] DurationUs shortestView() const;

    /// A new result replaces everything that was chosen. Null: none.
    void setData(ChartDataPtr data);
    /// The same run with its records read (or read again): what is chosen stays.
    void replaceData(ChartDataPtr data);
    /// Episodes at the threshold in use; the chosen one is found again by its peak.
    void setEpisodes(Episodes episodes);

public slots:
    void setView(faultline::ui::AxisSpan view);
    void showAll();
    void chooseSpan(faultline::ui::AxisSpan span);
    void setCursor(faultline::TimeUs time);
    void chooseEntity(int entity);
    /// Moves everything to the episode: its entity, its stretch, its peak. -1 lets go.
    void chooseEpisode(int index);
    void stepEpisode(int by);
    void setThreshold(double threshold);
    void goBack() { travel(-1); }
    void goForward() { travel(1); }

signals:
    void dataChanged();
    void viewChanged();
    void spanChanged();
    void cursorChanged();
    void entityChanged();
    void thresholdChanged(double threshold);
    void episodesChanged();
    void episodeChosen();
    void explanationChanged();
    void historyChanged(bool canGoBack, bool canGoForward);

private:
    void rememberView();
    void travel(int by);
    void showSpan(AxisSpan span);

    ChartDataPtr m_data;
    Episodes m_episodes;
    std::shared_ptr<const explain::Explanation> m_explanation; // shared: made by a worker, or part of the result
    AxisSpan m_view{0, 1}, m_span;
    TimeUs m_cursor = noTime;
    int m_entity = allEntities;
    int m_chosen = -1;
    double m_threshold = 0.0;
    std::vector<AxisSpan> m_history;
    std::size_t m_historyAt = 0;
    QTimer m_settled; ///< a view that was held for a moment is worth going back to
};

} // namespace faultline::ui
