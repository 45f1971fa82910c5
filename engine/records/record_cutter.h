// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace faultline::records
{

/// Says where content may be cut so that no record is cut in two, for formats whose records are not single lines: one
/// JSON object over many lines, a line that continues the one before, columns that a header above names. Sees the
/// content once, front to back, on one thread. The records that a parser makes must not depend on where it was cut.
class RecordCutter
{
public:
    /// Nothing longer is kept for want of a place to cut.
    static constexpr std::size_t maxRecordBytes = std::size_t{16} << 20;
    /// The preface of a cut inside a line begins with this: a record before the cut has been counted with that line.
    static constexpr std::string_view lineCounted = "counted";

    struct Cut {
        std::size_t end = 0;      ///< the content may be cut before this byte of `pending`; 0: nowhere yet
        std::size_t examined = 0; ///< how much of `pending` has been looked at
    };

    virtual ~RecordCutter() = default;
    /// `pending` is the content since the last cut; its first `examined` bytes were seen in earlier calls.
    [[nodiscard]] virtual Cut cut(std::string_view pending, std::size_t examined) = 0;
    /// The pending bytes were given up because the record that they begin is too long. What follows belongs to that
    /// record until the next cut, which must be the first one possible.
    virtual void giveUp() = 0;
    /// What a parser must know of the content before the last cut; "" when nothing.
    [[nodiscard]] virtual std::string preface() const { return {}; }
};

/// Lines of any length are records: cuts behind the last line end.
class LineCutter final : public RecordCutter
{
public:
    [[nodiscard]] Cut cut(std::string_view pending, std::size_t examined) override
    {
        const auto fresh = pending.substr(examined);
        const auto end = m_givenUp ? fresh.find('\n') : fresh.rfind('\n');
        if (end == std::string_view::npos)
            return {0, pending.size()};
        const auto cutAt = examined + end + 1;
        return {cutAt, std::exchange(m_givenUp, false) ? cutAt : pending.size()};
    }
    void giveUp() override { m_givenUp = true; }

private:
    bool m_givenUp = false;
};

} // namespace faultline::records
