// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/models/log_model.h"
#include "engine/pipeline/analysis.h"
#include "ui/models/text_format.h"
#include <algorithm>
#include <limits>
#include <utility>

namespace faultline::ui
{

LogModel::LogModel(QObject* parent) : QAbstractTableModel(parent) {}

int LogModel::rowCount(const QModelIndex& parent) const
{
    if (parent.isValid() || !m_slice)
        return 0;
    return static_cast<int>(std::min<std::size_t>(m_slice->rows(), std::numeric_limits<int>::max()));
}

int LogModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LogModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto record = m_slice->recordAt(static_cast<std::size_t>(index.row()));
    const auto& table = m_slice->data()->result->records->table;
    switch (role) {
    case Qt::DisplayRole:
        return text(index, record);
    case RecordRole:
        return record;
    case LevelRole:
        return static_cast<int>(table.level[record]);
    case EvidenceRole:
        return m_evidence.contains(record);
    case NewTemplateRole:
        return m_newTemplates.contains(table.templateId[record]);
    case LoadedRole:
        return page(index.row()) != nullptr;
    default:
        return {};
    }
}

QVariant LogModel::text(const QModelIndex& index, std::uint32_t record) const
{
    const auto& run = *m_slice->data()->result;
    const auto& table = run.records->table;
    switch (static_cast<Column>(index.column())) {
    case Time:
        if (table.time[record] == noTime)
            return countText(record + 1U);
        return m_withDate ? onsetText(table.time[record]).section(QLatin1Char(' '), 0, 1) + QLatin1Char(' ') +
                                clockTextMs(table.time[record])
                          : clockTextMs(table.time[record]);
    case Level: {
        const auto name = records::levelName(table.level[record]);
        return table.level[record] == records::Level::None
                   ? QString()
                   : QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    }
    case Entity:
        return safeText(table.entities[table.entity[record]]);
    case Template: {
        const auto id = table.templateId[record];
        return id < run.templateIds.size() ? safeText(run.templateIds[id]) : QString();
    }
    case Message:
        if (const auto* messages = page(index.row()))
            return messages->value(index.row() % pageRows);
        return QStringLiteral("…");
    case ColumnCount:
        break;
    }
    return {};
}

const QStringList* LogModel::page(int row) const
{
    const int number = row / pageRows;
    if (const auto* messages = m_pages.object(number))
        return messages;
    if (!m_asked.contains(number)) {
        m_asked.insert(number);
        emit pageWanted(m_generation, number * pageRows, std::min(pageRows, rowCount() - number * pageRows));
    }
    return nullptr;
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Time:
        return m_slice && m_slice->data()->axis == AxisKind::Position ? tr("Row") : tr("Time");
    case Level:
        return tr("Level");
    case Entity:
        return tr("Entity");
    case Template:
        return tr("Template");
    case Message:
        return tr("Message");
    case ColumnCount:
        break;
    }
    return {};
}

void LogModel::show(LogSlicePtr slice)
{
    beginResetModel();
    ++m_generation;
    m_slice = std::move(slice);
    m_withDate = m_slice && m_slice->data()->axis == AxisKind::Time && m_slice->data()->whole.length() > day_us;
    m_pages.clear();
    m_asked.clear();
    endResetModel();
}

void LogModel::setMarks(std::unordered_set<std::uint32_t> evidence, std::unordered_set<std::uint32_t> newTemplates)
{
    m_evidence = std::move(evidence);
    m_newTemplates = std::move(newTemplates);
    if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1), {EvidenceRole, NewTemplateRole});
}

void LogModel::receivePage(quint64 generation, int first, const QStringList& messages)
{
    if (generation != m_generation)
        return;
    m_asked.remove(first / pageRows);
    if (messages.isEmpty())
        return; // skipped because the view had moved on: asked for again when it is seen
    m_pages.insert(first / pageRows, new QStringList(messages));
    const int last = std::min(first + static_cast<int>(messages.size()), rowCount()) - 1;
    emit dataChanged(index(first, Message), index(last, Message), {Qt::DisplayRole, LoadedRole});
}

} // namespace faultline::ui
