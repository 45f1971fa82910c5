#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Faultline authors
"""Writes metrics.json beside this file: cases of scores, flags and labels with what scikit-learn makes of them.

Needs scikit-learn (the stored numbers: 1.9.1) and nothing else:
    python3 -m venv venv && venv/bin/pip install scikit-learn && venv/bin/python make_metrics.py
"""
import json
import pathlib
import random

import sklearn
from sklearn import metrics


def case(name, scores, labels, threshold):
    known = [i for i, label in enumerate(labels) if label >= 0]
    y, s = [labels[i] for i in known], [scores[i] for i in known]
    flags = [int(score >= threshold) for score in scores]
    f = [flags[i] for i in known]
    tn, fp, fn, tp = metrics.confusion_matrix(y, f, labels=[0, 1]).ravel().tolist()
    return {
        "name": name, "scores": scores, "flags": flags, "labels": labels,
        "true_positives": tp, "false_positives": fp, "false_negatives": fn, "true_negatives": tn,
        "precision": float(metrics.precision_score(y, f, zero_division=0)),
        "recall": float(metrics.recall_score(y, f, zero_division=0)),
        "f1": float(metrics.f1_score(y, f, zero_division=0)),
        "auc_roc": float(metrics.roc_auc_score(y, s)),
        "auc_pr": float(metrics.average_precision_score(y, s)),
    }


def drawn(name, seed, count, rate, step, unknown):
    r = random.Random(seed)
    labels = [1 if r.random() < rate else 0 for _ in range(count)]
    labels[0], labels[1] = 1, 0
    scores = [r.gauss(1.2 if label else 0.0, 1.0) for label in labels]
    scores = [round(score / step) * step for score in scores] if step else scores
    labels = [-1 if i > 1 and r.random() < unknown else label for i, label in enumerate(labels)]
    return case(name, scores, labels, 1.0)


cases = [
    case("perfect", [0.1, 0.2, 0.9, 0.8], [0, 0, 1, 1], 0.5),
    case("reversed", [0.9, 0.8, 0.1, 0.2], [0, 0, 1, 1], 0.5),
    case("all scores equal", [1.0] * 6, [0, 1, 0, 0, 1, 0], 1.0),
    case("nothing flagged", [0.3, 0.6, 0.1, 0.2], [0, 1, 0, 1], 5.0),
    drawn("distinct scores", 1, 200, 0.1, 0.0, 0.0),
    drawn("many ties", 2, 300, 0.2, 0.5, 0.0),
    drawn("unknown labels", 3, 250, 0.15, 0.25, 0.3),
    drawn("rare anomalies", 4, 500, 0.01, 0.0, 0.0),
]
document = {"made_with": "scikit-learn " + sklearn.__version__, "cases": cases}
path = pathlib.Path(__file__).with_name("metrics.json")
path.write_text(json.dumps(document, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")
