// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/neighbour_index.h"
#include "engine/detectors/value_columns.h"
#include <functional>
#include <vector>

namespace faultline::detectors
{

/// The training units that others are compared with by distance: what the neighbour detectors share.
class ReferenceUnits
{
public:
    using Neighbours = std::vector<NeighbourIndex::Neighbour>;
    struct Limits {
        std::size_t kept = 0;     ///< references at most: an even sample of the training units
        std::size_t onLine = 0;   ///< the same with a single column, where more cost little
        std::size_t capacity = 0; ///< rows kept at most once units are added; at least `kept`
    };
    /// Numeric error when no column counts; Cancelled. References times columns stay below 5e7 (400 MB).
    [[nodiscard]] Result<void> learn(const DetectorInput& training, const Limits& limits, std::uint64_t seed,
                                     JobContext& job);
    void add(const DetectorInput& input, std::size_t unit);

    struct Query {
        std::size_t wanted = 1;
        bool isTrainingData = false;  ///< units leave themselves out
        bool skipsReferences = false; ///< units that are references are visited without their neighbours
    };
    /// Calls visit(unit, its slot or noSource, its nearest references) once for every unit, on all cores and in any
    /// order. Cancelled when the job was asked to stop.
    [[nodiscard]] Result<void>
    forEach(const DetectorInput& input, const Query& query, JobContext& job,
            const std::function<void(std::size_t, std::uint32_t, const Neighbours&)>& visit) const;
    /// The same for the references themselves, each leaving itself out: visit(slot, its nearest others).
    [[nodiscard]] Result<void>
    forEachReference(std::size_t wanted, JobContext& job,
                     const std::function<void(std::uint32_t, const Neighbours&)>& visit) const;
    /// Which columns part a unit from its nearest references: the shares of the squared differences.
    [[nodiscard]] std::vector<Contribution> differences(const DetectorInput& input, std::size_t unit,
                                                        std::size_t wanted) const;

    [[nodiscard]] const ValueColumns& columns() const { return m_columns; }
    [[nodiscard]] std::size_t size() const { return m_index.size(); }

    void save(TensorBundle& bundle, const std::string& prefix) const;
    [[nodiscard]] Result<void> load(const DetectorSpec& spec, std::size_t capacity, const TensorBundle& bundle,
                                    const std::string& prefix);

private:
    [[nodiscard]] std::vector<std::uint32_t> visitOrder(const DetectorInput& input, const JobContext& job) const;

    ValueColumns m_columns;
    NeighbourIndex m_index;
};

} // namespace faultline::detectors
