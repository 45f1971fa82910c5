// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace faultline::features
{

/// A vector of weights per unit, one column a term.
///
/// Weight = tf * idf, divided by the Euclidean norm of the unit's vector; tf: how often the term occurs in the unit;
/// idf = ln((1 + n) / (1 + df)) + 1 over the n training units that hold a log record, df of which hold the term
/// (scikit-learn's TfidfVectorizer with its defaults; Salton and Buckley 1988). The norm is over all terms of training,
/// also those without a column; terms that training did not hold do not count. Hashed: terms first fall into as many
/// buckets as there are columns, so that new ones count too. Live: always hashed, idf from the units that ended before.
struct TermVector {
    std::uint32_t columns = 0; ///< 0: none. Those of the terms in most units get a column
    bool hashed = false;
    bool perEntity = false; ///< idf from the units of the same entity; of an entity that training lacks, from all
};

/// Columns beside the basic ones, each group on request. Window and Session unless said otherwise; sums, shares,
/// quantiles and gaps are over the unit's log records (Session: all its records). Exact, no sketches.
struct FeatureGroups {
    /// `record rate`, `error rate`: per second of the window, or of the session's length (at least one second); `f
    /// rate` of each named field: its sum per second. A window's noise floor is one record. Row: `request rate in 5
    /// min`.
    bool rates = false;
    std::vector<std::string> rateFields;
    /// `warning share`, for sessions `error share`; `template T-... share` of the most frequent templates; `a/b` of
    /// named field pairs: sum of a by sum of b over the records that hold both. Noise floor .01 for shares. Row: `a/b`
    /// alone.
    bool ratios = false;
    std::uint32_t templateShares = 0;
    std::vector<std::string> fieldRatios;
    /// `distinct f`: different values of each named field; "entity" and "session" count those. Row: in each look-back
    /// span.
    std::vector<std::string> distinctOf;
    /// `template entropy`: of the unit's template counts in bits, -sum p log2 p, plus (m - 1) / (2 N ln 2) for m
    /// templates and N records (Miller and Madow 1955: small samples look less diverse than they are). Noise floor .05
    /// bit. Row: in each look-back span.
    bool entropy = false;
    /// Time between one record of the unit and the next: `gap p50`, `gap p95`, `gap max` in s, and `gap variation`, the
    /// standard deviation by the mean (noise floor .05). Missing under 2 records. Row: `gap before` in s.
    bool interArrival = false;
    /// `f p99`: quantiles of numeric fields (type 7 of Hyndman and Fan), exact. No field named: every field that has
    /// columns. Row: `f p99 in 5 min` in each look-back span.
    std::vector<double> quantileLevels;
    std::vector<std::string> quantileFields;
    std::uint32_t templateRates = 0; ///< `template T-... rate`: per second, of that many of the most frequent templates
    /// `T-a > T-b`: how often these templates follow one another among the records of one entity, in time order; the
    /// n-grams of most units get a column each. `unseen n-grams`: occurrences of those that no other training unit
    /// holds (live: none that ended before). Past a million different ones the rest count as one.
    std::vector<std::uint32_t> ngramLengths; ///< 2, 3 or both; empty: none
    std::uint32_t ngramColumns = 64;         ///< per length
    bool ngramsHashed = false;
    TermVector templateVector; ///< terms are templates: `weight T-...`
    /// Terms are the words of templates, lower case, of at least two letters or digits, variable parts left out:
    /// `word timeout`.
    TermVector wordVector;
    /// Sine and cosine of the time of day and of the week, role Phase: of a window's middle, a session's start, a row's
    /// time. In FeatureOptions::zone. Where training spans a day, or a week.
    bool timeOfDay = false, dayOfWeek = false;

    [[nodiscard]] bool anyNgrams() const { return !ngramLengths.empty(); }
    [[nodiscard]] bool anyVector() const { return anyNgrams() || templateVector.columns > 0 || wordVector.columns > 0; }
};

} // namespace faultline::features
