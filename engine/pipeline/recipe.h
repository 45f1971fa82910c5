// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/decisions/episode.h"
#include "engine/decisions/threshold.h"
#include "engine/detectors/detector.h"
#include "engine/features/featurizer.h"
#include "engine/features/resample.h"
#include "engine/records/loader.h"
#include "engine/records/session_cut.h"
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::pipeline
{

enum class Mode : std::uint8_t { Batch, Live };

/// On what scale the detectors' scores are joined to the ensemble score.
enum class Combination : std::uint8_t {
    Surprise, ///< mean of calibrated surprises, calibrated in turn: decades, how rare a unit is
    Excess,   ///< mean of ensemble::ExcessScale: how far out a unit is; batch mode only
};

/// What the units are ranked by, where no verdict is asked for.
enum class Ranking : std::uint8_t {
    Units,  ///< the ensemble score
    Events, ///< ensemble::rankEvents of it: units beside an event rise with it; batch mode only
};

/// FeatureOptions::window_us of a recipe that leaves the window to the data: analyze() then takes the shortest round
/// window that holds about 20 records per entity, but leaves at least 200 windows, and says which.
inline constexpr DurationUs automaticWindow = 0;

struct RecipeDetector {
    std::string name; ///< catalogue name
    double weight = 1.0;
    detectors::Parameters parameters;
};

/// How to parse, featurize, detect, combine and decide: everything an analysis needs beside its inputs. Written and
/// read as YAML.
struct Recipe {
    std::string name;        ///< "sessions", "log_windows", ...
    std::string description; ///< one sentence
    Mode mode = Mode::Batch;
    records::ParseOptions parse;
    records::templates::MiningOptions mining;
    features::ResampleOptions resample; ///< before units are made
    records::SessionRule sessions;      ///< beside parse.sessionKey
    features::FeatureOptions features;
    std::vector<RecipeDetector> detectors;
    Combination combination = Combination::Surprise;
    decisions::ThresholdRule threshold;
    decisions::EpisodeOptions episodes;
    Ranking ranking = Ranking::Units;
    std::uint64_t seed = 1;
};

/// Reads a recipe. Config error as `file:line:column: what is wrong (how to fix it)`: unknown key (with the nearest
/// known one), wrong type, value out of range, unknown detector or parameter, duplicate key, alias, more than 1 MB.
[[nodiscard]] Result<Recipe> parseRecipe(std::string_view yaml, const std::string& fileName);
[[nodiscard]] Result<Recipe> readRecipe(const std::string& path);
/// YAML that parseRecipe() reads back to the same recipe.
[[nodiscard]] std::string writeRecipe(const Recipe& recipe);

/// The groups that a list names as `features:` of a recipe does: "rates, quantiles: {at: [0.99]}". Config error.
[[nodiscard]] Result<features::FeatureGroups> parseFeatures(const std::string& list);

/// The recipes that come with the program, by name. They are YAML files compiled in from resources/recipes.
[[nodiscard]] const std::vector<Recipe>& builtInRecipes();
/// A built-in recipe by name, or the file at this path. Config error with the nearest known name.
[[nodiscard]] Result<Recipe> findRecipe(const std::string& nameOrPath);

struct RecipeChoice {
    Recipe recipe;
    std::string reason; ///< a sentence: "sessions, because a session key was given"
};
/// What the person asked for that a recipe must fit.
struct RecipeWish {
    std::string unitKind; ///< "row", "window", "session"; "" = free
    Mode mode = Mode::Batch;
    bool learnsApart = false;    ///< normal data was given to learn from
    bool namesDetectors = false; ///< the detectors are the person's: they want the columns made for them
};
/// The built-in recipe that fits the input's shape (not its content): said and explained to the person.
[[nodiscard]] Result<RecipeChoice> chooseRecipe(const std::vector<std::string>& inputs,
                                                const records::ParseOptions& parse, const RecipeWish& wish = {});

} // namespace faultline::pipeline
