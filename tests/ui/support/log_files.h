// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <QString>
#include <cstdint>

namespace faultline::testsupport
{

/// Writes a log of `lines` lines over three services, one every `stepMs` milliseconds, with a burst of errors of a
/// template never seen before in one thousandth of it, at 70 percent. Returns the path.
QString writeLog(const QString& folder, std::uint64_t lines, int stepMs = 500);

} // namespace faultline::testsupport
