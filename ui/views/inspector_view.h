// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/models/explanation_models.h"
#include "ui/models/selection.h"
#include <QScrollArea>

class QLabel;
class QTableView;
class QVBoxLayout;

namespace faultline::ui
{

class MomentButton;

/// Why: the chosen episode in title, moments, summary, detectors, features and templates; with none chosen, what the
/// run came to.
class InspectorView : public QScrollArea
{
    Q_OBJECT
public:
    explicit InspectorView(Selection* selection, QWidget* parent = nullptr);

signals:
    void captionChanged(const QString& caption);

private:
    QWidget* makeEpisodePage();
    QWidget* makeRunPage();
    void addMoments(QVBoxLayout* layout);
    void addTables(QVBoxLayout* layout);
    void refresh();
    void showEpisode(const decisions::Episode& episode);
    void showExplanation();
    void showRun();

    Selection* m_selection;
    DetectorShareModel m_shares;
    FeatureReasonModel m_features;
    TemplateChangeModel m_templates;
    QWidget* m_episodePage = nullptr;
    QWidget* m_runPage = nullptr;
    QLabel *m_title = nullptr, *m_subtitle = nullptr, *m_figures = nullptr, *m_summary = nullptr;
    QLabel *m_agreement = nullptr, *m_runTitle = nullptr, *m_runText = nullptr;
    MomentButton *m_onset = nullptr, *m_peak = nullptr, *m_end = nullptr;
    QTableView *m_shareTable = nullptr, *m_featureTable = nullptr, *m_templateTable = nullptr;
    std::vector<QWidget*> m_explained; ///< parts that are there only with an explanation
    QWidget* m_templateHead = nullptr;
};

} // namespace faultline::ui
