// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/layout_fit.h"
#include <string>

namespace faultline::records
{

/// The layout that fits the lines of a sample best: a named one, one within an envelope, one learned from the lines, or
/// "text", under which each line is a record (an indented one goes on with the record before where the sample is built
/// like that) and may hold a time somewhere. With `forced`, the layout of that name, "generic" or "text", whatever its
/// fit; a name that is none of a layout's counts for nothing here.
[[nodiscard]] Fit chooseLayout(const Lines& lines, const std::string& forced);

} // namespace faultline::records
