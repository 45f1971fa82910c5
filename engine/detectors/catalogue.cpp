// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/catalogue.h"
#include "engine/core/text.h"
#include "engine/detectors/count_vector.h"
#include "engine/detectors/ecod.h"
#include "engine/detectors/half_space_trees.h"
#include "engine/detectors/hbos.h"
#include "engine/detectors/isolation_forest.h"
#include "engine/detectors/kmeans.h"
#include "engine/detectors/knn.h"
#include "engine/detectors/lof.h"
#include "engine/detectors/neural_autoencoder.h"
#include "engine/detectors/neural_next_template.h"
#include "engine/detectors/pca.h"
#include "engine/detectors/percentile.h"
#include "engine/detectors/random_feature_boundary.h"
#include "engine/detectors/robust_covariance.h"
#include "engine/detectors/robust_z.h"
#include "engine/detectors/rrcf.h"
#include "engine/detectors/running_statistics.h"
#include "engine/detectors/series/ar_residual.h"
#include "engine/detectors/series/code_length.h"
#include "engine/detectors/series/forecast_residual.h"
#include "engine/detectors/series/live_surprise.h"
#include "engine/detectors/series/matrix_profile.h"
#include "engine/detectors/series/phase_profile.h"
#include "engine/detectors/series/polynomial_residual.h"
#include "engine/detectors/series/same_phase.h"
#include "engine/detectors/series/seasonal_decomposition.h"
#include "engine/detectors/series/series_amplitude.h"
#include "engine/detectors/series/spectral_residual.h"
#include "engine/detectors/series/sub_pca.h"
#include "engine/detectors/series/value_novelty.h"
#include "engine/detectors/series/window_change.h"
#include "engine/detectors/series/window_knn.h"
#include "engine/detectors/series/window_level.h"
#include "engine/detectors/unseen_template.h"
#include <algorithm>

namespace faultline::detectors
{

namespace
{
/// The one place that names the concrete detectors.
struct Entry {
    const DetectorSpec& (*describe)();
    std::unique_ptr<Detector> (*create)(Parameters, std::uint64_t seed);
};

template <class D>
Entry entryOf()
{
    return {.describe = &D::describe,
            .create = [](Parameters parameters, std::uint64_t seed) -> std::unique_ptr<Detector> {
                return std::make_unique<D>(std::move(parameters), seed);
            }};
}

const std::vector<Entry>& entries()
{
    static const std::vector<Entry> all{
        // points
        entryOf<RobustZ>(),
        entryOf<Percentile>(),
        entryOf<IsolationForest>(),
        entryOf<Knn>(),
        entryOf<Lof>(),
        entryOf<KMeans>(),
        entryOf<Hbos>(),
        entryOf<Ecod>(),
        entryOf<Pca>(),
        entryOf<RobustCovariance>(),
        entryOf<RandomFeatureBoundary>(),
        entryOf<RunningStatistics>(),
        entryOf<Rrcf>(),
        entryOf<HalfSpaceTrees>(),
        // series, live
        entryOf<LiveSurprise>(),
        entryOf<ValueNovelty>(),
        entryOf<PhaseProfile>(),
        entryOf<CodeLength>(),
        entryOf<WindowChange>(),
        // series, batch
        entryOf<WindowKnn>(),
        entryOf<SubPca>(),
        entryOf<ArResidual>(),
        entryOf<SeriesAmplitude>(),
        entryOf<ForecastResidual>(),
        entryOf<MatrixProfile>(),
        entryOf<SpectralResidual>(),
        entryOf<PolynomialResidual>(),
        entryOf<SeasonalDecomposition>(),
        entryOf<SamePhase>(),
        entryOf<WindowLevel>(),
        // logs
        entryOf<UnseenTemplate>(),
        entryOf<CountVector>(),
        entryOf<NextTemplate>(),
        // networks
        entryOf<LstmAutoencoder>(),
        entryOf<GruAutoencoder>(),
        entryOf<CnnAutoencoder>(),
    };
    return all;
}

Result<std::size_t> indexOf(const std::string& name)
{
    std::vector<std::string> names;
    for (const auto& spec : catalogue())
        names.push_back(spec.name);
    const auto known = std::find(names.begin(), names.end(), name);
    if (known != names.end())
        return static_cast<std::size_t>(known - names.begin());
    const auto near = nearestWord(name, names);
    return fail({ErrorCode::Config,
                 "there is no detector '" + name + "'",
                 {},
                 near ? "did you mean '" + *near + "'?" : "`faultline detectors` lists them"});
}
} // namespace

const std::vector<DetectorSpec>& catalogue()
{
    static const std::vector<DetectorSpec> specs = [] {
        std::vector<DetectorSpec> out;
        for (const auto& entry : entries())
            out.push_back(entry.describe());
        return out;
    }();
    return specs;
}

Result<DetectorSpec> specOf(const std::string& name)
{
    const auto index = indexOf(name);
    if (!index)
        return tl::unexpected(index.error());
    return catalogue()[*index];
}

Result<std::unique_ptr<Detector>> make(const std::string& name, const Parameters& parameters, std::uint64_t seed)
{
    const auto index = indexOf(name);
    if (!index)
        return tl::unexpected(index.error());
    auto resolved = resolveParameters(catalogue()[*index], parameters);
    if (!resolved)
        return tl::unexpected(resolved.error());
    return entries()[*index].create(std::move(*resolved), seed);
}

} // namespace faultline::detectors
