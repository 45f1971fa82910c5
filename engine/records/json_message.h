// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/level.h"
#include <memory>
#include <string_view>

namespace faultline::records
{

/// Containers wrap what a program wrote into JSON, and programs write JSON themselves:
/// `{"log":"{\"message\":\"...\"}\n"}`. Unwraps a message until it is no JSON object with a message of its own. Not
/// thread-safe: each parse task has its own.
class JsonMessage
{
public:
    struct Content {
        std::string_view text;     ///< valid until the next call, and as long as the text that was given
        Level level = Level::None; ///< of the innermost object that says one
    };
    JsonMessage();
    ~JsonMessage();
    JsonMessage(const JsonMessage&) = delete;
    JsonMessage& operator=(const JsonMessage&) = delete;
    [[nodiscard]] Content unwrap(std::string_view message);

private:
    struct Layers; // keeps simdjson out of this header: its classes change with the flags of those who link it
    std::unique_ptr<Layers> m_layers;
};

/// The level word among the first words of a text log line: `16:42:09.558 INFO  s.c.SeatController`; None when there is
/// none. Only words in capitals of at least four letters count.
[[nodiscard]] Level levelInText(std::string_view message);

} // namespace faultline::records
