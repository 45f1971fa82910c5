# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Faultline authors
"""One work done once by one peer, timed: peers.py WORK PEER FILE THREADS prints {"seconds": ...}.

Each function returns the seconds of the work alone. What a library compiles or loads at its first call happens before, on a small
piece.
"""
import json
import sys
import time

import numpy


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def matrix(path, columns):
    return numpy.fromfile(path).reshape(-1, columns)


def forest_sklearn(path, threads):
    from sklearn.ensemble import IsolationForest
    data = matrix(path, 10)

    def work():
        IsolationForest(n_estimators=100, max_samples=256, n_jobs=threads, random_state=1).fit(data).score_samples(data)
    return timed(work)


def forest_isotree(path, threads):
    import isotree
    data = matrix(path, 10)

    def work():  # the original forest: one column a split, sub-samples, no weights
        forest = isotree.IsolationForest(ntrees=100, sample_size=256, ndim=1, missing_action="fail", prob_pick_pooled_gain=0,
                                         standardize_data=False, nthreads=threads, random_seed=1)
        forest.fit(data).predict(data)
    return timed(work)


def lof_sklearn(path, threads):
    from sklearn.neighbors import LocalOutlierFactor
    data = matrix(path, 10)
    return timed(lambda: LocalOutlierFactor(n_neighbors=20, n_jobs=threads).fit_predict(data))


def knn_sklearn(path, threads):
    from sklearn.neighbors import NearestNeighbors
    data = matrix(path, 10)
    return timed(lambda: NearestNeighbors(n_neighbors=20, n_jobs=threads).fit(data).kneighbors())


def knn_pyod(path, threads):
    from pyod.models.knn import KNN
    data = matrix(path, 10)
    return timed(lambda: KNN(n_neighbors=20, method="largest", n_jobs=threads).fit(data))


def profile_stumpy(path, threads):
    import numba
    import stumpy
    numba.set_num_threads(threads)
    series = numpy.fromfile(path)
    stumpy.stump(series[:2000], 100)  # compiles
    return timed(lambda: stumpy.stump(series, 100))


# The patterns of drain3's own example configuration, and HDFS blocks as in its benchmarks.
MASKS = [
    (r"blk_-?\d+", "BLK"),
    (r"((?<=[^A-Za-z0-9])|^)(([0-9a-f]{2,}:){3,}([0-9a-f]{2,}))((?=[^A-Za-z0-9])|$)", "ID"),
    (r"((?<=[^A-Za-z0-9])|^)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})((?=[^A-Za-z0-9])|$)", "IP"),
    (r"((?<=[^A-Za-z0-9])|^)([0-9a-f]{6,} ?){3,}((?=[^A-Za-z0-9])|$)", "SEQ"),
    (r"((?<=[^A-Za-z0-9])|^)(0x[a-f0-9A-F]+)((?=[^A-Za-z0-9])|$)", "HEX"),
    (r"((?<=[^A-Za-z0-9])|^)([\-\+]?\d+)((?=[^A-Za-z0-9])|$)", "NUM"),
]


def templates_drain3(path, _threads):
    """Mining alone; reading and cutting off the five header fields are not timed, though Faultline's time holds both."""
    from drain3 import TemplateMiner
    from drain3.masking import MaskingInstruction
    from drain3.template_miner_config import TemplateMinerConfig
    with open(path) as file:
        messages = [line.rstrip("\n").split(" ", 5)[-1] for line in file]
    config = TemplateMinerConfig()
    config.masking_instructions = [MaskingInstruction(pattern, name) for pattern, name in MASKS]
    config.profiling_enabled = False
    miner = TemplateMiner(config=config)

    def work():
        for message in messages:
            miner.add_log_message(message)
    return timed(work)


def csv_pandas(path, _threads):
    import pandas
    return timed(lambda: pandas.read_csv(path, engine="c"))


PEERS = {
    ("isolation_forest_1m", "scikit-learn"): forest_sklearn,
    ("isolation_forest_1m", "isotree"): forest_isotree,
    ("lof_50k", "scikit-learn"): lof_sklearn,
    ("knn_50k", "scikit-learn"): knn_sklearn,
    ("knn_50k", "pyod"): knn_pyod,
    ("matrix_profile_100k", "stumpy"): profile_stumpy,
    ("templates_masked", "drain3"): templates_drain3,
    ("csv_read", "pandas"): csv_pandas,
}


def main():
    work, peer, path, threads = sys.argv[1:5]
    print(json.dumps({"seconds": PEERS[(work, peer)](path, int(threads))}))


if __name__ == "__main__":
    main()
