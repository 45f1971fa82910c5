// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/format_times.h"
#include "engine/records/record_batch.h"
#include "engine/records/user_format.h"
#include <memory>

namespace faultline::records
{

/// Reads lines by a user's format. A line that belongs to the record before it (see UserFormat::starts, continuation
/// and unmatched) is joined to it, as is its text in blocks before; at the start of the content it is a record of its
/// own. A matched line whose time does not read is a record without time. Lines with NUL bytes are rejected. No
/// allocation per line beyond the columns.
class UserFormatParser final : public BlockParser
{
public:
    struct Setup {
        std::shared_ptr<const UserFormat> format; // shared: candidates and parse tasks hold it
        FormatTimes times;
        FormatRoles roles;
        TimeZone zone; ///< of times that name none
    };
    explicit UserFormatParser(Setup setup) : m_setup(std::move(setup)) {}
    [[nodiscard]] RecordBatch parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const override;
    [[nodiscard]] MissingDate missingDate() const override { return m_setup.times.missingDate(); }
    [[nodiscard]] std::optional<TimeZone> zone() const override { return m_setup.zone; }

private:
    class Run;
    Setup m_setup;
};

/// The candidate that a user's format is for a sample: its confidence is the share of lines that match, those that
/// belong to the record before them aside. When none matches, the candidate carries a Config error that says where the
/// first line stops to match and what would match there.
[[nodiscard]] Candidate detectUserFormat(const std::shared_ptr<const UserFormat>& format, std::string_view sample,
                                         const ParseOptions& options, const FileFacts& file);

/// A line, which no pattern matched, belongs to the record before it.
[[nodiscard]] bool joinsRecordBefore(const UserFormat& format, std::string_view line);

} // namespace faultline::records
