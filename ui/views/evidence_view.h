// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/jobs/job_handle.h"
#include "ui/jobs/log_pager.h"
#include "ui/models/log_model.h"
#include "ui/models/selection.h"
#include <QTimer>
#include <QWidget>

class QHBoxLayout;
class QLabel;
class QToolButton;

namespace faultline::ui
{

class LogView;
class MatchMap;

/// The log itself, narrowed to the chosen stretch and entity, with the episode's evidence marked.
class EvidenceView : public QWidget
{
    Q_OBJECT
public:
    explicit EvidenceView(Selection* selection, QWidget* parent = nullptr);
    ~EvidenceView() override;

    [[nodiscard]] LogModel* model() { return &m_model; }
    /// Puts the selected records' whole text on the clipboard; read by a worker.
    void copySelected();
    /// Rows of the log that fit.
    [[nodiscard]] LogView* log() const { return m_log; }

private:
    void buildBar();
    void refilter();
    void receive(LogSlicePtr slice, std::vector<std::size_t> evidenceRows);
    void showChips();
    void showCount();
    void markEvidence();
    void followCursor();
    [[nodiscard]] QString emptyText() const;

    Selection* m_selection;
    LogModel m_model;
    LogPager m_pager;
    LogView* m_log = nullptr;
    MatchMap* m_map = nullptr;
    QWidget* m_bar = nullptr;
    QToolButton* m_spanChip = nullptr;
    QToolButton* m_entityChip = nullptr;
    QToolButton* m_copy = nullptr;
    QLabel* m_count = nullptr;
    QTimer m_refilter; ///< several things change when an episode is chosen; the log is narrowed once
    JobHandle* m_building = nullptr;
    bool m_choosing = false;
};

} // namespace faultline::ui
