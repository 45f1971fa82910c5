// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/column_zones.h"
#include "engine/records/delimited_sample.h"
#include "engine/records/field_time.h"
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// The time of a table's rows, from one column or several that make it up together. Immutable; thread-safe.
class TableTime
{
public:
    enum class Piece : std::uint8_t {
        Text, ///< as it stands, a blank between it and what stands before
        Year, ///< numbers; these six make `yyyy-MM-dd HH:mm:ss`, the missing ones being 1 or 0
        Month,
        Day,
        Hour,
        Minute,
        Second,
        ExcelSerial, ///< days since 1899-12-30, with a fraction
    };
    struct Part {
        std::size_t column = 0;
        Piece piece = Piece::Text;
    };

    TableTime(std::size_t column, FieldTime time) : m_parts{{column, Piece::Text}}, m_time(std::move(time)) {}
    /// The time that these make up together; nullopt when the sample's rows do not read as one.
    [[nodiscard]] static std::optional<TableTime> learn(std::vector<Part> parts, const DelimitedSample& sample,
                                                        const ParseOptions& options, int assumedYear);
    /// The piece that a name speaks of: `year`, `Month`, `hh`; nullopt for all others.
    [[nodiscard]] static std::optional<Piece> pieceOfName(std::string_view name);

    /// From here on read() takes the zone of a local time from this column of its row. Where that is missing, the zone
    /// of the options holds; where it names none, the time does not read. A repeated hour is its first pass.
    void readZonesFrom(std::size_t column, ColumnZones zones)
    {
        m_zoneColumn = column;
        m_zones = std::move(zones);
    }
    [[nodiscard]] std::optional<std::size_t> zoneColumn() const { return m_zoneColumn; }

    /// `cell(column)` is the text of the row's cell. UTC; nullopt when it is no such time.
    template <class Cell>
    [[nodiscard]] std::optional<ZonedTime> read(const Cell& cell, std::string& scratch) const
    {
        const auto reading = readLocal(cell, scratch);
        if (!reading)
            return std::nullopt;
        return m_zoneColumn && !reading->hasZone ? inZone(*reading, cell(*m_zoneColumn))
                                                 : std::optional(m_time.zoned(*reading));
    }
    [[nodiscard]] const std::vector<Part>& parts() const { return m_parts; }
    [[nodiscard]] const FieldTime& field() const { return m_time; }
    [[nodiscard]] std::string format() const;
    [[nodiscard]] std::string zone() const; ///< see Detection::zone

private:
    template <class Cell>
    [[nodiscard]] std::optional<FieldTime::Reading> readLocal(const Cell& cell, std::string& scratch) const
    {
        if (m_parts.size() == 1 && m_parts.front().piece == Piece::Text)
            return m_time.readLocal(cell(m_parts.front().column));
        scratch.clear();
        for (const auto& part : m_parts)
            if (!append(part.piece, cell(part.column), scratch))
                return std::nullopt;
        complete(scratch);
        return m_time.readLocal(scratch);
    }
    [[nodiscard]] std::optional<ZonedTime> inZone(const FieldTime::Reading& reading, std::string_view zone) const;
    [[nodiscard]] static bool append(Piece piece, std::string_view cell, std::string& text);
    void complete(std::string& text) const;

    std::vector<Part> m_parts;
    FieldTime m_time;
    std::optional<std::size_t> m_zoneColumn;
    std::optional<ColumnZones> m_zones;
};

} // namespace faultline::records
