// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include "engine/records/key_value_syntax.h"

namespace faultline::records
{

namespace
{
/// Pairs of `name=value`, values bare or in double quotes; those inside single quotes count as well.
void takePairs(std::string_view text, KeyValueRecord& record)
{
    for (std::size_t at = 0; at < text.size();) {
        const auto equals = text.find('=', at);
        if (equals == std::string_view::npos)
            return;
        const auto before = text.find_last_of(" '\x1d", equals);
        const auto start = before == std::string_view::npos || before < at ? at : before + 1;
        const auto key = trim(text.substr(start, equals - start));
        at = equals + 1;
        if (at < text.size() && text[at] == '\'') { // msg='op=login acct="root"'
            ++at;
            continue;
        }
        auto end = text.find_first_of(" '\x1d", at);
        auto value = text.substr(at, end - at);
        if (at < text.size() && text[at] == '"') {
            end = text.find('"', at + 1);
            value = text.substr(at + 1, end == std::string_view::npos ? end : end - at - 1);
        }
        if (!key.empty())
            record.add(key, value);
        at = end == std::string_view::npos ? text.size() : end + 1;
    }
}

std::string_view levelOf(std::string_view type, const KeyValueRecord& record)
{
    if (type.starts_with("ANOM_"))
        return "error";
    const bool failed = record["success"] == "no" || record["res"] == "failed" || record["res"] == "0";
    return failed || type == "AVC" || type.ends_with("_ERR") ? "warn" : "info";
}
} // namespace

bool readAudit(std::string_view line, KeyValueRecord& record)
{
    constexpr std::string_view opening = "msg=audit(";
    record.clear();
    const auto typeAt = line.find("type=");
    if (typeAt == std::string_view::npos || (typeAt > 0 && !line.starts_with("node=")))
        return false;
    const auto typeEnd = line.find(' ', typeAt);
    if (typeEnd == std::string_view::npos || !line.substr(typeEnd + 1).starts_with(opening))
        return false;
    const auto stampAt = typeEnd + 1 + opening.size();
    const auto close = line.find("):", stampAt);
    const auto stamp = line.substr(stampAt, close - stampAt);
    const auto colon = stamp.rfind(':');
    if (close == std::string_view::npos || colon == std::string_view::npos || stamp.size() > 64)
        return false;
    const auto type = line.substr(typeAt + 5, typeEnd - typeAt - 5);
    if (typeAt > 5)
        record.add("node", trim(line.substr(5, typeAt - 5)));
    record.add("time", stamp.substr(0, colon));
    record.add("serial", stamp.substr(colon + 1));
    record.add("type", type);
    const auto rest = trim(line.substr(close + 2));
    takePairs(rest, record);
    record.add("level", levelOf(type, record));
    record.message = record.text().append(type).append(1, ' ').append(rest);
    return true;
}

} // namespace faultline::records
