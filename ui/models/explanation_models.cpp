// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/models/explanation_models.h"
#include "ui/models/text_format.h"
#include <algorithm>
#include <cmath>
#include <utility>

namespace faultline::ui
{
namespace
{

constexpr auto valid =
    QAbstractItemModel::CheckIndexOption::IndexIsValid | QAbstractItemModel::CheckIndexOption::ParentIsInvalid;

/// A range of what is usual: one number where both ends read the same.
QString typicalText(const explain::FeatureReason& reason)
{
    const QString low = measureText(reason.typicalLow), high = measureText(reason.typicalHigh);
    return low == high ? low : low + QStringLiteral("–") + high;
}

} // namespace

int DetectorShareModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shares.size());
}

QVariant DetectorShareModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, valid))
        return {};
    const auto& share = m_shares[static_cast<std::size_t>(index.row())];
    if (role == Qt::ToolTipRole)
        return tr("%1: tail p %2").arg(safeText(share.detector), probabilityText(share.tailP));
    if (role != Qt::DisplayRole)
        return {};
    return index.column() == Detector ? QVariant(safeText(share.detector)) : QVariant(share.share);
}

void DetectorShareModel::show(std::vector<explain::DetectorShare> shares)
{
    beginResetModel();
    m_shares = std::move(shares);
    std::stable_sort(m_shares.begin(), m_shares.end(), [](const auto& a, const auto& b) { return a.share > b.share; });
    endResetModel();
}

int DetectorShareModel::agreeing() const
{
    return static_cast<int>(
        std::count_if(m_shares.begin(), m_shares.end(), [](const auto& s) { return s.tailP < 0.004; }));
}

int FeatureReasonModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_features.size());
}

QVariant FeatureReasonModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, valid))
        return {};
    const auto& reason = m_features[static_cast<std::size_t>(index.row())];
    if (role == Qt::ToolTipRole)
        return tr("%1: %2, typical %3 %4")
            .arg(safeText(reason.feature), measureText(reason.actual), typicalText(reason), safeText(reason.unit));
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(index.column())) {
    case Feature:
        return safeText(reason.feature);
    case Actual:
        return reason.actual;
    case Typical:
        return typicalText(reason);
    case Unit:
        return safeText(reason.unit).replace(QLatin1String("per "), QLatin1String("/"));
    case Share:
        return reason.share;
    case ColumnCount:
        break;
    }
    return {};
}

QVariant FeatureReasonModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == Feature || section == Unit ? Qt::AlignLeft | Qt::AlignVCenter
                                                              : Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Feature:
        return tr("Feature");
    case Actual:
        return tr("Actual");
    case Typical:
        return tr("Typical");
    case Unit:
        return tr("Unit");
    case Share:
        return tr("Share");
    case ColumnCount:
        break;
    }
    return {};
}

void FeatureReasonModel::show(std::vector<explain::FeatureReason> features)
{
    beginResetModel();
    m_features = std::move(features);
    endResetModel();
}

int TemplateChangeModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_changes.size());
}

QVariant TemplateChangeModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, valid))
        return {};
    const auto& change = m_changes[static_cast<std::size_t>(index.row())];
    if (role == KindRole)
        return static_cast<int>(change.kind);
    if (role == Qt::ToolTipRole)
        return QStringLiteral("<qt>%1<br>%2</qt>")
            .arg(m_texts[index.row()].toHtmlEscaped(),
                 tr("%1: %2 times, %3 expected")
                     .arg(m_ids[index.row()], countText(change.count), measureText(change.expected))
                     .toHtmlEscaped());
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(index.column())) {
    case Change:
        return changeText(change);
    case Template:
        return m_texts[index.row()];
    case Count:
        return QVariant::fromValue<qulonglong>(change.count);
    case ColumnCount:
        break;
    }
    return {};
}

QString TemplateChangeModel::changeText(const explain::TemplateChange& change)
{
    switch (change.kind) {
    case explain::TemplateChangeKind::New:
        return tr("NEW");
    case explain::TemplateChangeKind::Gone:
        return tr("GONE");
    default:
        break;
    }
    const double ratio =
        change.expected > 0.0 ? static_cast<double>(change.count) / change.expected : static_cast<double>(change.count);
    return QStringLiteral("× ") +
           (ratio >= 10.0 ? QString::number(std::round(ratio), 'f', 0) : QString::number(ratio, 'g', 2));
}

void TemplateChangeModel::show(const pipeline::AnalysisResult& result, std::vector<explain::TemplateChange> changes)
{
    beginResetModel();
    m_changes = std::move(changes);
    m_ids.clear();
    m_texts.clear();
    for (const auto& change : m_changes) {
        const bool known =
            change.templateId < result.templateTexts.size() && change.templateId < result.templateIds.size();
        m_ids << (known ? safeText(result.templateIds[change.templateId]) : QString());
        m_texts << (known ? safeText(result.templateTexts[change.templateId])
                          : tr("template %1").arg(change.templateId));
    }
    endResetModel();
}

void TemplateChangeModel::clear()
{
    beginResetModel();
    m_changes.clear();
    m_ids.clear();
    m_texts.clear();
    endResetModel();
}

} // namespace faultline::ui
