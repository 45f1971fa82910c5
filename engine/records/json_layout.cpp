// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/json_layout.h"

namespace faultline::records
{

JsonKeys::Id JsonKeys::find(Id parent, std::string_view key, std::size_t& next) const
{
    const auto& node = m_nodes[parent];
    if (next < node.children.size() && m_nodes[node.children[next]].key == key)
        return node.children[next++];
    const auto found = node.position.find(key);
    if (found == node.position.end())
        return none;
    next = found->second + std::size_t{1};
    return node.children[found->second];
}

JsonKeys::Id JsonKeys::findOrAdd(Id parent, std::string_view key, std::size_t& next)
{
    if (const auto id = find(parent, key, next); id != none)
        return id;
    if (m_nodes.size() > maxKeys || key.size() > 256)
        return none;
    const auto id = static_cast<Id>(m_nodes.size());
    auto path = m_nodes[parent].path.empty() ? std::string(key) : m_nodes[parent].path + '.' + std::string(key);
    m_nodes.push_back({.key = std::string(key), .path = std::move(path)});
    auto& children = m_nodes[parent].children;
    m_nodes[parent].position.emplace(std::string(key), static_cast<std::uint32_t>(children.size()));
    children.push_back(id);
    next = children.size();
    return id;
}

} // namespace faultline::records
