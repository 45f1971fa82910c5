// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/input_name.h"
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>

namespace faultline::sources
{

namespace
{

constexpr std::array<std::string_view, 8> compressionEndings{".gz", ".gzip", ".zst", ".zstd",
                                                             ".xz", ".bz2",  ".bz",  ".bzip2"};
constexpr std::array<std::string_view, 9> dataEndings{".log",    ".csv", ".tsv", ".json", ".jsonl",
                                                      ".ndjson", ".txt", ".out", ".err"};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

std::size_t digitsBefore(std::string_view text)
{
    const auto end = std::find_if_not(text.rbegin(), text.rend(), isDigit);
    return static_cast<std::size_t>(end - text.rbegin());
}

std::uint64_t numberOf(std::string_view digits)
{
    std::uint64_t value = 0;
    for (const char c : digits)
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    return value;
}

template <std::size_t n>
std::string_view withoutEndings(std::string_view name, const std::array<std::string_view, n>& endings)
{
    for (bool cut = true; cut;) {
        cut = false;
        for (const auto ending : endings)
            if (name.size() > ending.size() && name.ends_with(ending)) {
                name.remove_suffix(ending.size());
                cut = true;
            }
    }
    return name;
}

/// The eight digits of a date at the end of `text`, and how many characters it takes there; 0 when there is none.
std::size_t dateAtEnd(std::string_view text, std::uint64_t& date)
{
    for (const std::size_t length : {std::size_t{8}, std::size_t{10}}) {
        if (text.size() < length)
            continue;
        std::string digits;
        const auto tail = text.substr(text.size() - length);
        for (std::size_t i = 0; i < length; ++i)
            if (isDigit(tail[i]))
                digits += tail[i];
            else if (length == 8 || tail[i] != '-' || (i != 4 && i != 7))
                break;
        if (digits.size() != 8)
            continue;
        date = numberOf(digits);
        const auto year = date / 10'000, month = date / 100 % 100, day = date % 100;
        if (year >= 1970 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31)
            return length;
    }
    return 0;
}

/// Takes a date, a number behind it, and the separator before it off the end of a name.
bool takeDate(std::string_view& name, RotationAge& age)
{
    constexpr std::string_view separators = "-._";
    auto rest = name;
    std::uint64_t date = 0, sequence = 0;
    auto length = dateAtEnd(rest, date);
    if (length == 0) {
        const auto digits = digitsBefore(rest);
        if (digits == 0 || digits > 6 || rest.size() < digits + 9 ||
            std::string_view("-._T").find(rest[rest.size() - digits - 1]) == std::string_view::npos)
            return false;
        sequence = numberOf(rest.substr(rest.size() - digits));
        rest.remove_suffix(digits + 1);
        length = dateAtEnd(rest, date);
    }
    if (length == 0 || rest.size() < length + 2 ||
        separators.find(rest[rest.size() - length - 1]) == std::string_view::npos)
        return false;
    rest.remove_suffix(length + 1);
    age.date = date;
    age.sequence = sequence;
    name = rest;
    return true;
}

bool takeIndex(std::string_view& name, RotationAge& age)
{
    const auto digits = digitsBefore(name);
    if (digits == 0 || digits > 3 || name.size() < digits + 2 || name[name.size() - digits - 1] != '.')
        return false;
    age.index = std::numeric_limits<std::uint64_t>::max() - 1 - numberOf(name.substr(name.size() - digits));
    name.remove_suffix(digits + 1);
    return true;
}

/// "" + ("b" of "/a/b") + ... : the last `folders` folders of a path before a name.
std::string withFolders(const std::string& folder, std::size_t folders, const std::string& name)
{
    auto start = folder.size();
    for (; folders > 0 && start != 0 && start != std::string::npos; --folders)
        start = folder.rfind('/', start - 1);
    if (start == folder.size())
        return name;
    return folder.substr(start == std::string::npos ? 0 : start + 1) + "/" + name;
}

} // namespace

InputName inputNameOf(const std::string& path)
{
    std::error_code code; // without a current folder the path stays as it is
    const auto absolute = std::filesystem::absolute(path, code).lexically_normal();
    InputName name{.folder = absolute.parent_path().string(), .log = {}, .stem = {}, .age = {}};
    if (path == "-")
        return {.folder = {}, .log = "stdin", .stem = "stdin", .age = {}};
    const auto file = absolute.filename().string();
    auto rest = withoutEndings(file, compressionEndings);
    takeIndex(rest, name.age);
    rest = withoutEndings(rest, compressionEndings);
    if (takeDate(rest, name.age)) {
        name.log = rest;
    } else {
        auto base = withoutEndings(rest, dataEndings);
        const auto ending = rest.substr(base.size());
        takeDate(base, name.age);
        name.log = std::string(base) + std::string(ending);
    }
    name.stem = withoutEndings(std::string_view(name.log), dataEndings);
    return name;
}

std::vector<std::string> originsOf(const std::vector<InputName>& names)
{
    using Log = std::pair<std::string, std::string>; // folder, file name
    std::map<Log, std::string> words;
    std::map<Log, std::size_t> logsOfStem;
    for (const auto& name : names)
        if (words.emplace(Log{name.folder, name.log}, name.stem).second)
            ++logsOfStem[{name.folder, name.stem}];
    for (auto& [log, word] : words)
        if (logsOfStem[{log.first, word}] > 1)
            word = log.second;
    std::map<Log, std::string> origins = words;
    for (std::size_t folders = 1; folders < 100; ++folders) {
        std::map<std::string, std::size_t> uses;
        for (const auto& [log, origin] : origins)
            ++uses[origin];
        bool unique = true;
        for (auto& [log, origin] : origins)
            if (uses[origin] > 1) {
                origin = withFolders(log.first, folders, words[log]);
                unique = false;
            }
        if (unique)
            break;
    }
    std::vector<std::string> result;
    for (const auto& name : names)
        result.push_back(origins[{name.folder, name.log}]);
    return result;
}

} // namespace faultline::sources
