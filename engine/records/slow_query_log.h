// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/record_batch.h"
#include <optional>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// MySQL's and MariaDB's slow query log: a record is one statement with the comment lines before it. It begins at
/// `# Time:` or, where that is left out because the second is the same, at `# User@Host:`. Times, rows and bytes of the
/// comment lines become numeric fields; the message is the statement, of which the first 4 KiB make the template; `use`
/// and `SET timestamp` before it are not part of it, but give the time when no line names it. What the server writes
/// when it starts counts as header lines. Statements that a block cuts lose what stands behind the cut from their
/// fields and template, not from their text.
class SlowQueryParser final : public BlockParser
{
public:
    SlowQueryParser(TimeZone zone, std::string entityField)
        : m_zone(std::move(zone)), m_entityField(std::move(entityField))
    {
    }
    [[nodiscard]] RecordBatch parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const override;

private:
    class Run;

    TimeZone m_zone;
    std::string m_entityField; ///< "user", "host" or ""
};

/// The candidate when the lines of a sample are such a log, or when its name, "mysql_slow", is asked for.
[[nodiscard]] std::optional<Candidate> detectSlowQueries(const std::vector<std::string_view>& lines,
                                                         const ParseOptions& options);

} // namespace faultline::records
