// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/template_groups.h"
#include "engine/records/templates/message_scanner.h"
#include <map>

namespace faultline::records::templates
{

std::vector<ShapeGroup> groupShapes(const std::vector<ShapeDictionary::Shape>& shapes,
                                    const std::vector<ShapeId>& chosen, const MiningOptions& /*options*/)
{
    std::map<std::string, ShapeGroup> groups;
    for (const auto id : chosen) {
        auto tokens = shapes[id].tokens;
        for (std::size_t p = 0; p < tokens.size(); ++p)
            if (shapes[id].varies[p]) {
                tokens[p].kind = TokenKind::Variable;
                tokens[p].text = wildcard;
            }
        auto& group = groups[templateText(tokens)];
        group.shapes.push_back(id);
        group.pattern = std::move(tokens);
    }
    std::vector<ShapeGroup> result;
    for (auto& [text, group] : groups)
        result.push_back(std::move(group));
    return result;
}

} // namespace faultline::records::templates
