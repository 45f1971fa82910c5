// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace faultline
{

/// Why an operation failed. The command line maps it to its exit code: Usage and Config 2, Io and Parse 3, Cancelled 4,
/// all others 5.
enum class ErrorCode : std::uint8_t { Usage, Config, Io, Parse, Numeric, Store, Cancelled, Internal };

struct SourcePos {
    std::string file;
    std::uint64_t line = 0;   ///< 1-based; 0 = the whole file
    std::uint32_t column = 0; ///< 1-based; 0 = the whole line
};

/// What went wrong, where, and how to fix it. text() is what a person reads: `file:line:column: message (hint)`.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    SourcePos where{};
    std::string hint{};

    [[nodiscard]] std::string text() const;
};

template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

/// The error every job returns when it was asked to stop.
[[nodiscard]] inline tl::unexpected<Error> cancelled()
{
    return fail({ErrorCode::Cancelled, "stopped on request", {}, {}});
}

} // namespace faultline
