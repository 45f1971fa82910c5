// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/models/log_slice.h"
#include <QAbstractTableModel>
#include <QCache>
#include <QSet>
#include <QStringList>
#include <unordered_set>

namespace faultline::ui
{

/// The log as rows, any number of them. Time, level, entity and template come from memory; the message is text of a
/// file and comes by pages from whoever answers pageWanted(). Answers of an earlier generation are dropped.
class LogModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Time, Level, Entity, Template, Message, ColumnCount };
    enum Role {
        RecordRole = Qt::UserRole, ///< record index
        LevelRole,                 ///< as records::Level counts
        EvidenceRole,              ///< the record speaks for the chosen episode
        NewTemplateRole,           ///< its template was never seen outside the chosen episode
        LoadedRole,                ///< the message is here
    };
    static constexpr int pageRows = 128;

    explicit LogModel(QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void show(LogSlicePtr slice);
    /// Marks: records of evidence, and templates that are new in the chosen episode.
    void setMarks(std::unordered_set<std::uint32_t> evidence, std::unordered_set<std::uint32_t> newTemplates);
    void receivePage(quint64 generation, int first, const QStringList& messages);
    [[nodiscard]] const LogSlicePtr& slice() const { return m_slice; }
    [[nodiscard]] quint64 generation() const { return m_generation; }
    [[nodiscard]] const std::unordered_set<std::uint32_t>& evidence() const { return m_evidence; }

signals:
    void pageWanted(quint64 generation, int first, int count) const;

private:
    [[nodiscard]] QVariant text(const QModelIndex& index, std::uint32_t record) const;
    [[nodiscard]] const QStringList* page(int row) const;

    LogSlicePtr m_slice;
    quint64 m_generation = 0;
    bool m_withDate = false; ///< the data spans days: a clock alone would not say when
    std::unordered_set<std::uint32_t> m_evidence, m_newTemplates;
    mutable QCache<int, QStringList> m_pages{64};
    mutable QSet<int> m_asked;
};

} // namespace faultline::ui
