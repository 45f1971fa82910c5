// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/pipeline/analysis.h"
#include <QAbstractTableModel>
#include <QStringList>
#include <vector>

namespace faultline::ui
{

/// Detectors and their part in an episode's score.
class DetectorShareModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Detector, Bar, Share, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    void show(std::vector<explain::DetectorShare> shares);
    /// Detectors whose own evidence is beyond chance (p under .004).
    [[nodiscard]] int agreeing() const;

private:
    std::vector<explain::DetectorShare> m_shares;
};

/// Features at the peak: actual, typical, share.
class FeatureReasonModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Feature, Actual, Typical, Unit, Share, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    void show(std::vector<explain::FeatureReason> features);

private:
    std::vector<explain::FeatureReason> m_features;
};

/// Templates that are new, gone, or more or less frequent than usual.
class TemplateChangeModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Change, Template, Count, ColumnCount };
    enum Role { KindRole = Qt::UserRole };
    using QAbstractTableModel::QAbstractTableModel;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    void show(const pipeline::AnalysisResult& result, std::vector<explain::TemplateChange> changes);
    void clear();

private:
    [[nodiscard]] static QString changeText(const explain::TemplateChange& change);

    std::vector<explain::TemplateChange> m_changes;
    QStringList m_ids, m_texts;
};

} // namespace faultline::ui
