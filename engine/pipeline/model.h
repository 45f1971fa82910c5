// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/detector.h"
#include "engine/ensemble/excess.h"
#include "engine/ensemble/tail_model.h"
#include "engine/features/baseline.h"
#include "engine/features/featurizer.h"
#include "engine/pipeline/live_context.h"
#include "engine/pipeline/live_scorer.h"
#include "engine/pipeline/recipe.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace faultline::pipeline
{

/// A fitted recipe: everything score() needs. Immutable once made.
class Model
{
public:
    Recipe recipe;
    records::templates::TemplateSet templates;
    features::Featurizer featurizer;
    features::Baseline baseline;
    struct Member {
        std::string name;
        double weight = 1.0;
        std::unique_ptr<detectors::Detector> detector;
        ensemble::TailModel tail;
        ensemble::ExcessScale excess;

        /// What the member says of a raw score, on the scale on which the recipe combines.
        [[nodiscard]] double evidence(double raw, Combination combine) const;
    };
    std::vector<Member> members;
    ensemble::TailModel ensembleTail;
    decisions::Threshold threshold;
    std::uint64_t trainingUnits = 0;
    std::string dataSummary;        ///< "5 files, 1,000,000 records, 2026-03-05 to 2026-03-12"
    std::optional<LiveScorer> live; ///< the state to go on from, when the run was live
    LiveContext context;            ///< the last rows, which rolling features of the next ones look back on

    [[nodiscard]] TensorBundle toBundle() const;
    [[nodiscard]] static Result<std::shared_ptr<Model>> fromBundle(const TensorBundle& bundle);
};

[[nodiscard]] Result<void> saveModel(const Model& model, const std::string& path);
[[nodiscard]] Result<std::shared_ptr<const Model>> loadModel(const std::string& path);

} // namespace faultline::pipeline
