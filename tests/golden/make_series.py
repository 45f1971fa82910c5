#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Faultline authors
"""The batch detectors for series as their definitions read: expected values for tests/engine/detectors/series.

usage: make_series.py > series.json   (needs numpy)
"""
import json
import sys

import numpy as np

windows = np.lib.stride_tricks.sliding_window_view


def spread(r):
    m = np.median(r)
    return m, max(1.4826 * np.median(np.abs(r - m)), 0.1 * r.std(), 1e-9 * max(1, abs(m)))


def robust(r):
    m, s = spread(r)
    return np.abs(r - m) / s


def centre(s, w, n):
    a = (w - 1) // 2
    return np.concatenate([np.full(a, s[0]), s, np.full(n - a - len(s), s[-1])])


def mean_filter(x, w):
    at = np.arange(len(x))[:, None] + np.arange(w) - w // 2
    return x[at.clip(0, len(x) - 1)].mean(1)


def knn(z, w, k):
    W = windows(z, w)
    D = ((W[:, None] - W[None]) ** 2).sum(2)
    i = np.arange(len(W))
    D[np.abs(i[:, None] - i) < w] = np.inf
    return centre(np.sqrt(np.sort(D, 1)[:, :k].mean(1) / w), w, len(z))


def sub_pca(z, w, measure):
    W = windows(z, w)
    C = W - W.mean(0)
    ev, V = np.linalg.eigh(C.T @ C / len(C))
    ev, V = np.maximum(ev[::-1], 0), V[:, ::-1]
    P = C @ V
    if measure == "t2":
        s = (P ** 2 / (ev + 0.01 * ev.mean())).sum(1)
    else:
        q = min(np.searchsorted(np.cumsum(ev) / ev.sum(), 0.9) + 1, w - 1)
        s = (P[:, q:] ** 2).sum(1)
    return centre(np.sqrt(s), w, len(z))


def ar(z, p):
    out = []
    for x in (z, z[::-1]):
        W = windows(x - np.median(x), p + 1)
        A, y = np.c_[W[:, :p], np.ones(len(W))], W[:, p]
        weight = np.ones(len(y))
        for _ in range(2):
            G = (A * weight[:, None]).T @ A
            G += 0.01 * np.trace(G) / (p + 1) * np.eye(p + 1)
            e = y - A @ np.linalg.solve(G, (A * weight[:, None]).T @ y)
            m, s = spread(e)
            weight = np.minimum(1, 3 * s / np.maximum(np.abs(e - m), 1e-12))
        out.append(np.concatenate([np.full(p, np.median(np.abs(e))), np.abs(e)]))
    return (out[0] + out[1][::-1]) / 2


def polynomial(z, w, degree):
    n, out = len(z), []
    for i in range(n):
        a = min(max(i - w // 2, 0), n - w)
        t = (np.arange(a, a + w) - i) / (w / 2)
        keep = t != 0
        X = t[keep, None] ** np.arange(degree + 1)
        out.append(abs(z[i] - np.linalg.lstsq(X, z[a:a + w][keep], rcond=None)[0][0]))
    return np.array(out)


def spectral(z, q):
    n = len(z)
    size = 1 << (n - 1).bit_length()
    F = np.fft.fft(np.concatenate([z, z[::-1]])[:size])
    L = np.log(np.maximum(np.abs(F), 1e-8))
    S = np.abs(np.fft.ifft(F * np.exp(-mean_filter(L, q))))[:n]
    mean = np.array([S[max(0, i - 20):i + 1].mean() for i in range(n)])
    return np.maximum(S - mean, 0) / np.maximum(mean, 1e-12)


def seasonal_median(r, p):
    return np.array([np.median(r[i % p::p]) for i in range(len(r))])


def decomposition(z, p):
    seasonal, smooth = 0.0, z
    for _ in range(2):
        trend = mean_filter(smooth - seasonal, p)
        r = z - trend
        seasonal = seasonal_median(r, p)
        r = r - seasonal
        m, s = spread(r)
        smooth = trend + seasonal + np.clip(r, m - 3 * s, m + 3 * s)
    return robust(r)


def same_phase(z, p):
    out, n = [], len(z)
    for i in range(n):
        others = sorted(z[j] for k in range(1, 8) for j in (i - k * p, i + k * p) if 0 <= j < n)
        out.append(z[i] - others[int(0.5 * (len(others) - 1))])
    return robust(np.array(out))


def window_change(z, w, measure):
    n, out = len(z), np.zeros(len(z))
    t = np.arange(w) - (w - 1) / 2
    for i in range(w, n - w + 1):
        a, b = z[i - w:i], z[i:i + w]
        if measure == "level":
            out[i] = abs(b.mean() - a.mean())
        elif measure == "slope":
            out[i] = w * abs((t * b).sum() - (t * a).sum()) / (t * t).sum()
        else:
            out[i] = abs(np.log((b.std() + 0.01) / (a.std() + 0.01)))
    return out


def matrix_profile(z, w, left):
    W = windows(z, w)
    W = (W - W.mean(1, keepdims=True)) / W.std(1, keepdims=True)
    out, i = np.zeros(len(W)), np.arange(len(W))
    for k in i:
        ok = np.abs(i - k) > -(-w // 4)
        if left:
            ok &= i < k
        if ok.any():
            out[k] = np.sqrt(((W[ok] - W[k]) ** 2).sum(1).min())
    return np.concatenate([np.zeros(w - 1), out]) if left else centre(out, w, len(z))


def compressed(X, known):
    m, s = X[:known].mean(0), X[:known].std(0)
    Z = (X - m) / np.where(s > 1e-6, s, 0.05 * np.maximum(np.abs(m), 1))
    return np.sign(Z) * np.log1p(np.abs(Z))


def holt_winters(x, p):
    best = None
    for a in (0.1, 0.3, 0.6):
        for b in (0.0, 0.05, 0.2):
            for g in (0.1, 0.3):
                level, trend = x[:p].mean(), 0.0
                season, e = list(x[:p] - level), np.zeros(len(x))
                for i in range(p, len(x)):
                    e[i] = x[i] - (level + trend + season[i % p])
                    old = level
                    level += trend + a * e[i]
                    trend += b * a * (level - old - trend)
                    season[i % p] += g * (1 - a) * e[i]
                if best is None or (e ** 2).sum() < (best ** 2).sum():
                    best = e
    return best


def joined(E, first, known):
    E = np.minimum(np.abs(E) / np.maximum(E[first:known].std(0), 0.05), 20)
    E[:first] = 0
    return np.sqrt((E ** 2).mean(1))


def regression(X, known, lags):
    x, n = compressed(X, known), len(X)
    F = np.hstack([x[lags - 1 - j:n - 1 - j] for j in range(lags)] + [np.ones((n - lags, 1))])
    A, Y = F[:known - lags], x[lags:known]
    C = np.linalg.solve(A.T @ A + 0.01 * len(A) * np.eye(A.shape[1]), A.T @ Y)
    return joined(np.vstack([np.zeros((lags, X.shape[1])), x[lags:] - F @ C]), lags, known)


def block_knn(X, known, w, k):
    x, b = compressed(X, known), max(1, w // 4)
    S = np.stack([mean_filter(c, b) for c in x.T], 1)
    at = np.arange(len(x))
    E = np.hstack([S[np.clip(at + int((p - 1.5) * b), 0, len(x) - 1)] for p in range(4)]) / 2
    D = np.sqrt(((E[known:, None] - E[None, :known]) ** 2).sum(2))
    return np.sort(D, 1)[:, :k].mean(1)


def main():
    rng = np.random.default_rng(11)
    n = 420
    x = 3 + np.sin(2 * np.pi * np.arange(n) / 24) + 0.15 * rng.normal(size=n)
    x[150] += 3
    x[260:275] = x[260]
    x[330:350] += 0.8
    x = np.round(x, 4)
    z = (x - x.mean()) / x.std()
    common = rng.normal(size=350).cumsum() * 0.1
    X = np.round(np.stack([common + 0.1 * rng.normal(size=350), 5 - 2 * common + 0.2 * rng.normal(size=350),
                           100 + 10 * rng.normal(size=350)], 1), 4)
    X[300, 1] += 4
    scores = {
        "series_amplitude": robust(z), "window_knn 8": knn(z, 8, 3), "window_knn 32": knn(z, 32, 3),
        "sub_pca t2": sub_pca(z, 32, "t2"), "sub_pca residual": sub_pca(z, 32, "residual"), "ar_residual": ar(z, 16),
        "polynomial_residual": polynomial(z, 21, 3), "spectral_residual": spectral(z, 3),
        "seasonal_decomposition": decomposition(z, 24), "same_phase": same_phase(z, 24),
        "window_level level": window_change(z, 24, "level"), "window_level slope": window_change(z, 24, "slope"),
        "window_level spread": window_change(z, 24, "spread"), "matrix_profile both": matrix_profile(z, 24, False),
        "matrix_profile left": matrix_profile(z, 24, True),
        "holt_winters": joined(holt_winters(compressed(x[:, None], n)[:, 0], 24)[:, None], 24, n),
    }
    several = {"known": 200, "forecast_residual": regression(X, 200, 3)[200:], "window_knn 8": block_knn(X, 200, 8, 3)}
    tidy = lambda d: {k: v.tolist() if hasattr(v, "tolist") else v for k, v in d.items()}
    json.dump({"one": {"value": x.tolist(), "scores": tidy(scores)}, "several": {"values": X.tolist()} | tidy(several)},
              sys.stdout)


if __name__ == "__main__":
    main()
