// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace faultline::detectors
{

/// The code length of each value of a stream, in nats, under a mixture of contexts: values become symbols (quantile
/// bins and steps beyond the range), and each order blends what followed the same last symbols with the next lower
/// order by an escape probability (distinct + 1/2) / (count + distinct + 1/2), down to 1 / (bins + 10). Bins are
/// learned anew whenever the history has doubled; the first 100 values score 0. Beyond `memory` values the older half
/// is forgotten.
///
/// Papers: Cleary and Witten, "Data compression using adaptive coding and partial string matching", IEEE Trans. Comm.
/// 1984; Bell, Cleary and Witten, "Text Compression", 1990 (escape estimates). Differs: no exclusion.
class ContextMixture
{
public:
    struct Options {
        std::size_t bins = 20; ///< 2 to 20
        std::size_t order = 1; ///< 0 to 6
        std::size_t memory = 30'000;
    };
    ContextMixture() : ContextMixture(Options{}) {}
    explicit ContextMixture(const Options& options);
    /// O(order) a value.
    [[nodiscard]] double push(double value);

    template <class Self, class Archive>
    static void fields(Self& self, Archive& archive)
    {
        archive(self.m_values, self.m_edges, self.m_low, self.m_high, self.m_nextFit);
        self.recount();
    }
    [[nodiscard]] bool isSound() const;

private:
    static constexpr std::size_t beyond = 20;                      ///< steps of a quarter range outside on either side
    static constexpr std::size_t alphabet = 21 + 2 * (beyond + 1); ///< below 64
    static constexpr std::size_t direct = alphabet + 1;            ///< contexts of order 0 and 1, which lie in tables
    struct Context {
        std::int32_t total = 0, distinct = 0;
    };
    void relearn();
    void recount() const {} // what is written needs none
    void recount();         ///< counts are those of the values kept under the edges in force
    void count(std::size_t position);
    void add(Context& context, std::int32_t& held);
    [[nodiscard]] std::uint8_t symbolOf(double value) const;
    [[nodiscard]] std::uint64_t contextOf(std::size_t position, std::size_t order) const;
    [[nodiscard]] double probability(std::size_t position) const;

    Options m_options;
    std::vector<double> m_values, m_edges;
    double m_low = 0.0, m_high = 1.0;
    std::size_t m_nextFit = 100;
    std::vector<std::uint8_t> m_symbols;
    std::vector<Context> m_direct;          ///< [0] = order 0, [1 + symbol] = order 1
    std::vector<std::int32_t> m_directHeld; ///< direct x alphabet
    std::unordered_map<std::uint64_t, Context> m_contexts;
    std::unordered_map<std::uint64_t, std::int32_t> m_held;
};

} // namespace faultline::detectors
