// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/session_keys.h"
#include <algorithm>

namespace faultline::records
{

Result<SessionKeys> SessionKeys::compile(const std::string& pattern)
{
    RE2::Options options;
    options.set_log_errors(false);
    SessionKeys keys;
    auto compiled = std::make_shared<const RE2>(pattern, options);
    if (!compiled->ok()) {
        Error error{.code = ErrorCode::Config};
        error.message = "the session key is neither a field nor a valid pattern: " + compiled->error();
        error.hint = "patterns follow RE2's syntax, e.g. blk_-?[0-9]+";
        return fail(std::move(error));
    }
    keys.m_pattern = std::move(compiled);
    return keys;
}

template <class Take>
void SessionKeys::search(std::string_view text, Take&& take) const
{
    const re2::StringPiece input(text.data(), text.size());
    const int groups = std::min(1, m_pattern->NumberOfCapturingGroups());
    re2::StringPiece found[2];
    for (std::size_t at = 0; at <= text.size();) {
        if (!m_pattern->Match(input, at, text.size(), RE2::UNANCHORED, found, groups + 1))
            return;
        const auto& key = found[groups];
        if (!key.empty())
            take(std::string_view(key.data(), key.size()));
        const auto matchEnd = static_cast<std::size_t>(found[0].data() - text.data()) + found[0].size();
        at = std::max(matchEnd, at + 1); // an empty match must not stand still
    }
}

LeadingKeys SessionKeys::find(std::string_view bytes, std::uint64_t offset, RecordBatch& batch) const
{
    LeadingKeys leading;
    if (batch.leadingContinuationBytes > 0)
        search(bytes.substr(0, batch.leadingContinuationBytes), [&](std::string_view text) {
            const auto key = batch.keys.intern(text);
            if (std::find(leading.begin(), leading.end(), key) == leading.end())
                leading.push_back(key);
        });
    for (std::size_t i = 0; i < batch.offset.size(); ++i) {
        const auto record = static_cast<std::uint32_t>(i);
        const auto first = static_cast<std::ptrdiff_t>(batch.keyHits.size());
        search(bytes.substr(batch.offset[i] - offset, batch.bytes[i]), [&](std::string_view text) {
            const auto key = batch.keys.intern(text);
            const auto same = [&](const KeyHit& hit) { return hit.key == key; };
            if (std::none_of(batch.keyHits.begin() + first, batch.keyHits.end(), same))
                batch.keyHits.push_back({record, key});
        });
    }
    return leading;
}

} // namespace faultline::records
