// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/level.h"
#include <cstdint>

namespace faultline::records
{

namespace
{

constexpr std::size_t longestWord = 11;

/// The word's bytes in lower case as one number, so that a switch can compare whole words; 0 when it is no word of
/// ours.
struct Key {
    std::uint64_t low = 0, high = 0;
    constexpr bool operator==(const Key&) const = default;
};

constexpr Key keyOf(std::string_view word)
{
    Key key;
    for (const char c : word) {
        const auto folded = static_cast<unsigned char>(c | 0x20);
        if (folded < 'a' || folded > 'z')
            return {};
        key.high = (key.high << 8) | (key.low >> 56);
        key.low = (key.low << 8) | folded;
    }
    return key;
}

struct Entry {
    Key key;
    Level level;
};

constexpr std::array entries{
    Entry{keyOf("info"), Level::Info},        Entry{keyOf("warn"), Level::Warn},
    Entry{keyOf("error"), Level::Error},      Entry{keyOf("debug"), Level::Debug},
    Entry{keyOf("warning"), Level::Warn},     Entry{keyOf("notice"), Level::Info},
    Entry{keyOf("fatal"), Level::Fatal},      Entry{keyOf("i"), Level::Info},
    Entry{keyOf("d"), Level::Debug},          Entry{keyOf("w"), Level::Warn},
    Entry{keyOf("e"), Level::Error},          Entry{keyOf("v"), Level::Debug},
    Entry{keyOf("f"), Level::Fatal},          Entry{keyOf("c"), Level::Fatal},
    Entry{keyOf("t"), Level::Debug},          Entry{keyOf("n"), Level::Info},
    Entry{keyOf("trace"), Level::Debug},      Entry{keyOf("verbose"), Level::Debug},
    Entry{keyOf("fine"), Level::Debug},       Entry{keyOf("finer"), Level::Debug},
    Entry{keyOf("finest"), Level::Debug},     Entry{keyOf("config"), Level::Debug},
    Entry{keyOf("dbg"), Level::Debug},        Entry{keyOf("vrb"), Level::Debug},
    Entry{keyOf("information"), Level::Info}, Entry{keyOf("inf"), Level::Info},
    Entry{keyOf("audit"), Level::Info},       Entry{keyOf("wrn"), Level::Warn},
    Entry{keyOf("err"), Level::Error},        Entry{keyOf("severe"), Level::Error},
    Entry{keyOf("failure"), Level::Error},    Entry{keyOf("crit"), Level::Fatal},
    Entry{keyOf("critical"), Level::Fatal},   Entry{keyOf("alert"), Level::Fatal},
    Entry{keyOf("emerg"), Level::Fatal},      Entry{keyOf("emergency"), Level::Fatal},
    Entry{keyOf("panic"), Level::Fatal},      Entry{keyOf("ftl"), Level::Fatal},
    Entry{keyOf("dpanic"), Level::Fatal},     Entry{keyOf("trc"), Level::Debug},
};

} // namespace

std::string_view levelName(Level level)
{
    constexpr std::array<std::string_view, levelCount> names{"none", "debug", "info", "warn", "error", "fatal"};
    return names[static_cast<std::size_t>(level)];
}

std::optional<Level> parseLevel(std::string_view word)
{
    if (word.empty() || word.size() > longestWord)
        return std::nullopt;
    constexpr std::size_t numberedWord = 6; // Apache's trace1 to trace8, PostgreSQL's debug1 to debug5
    const bool numbered = word.size() == numberedWord && word.back() >= '1' && word.back() <= '8';
    const auto key = keyOf(numbered ? word.substr(0, numberedWord - 1) : word);
    if (numbered)
        return key == keyOf("trace") || key == keyOf("debug") ? std::optional(Level::Debug) : std::nullopt;
    if (key == Key{})
        return std::nullopt;
    for (const auto& entry : entries) // the usual words come first
        if (entry.key == key)
            return entry.level;
    return std::nullopt;
}

} // namespace faultline::records
