// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/records/user_format.h"
#include <string>
#include <string_view>

namespace YAML
{
class Node;
}

namespace faultline::records
{

/// Reads a format of a person's own, and tries it on its samples. Config error as `file:line:column: what (how to fix
/// it)`: an unknown key with the nearest known one, a duplicate key, an alias, more than 1 MB, a pattern that does not
/// compile, a sample that does not match with where it stops and what would match there, a time that does not read.
///
///   name: payment                      # of one word; the file's name when left out
///   description: Lines of the payment service
///   pattern: '(?P<time>\S+ \S+) \[(?P<level>\w+)\] (?P<host>\S+) (?P<duration>\d+)us - '   # or patterns: [...]
///   log_format: '$remote_addr [$time_local] "$request" $status'                            # instead of patterns
///   time: '%Y-%m-%d %H:%M:%S.%f'       # see time_format.h; a list, or auto
///   zone: Europe/Berlin                # of times that name none
///   fields: {duration: {type: number, unit: s, scale: 1e-6}}
///   levels: {NOTE: info}
///   level_from_status: false
///   multiline: {continuation: '^\s'}   # or {starts: '^\d{4}-'}
///   unmatched: join                    # join, record or reject
///   entity: host
///   session: order
///   label: verdict
///   samples: ['2026-03-12 14:03:30.250 [INFO] shop-1 1200us - order 17 placed']
[[nodiscard]] Result<UserFormat> parseUserFormat(std::string_view yaml, const std::string& fileName);
/// The same of a mapping within another document, such as a recipe. Throws yaml::Problem.
[[nodiscard]] UserFormat readUserFormat(const YAML::Node& node, const std::string& fileName);

} // namespace faultline::records
