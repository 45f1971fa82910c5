// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/feature_plan.h"
#include "engine/features/rolling_windows.h"
#include <algorithm>

namespace faultline::features
{

namespace
{
Result<void> bad(std::string what, const char* hint)
{
    return fail({ErrorCode::Config, std::move(what), {}, hint});
}

Result<void> checkGroups(const FeatureOptions& options)
{
    const auto& groups = options.groups;
    constexpr std::uint32_t mostColumns = 4'096;
    const auto inside = [](double level) { return level >= 0.0 && level <= 1.0; };
    if (groups.quantileLevels.size() > 16 ||
        !std::all_of(groups.quantileLevels.begin(), groups.quantileLevels.end(), inside))
        return bad("quantiles must lie between 0 and 1, and be at most 16", "for example [0.5, 0.95, 0.99]");
    if (groups.ngramLengths.size() > 2 ||
        std::any_of(groups.ngramLengths.begin(), groups.ngramLengths.end(), [](auto n) { return n < 2 || n > 3; }))
        return bad("n-grams of templates are of 2 or 3", "for example n: 2");
    if (groups.anyNgrams() && (groups.ngramColumns < 1 || groups.ngramColumns > mostColumns))
        return bad("n-grams take 1 to 4,096 columns", "for example columns: 64");
    if (std::max({groups.templateVector.columns, groups.wordVector.columns, groups.templateRates,
                  groups.templateShares}) > mostColumns)
        return bad("a group takes at most 4,096 columns", "for example columns: 64");
    for (const auto* names : {&groups.rateFields, &groups.fieldRatios, &groups.distinctOf, &groups.quantileFields})
        if (names->size() > 1'000)
            return bad("a group of features names over 1,000 fields", "name those that matter");
    if (options.kind == UnitKind::Row &&
        (groups.anyVector() || groups.templateRates + groups.templateShares > 0 || !groups.rateFields.empty()))
        return bad(
            "vectors, n-grams, template rates and shares, and field sums are of windows and sessions, not of rows",
            "use kind: window or session, or leave these groups out");
    return {};
}
} // namespace

Result<void> checkOptions(const FeatureOptions& options)
{
    constexpr DurationUs century = 36'525 * day_us;
    if (options.window_us <= 0 || options.window_us > century)
        return bad("the window must be longer than 0 and shorter than a century", "for example 60s");
    if (options.rolling_us.size() > 16 || std::any_of(options.rolling_us.begin(), options.rolling_us.end(),
                                                      [](auto span) { return span <= 0 || span > century; }))
        return bad("look-back spans must be longer than 0, and at most 16 of them", "for example 60s");
    if (options.kind == UnitKind::Window)
        for (const auto span : options.rolling_us)
            if (windowsIn(span, options.window_us) > mostRollingWindows)
                return bad("a look-back span holds over 10,000 windows", "choose a longer window or a shorter span");
    if (options.rollingRows < 2 || options.rollingRows > 100'000)
        return bad("the look-back must be 2 to 100,000 rows", "for example 12");
    if (options.maxEntities < 1)
        return bad("at least one entity must be kept apart", "for example 200");
    return checkGroups(options);
}

} // namespace faultline::features
