#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Faultline authors
"""Writes knn.json: distances to nearest neighbours as scikit-learn finds them, for tests/engine/detectors/knn_test.cpp.

    python3 -m venv venv && venv/bin/pip install scikit-learn && venv/bin/python make_knn.py
"""
import json
import os

import numpy as np
from sklearn.neighbors import NearestNeighbors


def summaries(distances, columns):
    scaled = distances / np.sqrt(columns)
    return {"largest": scaled[:, -1].tolist(), "mean": scaled.mean(axis=1).tolist(),
            "median": np.median(scaled, axis=1).tolist()}


def case(rows, columns, neighbours, seed):
    rng = np.random.default_rng(seed)
    # Values that float holds exactly, so that both sides see the same numbers.
    train = rng.standard_normal((rows, columns)).astype(np.float32).astype(float)
    fresh = (2 * rng.standard_normal((10, columns))).astype(np.float32).astype(float)
    model = NearestNeighbors(n_neighbors=neighbours, algorithm="brute").fit(train)
    return {"neighbours": neighbours, "train": train.tolist(), "fresh": fresh.tolist(),
            "train_scores": summaries(model.kneighbors()[0], columns),  # leaves each row itself out
            "fresh_scores": summaries(model.kneighbors(fresh)[0], columns)}


if __name__ == "__main__":
    out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "knn.json")
    with open(out, "w", encoding="utf-8") as f:
        json.dump([case(40, 1, 3, 1), case(50, 2, 1, 2), case(45, 4, 5, 3), case(30, 9, 8, 4)], f)
        f.write("\n")
