// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/layout_catalogue.h"
#include "engine/records/layout_parts.h"

namespace faultline::records
{

namespace
{

std::vector<LineLayout> allLayouts()
{
    std::vector<LineLayout> all;
    for (auto& group : {catalogue::systemLayouts(), catalogue::accessLayouts(), catalogue::databaseLayouts(),
                        catalogue::serverLayouts(), catalogue::applicationLayouts(), catalogue::syslogLayouts()})
        all.insert(all.end(), group.begin(), group.end());
    return all;
}

} // namespace

const std::vector<LineLayout>& namedLayouts()
{
    static const auto layouts = allLayouts();
    return layouts;
}

const std::vector<LineLayout>& envelopes()
{
    static const auto layouts = catalogue::envelopeLayouts();
    return layouts;
}

} // namespace faultline::records
