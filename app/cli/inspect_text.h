// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/pipeline/inspection.h"

namespace faultline::cli
{

/// What `inspect` prints for people: a block for each source, totals of several, then the findings.
void printInspection(const pipeline::Inspection& inspection);

} // namespace faultline::cli
