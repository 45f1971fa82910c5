#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Faultline authors
"""Writes forest_auc.json: mean ROC AUC of scikit-learn's isolation forest (100 trees of 256, five seeds) on each table of
$FAULTLINE_DATA/tabular, for tests/engine/detectors/forest_accuracy_test.cpp. Of tables over 20,000 rows every k-th is
taken, so that fewer remain.
"""
import glob
import gzip
import json
import os

import numpy as np
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    areas = {}
    for path in sorted(glob.glob(os.path.join(os.environ["FAULTLINE_DATA"], "tabular", "*.csv.gz"))):
        with gzip.open(path, "rt", encoding="utf-8") as f:
            table = np.loadtxt(f, delimiter=",", skiprows=1)
        table = table[:: -(-len(table) // 20_000)]
        values, labels = table[:, :-1], table[:, -1]
        scores = [-IsolationForest(random_state=seed).fit(values).score_samples(values) for seed in range(5)]
        areas[os.path.basename(path)] = float(np.mean([roc_auc_score(labels, s) for s in scores]))
    with open(os.path.join(here, "forest_auc.json"), "w", encoding="utf-8") as f:
        json.dump(areas, f, indent=0, sort_keys=True)
        f.write("\n")
