#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Faultline authors
"""Writes expected.json: what scikit-learn, PyOD and plain numpy score, for tests/engine/detectors/*_test.cpp.

    python3 -m venv venv && venv/bin/pip install scikit-learn pyod rrcf && venv/bin/python make_expected.py
"""
import json
import os

import numpy as np
import rrcf as cut_forest
from pyod.models.ecod import ECOD
from pyod.models.hbos import HBOS
from sklearn.cluster import KMeans
from sklearn.covariance import EmpiricalCovariance
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import LocalOutlierFactor, NearestNeighbors
from sklearn.svm import OneClassSVM


def table(rows, columns, seed, scale=1.0):
    """Correlated values with a few outliers, some of them equal."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((rows, columns)) @ (np.eye(columns) + 0.3 * rng.standard_normal((columns, columns)))
    x[: rows // 20] *= 4
    x[rows // 20] = x[rows // 20 + 1]
    return np.round(scale * x, 9)


def fresh(columns, seed, scale=1.0):
    return np.round(2 * scale * np.random.default_rng(seed).standard_normal((8, columns)), 9)


def lof():
    for rows, columns, k, scale in ((60, 1, 5, 1.0), (80, 3, 20, 1e-3), (70, 12, 7, 100.0), (10, 2, 50, 1.0)):
        train, new = table(rows, columns, rows, scale), fresh(columns, 1, scale)
        model = LocalOutlierFactor(n_neighbors=k, novelty=True).fit(train)
        yield {"neighbours": min(k, rows), "train": train.tolist(), "fresh": new.tolist(),
               "train_scores": (-model.negative_outlier_factor_).tolist(),
               "fresh_scores": (-model.score_samples(new)).tolist()}


def knn():
    """Neighbours that are near compared with their distance to zero, where float would not do."""
    train = table(90, 4, 7) * 1e-4 + 3.0
    distances = NearestNeighbors(n_neighbors=6).fit(train).kneighbors()[0] / 2.0  # divided by the root of the columns
    yield {"neighbours": 6, "train": train.tolist(), "largest": distances[:, -1].tolist(),
           "mean": distances.mean(axis=1).tolist(), "median": np.median(distances, axis=1).tolist()}


def ecod():
    for rows, columns in ((50, 1), (120, 4)):
        train, new = table(rows, columns, rows + 1), fresh(columns, 2)
        one_by_one = [float(ECOD().fit(train).decision_function(row[None])[0]) for row in new]
        yield {"train": train.tolist(), "fresh": new.tolist(), "train_scores": ECOD().fit(train).decision_scores_.tolist(),
               "fresh_scores": one_by_one}


def hbos():
    for rows, columns, bins in ((100, 1, 10), (200, 3, 10), (64, 2, 25)):
        train, new = table(rows, columns, rows + 2), fresh(columns, 3, 3.0)
        model = HBOS(n_bins=bins).fit(train)
        yield {"bins": bins, "train": train.tolist(), "fresh": new.tolist(),
               "train_scores": model.decision_scores_.tolist(), "fresh_scores": model.decision_function(new).tolist()}


def pca():
    for rows, columns, share in ((80, 3, 0.7), (150, 8, 0.9)):
        train, new = table(rows, columns, rows + 3), fresh(columns, 4)
        centre, spread = train.mean(axis=0), train.std(axis=0, ddof=1)
        z, fresh_z = (train - centre) / spread, (new - centre) / spread
        model = PCA(n_components=share, svd_solver="full").fit(z)

        def residual(x):
            return np.linalg.norm(x - model.inverse_transform(model.transform(x)), axis=1).tolist()

        def kept(x):
            return np.sqrt((model.transform(x) ** 2 / model.explained_variance_).sum(axis=1)).tolist()

        yield {"share": share, "kept_components": int(model.n_components_), "train": train.tolist(), "fresh": new.tolist(),
               "residual": {"train": residual(z), "fresh": residual(fresh_z)},
               "kept": {"train": kept(z), "fresh": kept(fresh_z)}}


def kmeans():
    rng = np.random.default_rng(5)
    centres = np.array([[0, 0, 0], [12, 0, 0], [0, 15, 5]], dtype=float)
    train = np.round(np.concatenate([c + rng.standard_normal((40, 3)) for c in centres]), 9)
    new = fresh(3, 6, 4.0)
    model = KMeans(n_clusters=3, n_init=10, random_state=1, tol=0).fit(train)
    yield {"clusters": 3, "train": train.tolist(), "fresh": new.tolist(),
           "fresh_scores": (model.transform(new).min(axis=1) / np.sqrt(3)).tolist()}


def robust_standardise(x):
    low, middle, high = np.quantile(x, [0.25, 0.5, 0.75], axis=0)
    spread = np.maximum((high - low) / 1.349, 0.1 * x.std(axis=0))
    return middle, np.maximum(spread, 1e-9)


def concentrate(x, share, ridge, steps):
    rows, columns = x.shape
    distance = (x ** 2).mean(axis=1)
    for _ in range(steps):
        core = x[np.argsort(distance, kind="stable")[: max(int(share * rows), min(rows, columns + 2))]]
        mean = core.mean(axis=0)
        covariance = (core - mean).T @ (core - mean) / len(core)
        covariance += np.eye(columns) * (ridge * np.trace(covariance) / columns + 1e-9)
        precision = np.linalg.inv(covariance)
        distance = np.einsum("ij,jk,ik->i", x - mean, precision, x - mean)
    return mean, precision


def robust_covariance():
    for rows, columns in ((100, 2), (160, 5)):
        train, new = table(rows, columns, rows + 4), fresh(columns, 7)
        middle, spread = robust_standardise(train)
        x, y = (np.clip((v - middle) / spread, -20, 20) for v in (train, new))
        mean, precision = concentrate(x, 0.75, 0.01, 10)

        def distances(v):
            return np.sqrt(np.einsum("ij,jk,ik->i", v - mean, precision, v - mean)).tolist()

        plain = EmpiricalCovariance().fit(x)
        yield {"train": train.tolist(), "fresh": new.tolist(), "train_scores": distances(x), "fresh_scores": distances(y),
               "all_units": np.sqrt(plain.mahalanobis(y)).tolist()}


def isolation_forest():
    train = table(400, 6, 11)
    model = IsolationForest(n_estimators=2000, max_samples=256, random_state=1).fit(train)
    yield {"train": train.tolist(), "train_scores": (-model.score_samples(train)).tolist()}


def one_class():
    train = table(300, 4, 13)
    centre, spread = train.mean(axis=0), train.std(axis=0, ddof=1)
    z = (train - centre) / spread
    model = OneClassSVM(kernel="rbf", gamma=0.25, nu=0.1).fit(z)
    yield {"gamma": 0.25, "nu": 0.1, "train": z.tolist(), "train_scores": (-model.score_samples(z)).tolist()}


def rrcf():
    train = table(120, 3, 17)
    np.random.seed(1)
    total = np.zeros(len(train))
    for _ in range(300):
        tree = cut_forest.RCTree(train)
        total += [tree.codisp(i) for i in range(len(train))]
    yield {"train": train.tolist(), "train_scores": (total / 300).tolist()}


if __name__ == "__main__":
    out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "expected.json")
    cases = (lof, knn, ecod, hbos, pca, kmeans, robust_covariance, isolation_forest, one_class, rrcf)
    with open(out, "w", encoding="utf-8") as f:
        json.dump({case.__name__: list(case()) for case in cases}, f)
        f.write("\n")
