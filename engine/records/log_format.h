// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/records/user_format.h"
#include <string>
#include <string_view>

namespace faultline::records
{

/// The format that an access log has which is written with this nginx `log_format` or Apache `LogFormat` string.
/// Variables get their names, roles and units: request times in s, %D in us, sizes in bytes; a list of upstream times
/// is added up; the request is the message and levels follow the status. A layout with a $variable is nginx', else one
/// with a %directive is Apache's. Config error that names the place of an unknown directive, or when there is no
/// variable at all. Sources: nginx' ngx_http_log_module and ngx_http_core_module variables, Apache's mod_log_config.
[[nodiscard]] Result<UserFormat> compileLogFormat(std::string_view layout, const SourcePos& where);

/// What `--log-format` names: a layout, or `@FILE:NAME` for the `log_format NAME` or `LogFormat ... NAME` of a server's
/// configuration file; `:NAME` may be left out when the file has one only. Io or Config error.
[[nodiscard]] Result<std::string> logFormatLayout(const std::string& argument);

} // namespace faultline::records
