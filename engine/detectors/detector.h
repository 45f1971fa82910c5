// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/tensor_bundle.h"
#include "engine/features/feature_table.h"
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace faultline::detectors
{

using ParameterValue = std::variant<std::int64_t, double, std::string>;
using Parameters = std::map<std::string, ParameterValue>;

/// One parameter of a detector, enough to make a form, check a recipe and write the help.
struct ParameterSpec {
    enum class Type : std::uint8_t { Integer, Real, Choice };
    std::string name;
    Type type = Type::Integer;
    ParameterValue standard;             ///< default
    double minimum = 0.0, maximum = 0.0; ///< Integer and Real, inclusive
    std::vector<std::string> choices;    ///< Choice
    std::string unit;                    ///< "neighbours", "trees", ""
    std::string help;                    ///< one sentence
    /// Default when the person gives normal data apart to learn from (--train), where that should differ.
    std::optional<ParameterValue> standardOnNormal{};
};

/// How a detector's evidence enters the ensemble.
enum class EvidenceRole : std::uint8_t {
    Average, ///< its surprise is averaged with the others'
    Either,  ///< enough on its own (unseen event): the ensemble takes the larger of its surprise and the others' mean
};

/// Which other units a unit's score may depend on.
enum class ScoreContext : std::uint8_t {
    Unit,   ///< none: only on what was learned and on the unit itself
    Series, ///< on its neighbours too: the units of the same entity in the same table, which stand in time order
};

/// How a detector works when units arrive one after the other.
enum class LiveForm : std::uint8_t {
    Refit,  ///< fitted again on a growing history; learn() in between where learnsIncrementally()
    Stream, ///< update() scores each unit from those before it and learns it; fit() is for batch mode only
    None,   ///< the method looks at the whole series: batch mode only
};

/// Detectors of one family see much the same. Without labels, weight is shared equally among families first and among a
/// family's members next, so that twins do not outvote the others.
enum class DetectorFamily : std::uint8_t { Statistics, Distance, Forest, Projection, Series, Sequence, Text, Neural };
[[nodiscard]] std::string familyName(DetectorFamily family); ///< "statistics", "distance", ...

/// What a run of a detector will take, before it starts: an estimate for one core of a current machine, within about
/// 3x.
struct CostEstimate {
    double seconds = 0.0; ///< fitting and scoring
    double bytes = 0.0;   ///< the most it holds at once besides its input
};
struct WorkSize {
    std::size_t trainingUnits = 0, scoredUnits = 0, columns = 0;
};

struct DetectorSpec {
    std::string name;                      ///< catalogue name, e.g. "isolation_forest"
    std::string title;                     ///< "Isolation forest"
    std::string help;                      ///< what it finds, in two sentences
    std::string paper;                     ///< citation
    std::vector<features::UnitKind> units; ///< unit kinds it can score
    EvidenceRole role = EvidenceRole::Average;
    bool needsTemplates = false; ///< uses FeatureTable::templates
    std::vector<ParameterSpec> parameters;
    DetectorFamily family = DetectorFamily::Statistics;
    ScoreContext context = ScoreContext::Unit;
    LiveForm live = LiveForm::Refit;
    bool needsTemplateSequence = false; ///< uses FeatureTable::templateSequence
    /// The raw score is -ln of the rate at which normal units score as high, so it is not calibrated again.
    bool selfCalibrated = false;
};

/// What a detector learns from or scores: the table and the same values standardised by the baseline. Both outlive the
/// call.
struct DetectorInput {
    const features::FeatureTable* table = nullptr;
    const features::Matrix* standardised = nullptr; ///< same shape as table->values, no NaN
};

/// How much one column (or template) contributed to a unit's raw score. Shares of a unit sum to 1.
struct Contribution {
    std::int32_t column = -1;              ///< index into FeatureTable::columns, or -1
    std::uint32_t templateId = 0xffffffff; ///< or a template, for detectors over sparse counts
    double share = 0.0;
};

/// Learns what is normal from a table and gives each unit a raw score, larger = more unusual. Scores are comparable
/// within one detector only; ensemble::TailModel makes them comparable. Scoring is const, thread-safe, deterministic
/// for a seed. A unit's score does not depend on which other units are scored with it, but for a Series detector's
/// neighbours (spec().context).
class Detector
{
public:
    virtual ~Detector() = default;
    [[nodiscard]] virtual const DetectorSpec& spec() const = 0;
    [[nodiscard]] virtual const Parameters& parameters() const = 0;

    /// Numeric error when the table is too small or unusable, with what is needed; the caller goes on without this
    /// detector.
    [[nodiscard]] virtual Result<void> fit(const DetectorInput& training, JobContext& job) = 0;
    struct ScoreOptions {
        bool isTrainingData =
            false; ///< the very table that was fitted: leave each unit itself out where it would find itself
    };
    /// One finite score per unit. Precondition: fitted.
    [[nodiscard]] virtual Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                            JobContext& job) const = 0;
    /// Which columns or templates made this unit's score, largest first, at most 16; empty when nothing stands out.
    [[nodiscard]] virtual std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const = 0;

    /// Live mode: true when learn() takes units one at a time; else the detector is refitted on a growing history.
    [[nodiscard]] virtual bool learnsIncrementally() const { return false; }
    /// Adds one scored unit to what is known. Only when learnsIncrementally().
    virtual void learn(const DetectorInput& input, std::size_t unit);
    /// Causal score of a unit from those pushed before it, which is then learned; units in table order. An unfitted
    /// detector starts empty; the first units score 0. Only for LiveForm::Stream.
    [[nodiscard]] virtual double update(const DetectorInput& input, std::size_t unit);
    /// What fitting on and scoring so many units will take.
    [[nodiscard]] virtual CostEstimate cost(const WorkSize& work) const = 0;

    /// Writes everything score(), explain() and learn() need under `prefix/`.
    virtual void save(TensorBundle& bundle, const std::string& prefix) const = 0;
    /// Restores what save() wrote; Parse error for anything inconsistent or out of range. The content is hostile until
    /// checked.
    [[nodiscard]] virtual Result<void> load(const TensorBundle& bundle, const std::string& prefix) = 0;
};

} // namespace faultline::detectors
