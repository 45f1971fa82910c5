#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Faultline authors
"""Times scikit-learn's isolation forest on Gaussian data of the shape that bench_isolation_forest uses.

    isolation_forest_sklearn.py [rows] [columns] [trees] [samples] [repetitions]

Says so and ends when scikit-learn is not installed.
"""
import os
import statistics
import sys
import time


def main():
    try:
        import numpy
        import sklearn
        from sklearn.ensemble import IsolationForest
    except ImportError:
        print("skipped: scikit-learn is not installed (pip install scikit-learn)")
        return
    given = [int(a) for a in sys.argv[1:]]
    rows, columns, trees, samples, repetitions = given + [200_000, 10, 100, 256, 5][len(given):]
    data = numpy.random.default_rng(1).standard_normal((rows, columns))
    print(f"scikit-learn {sklearn.__version__}, {rows} rows x {columns} columns, {trees} trees of {samples}, "
          f"{os.cpu_count()} threads")
    totals = []
    for _ in range(repetitions):
        start = time.perf_counter()
        forest = IsolationForest(n_estimators=trees, max_samples=samples, n_jobs=-1, random_state=1).fit(data)
        fitted = time.perf_counter() - start
        forest.score_samples(data)
        totals.append(time.perf_counter() - start)
        print(f"fit {fitted:.3f} s, score {totals[-1] - fitted:.3f} s, both {totals[-1]:.3f} s")
    print(f"median of {repetitions}: {statistics.median(totals):.3f} s")


if __name__ == "__main__":
    main()
