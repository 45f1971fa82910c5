// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/result.h"

namespace faultline
{

std::string Error::text() const
{
    auto out = where.file;
    if (where.line != 0)
        out += ':' + std::to_string(where.line);
    if (where.column != 0)
        out += ':' + std::to_string(where.column);
    if (!out.empty())
        out += ": ";
    out += message;
    if (!hint.empty())
        out += " (" + hint + ")";
    return out;
}

} // namespace faultline
