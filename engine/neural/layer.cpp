// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/neural/layer.h"
#include <algorithm>

namespace faultline::neural
{

void transpose(const float* from, std::size_t fromRow, float* to, std::size_t toRow, std::size_t rows,
               std::size_t columns)
{
    // Square blocks: a cache line that is read for one row of the result serves the next fifteen.
    for (std::size_t i = 0; i < rows; i += lanes)
        for (std::size_t k = 0; k < columns; ++k)
            for (auto j = i; j < std::min(rows, i + lanes); ++j)
                to[k * toRow + j] = from[j * fromRow + k];
}

void fillRows(const Signal& signal, const float* bias)
{
    for (std::size_t r = 0; r < signal.allRows(); ++r)
        std::copy_n(bias, signal.channels, signal.data + r * signal.stride());
}

} // namespace faultline::neural
