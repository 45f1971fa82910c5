#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Faultline authors
"""The live surprise of a metric as its definition reads, slowly: expected values for tests/engine/detectors/series.

usage: make_live_surprise.py > live_surprise.json   (needs numpy)
"""
import bisect
import json
import math
import sys

import numpy as np


class Tail:
    """-ln p of a score among its own past: empirical body, generalised Pareto tail by probability-weighted moments."""

    def __init__(self):
        self.past, self.sorted, self.next, self.fit = [], [], 100, None

    def refit(self):
        self.sorted = h = sorted(self.past)
        n = len(h)
        u = h[int(0.9 * (n - 1))]
        excess = np.array(h[bisect.bisect_right(h, u):]) - u
        self.fit, k = None, len(excess)
        if k >= 8:
            m0 = excess.mean()
            m1 = (excess * (1 - (np.arange(1, k + 1) - 0.35) / k)).mean()
            if m0 > 0 and m0 - 2 * m1 > 1e-12 * m0:
                shape = min(max(2 - m0 / (m0 - 2 * m1), 0.0), 0.5)
                self.fit = (u, m0 * (1 - shape), shape, k)
        self.next = max(len(self.past) + 25, len(self.past) + int(0.1 * n))

    def push(self, x):
        out, i = 0.0, len(self.past)
        if i >= 100:
            if i >= self.next:
                self.refit()
            h, n = self.sorted, len(self.sorted)
            if self.fit and x > self.fit[0]:
                u, scale, shape, k = self.fit
                y = (x - u) / max(scale, 1e-300)
                p = min(k / n * (math.exp(-y) if shape < 1e-3 else (1 + shape * y) ** (-1 / shape)), k / n)
            else:
                above, not_below = n - bisect.bisect_right(h, x), n - bisect.bisect_left(h, x)
                p = (0.5 * (above + not_below) + 1) / (n + 1)
            out = min(max(-math.log(max(p, 1e-300)), 0.0), 25.0)
        self.past.append(x)
        return out


class Novelty:
    """Tail of the distance to the 3rd nearest of all values at least `lag` rows before."""

    def __init__(self, lag=1):
        self.lag, self.values, self.tail = lag, [], Tail()

    def push(self, y, noise):
        known = self.values[:max(0, len(self.values) - self.lag + 1)]
        d = 0.0
        if len(self.values) >= self.lag + 2 and len(known) >= 3:
            d = sorted(abs(v - y) for v in known)[2]
        self.values.append(y)
        return self.tail.push(d if d >= noise else 0.0)


class Code:
    """Code length in nats under an order-0/1 escape mixture over 20 quantile bins, learned anew at doublings."""

    def __init__(self):
        self.values, self.symbols, self.edges, self.next = [], [], None, 100

    def symbol(self, v):
        width = self.high - self.low + 1e-12
        if v > self.high + 0.05 * width:
            return 1000 + min(20, int((v - self.high) / width * 4))
        if v < self.low - 0.05 * width:
            return -1000 - min(20, int((self.low - v) / width * 4))
        return bisect.bisect_right(self.edges, v)

    def count(self, i):
        for c in ["any"] + ([self.symbols[i - 1]] if i else []):
            held = self.counts.setdefault(c, {})
            held[self.symbols[i]] = held.get(self.symbols[i], 0) + 1

    def push(self, v):
        i, out = len(self.values), 0.0
        if i >= self.next:
            h = sorted(self.values)
            self.low, self.high, self.edges, self.counts = h[0], h[-1], [], {}
            for q in range(1, 20):
                z = h[int(q / 20 * (i - 1))]
                if not self.edges or z > self.edges[-1]:
                    self.edges.append(z)
            self.symbols = [self.symbol(y) for y in self.values]
            for j in range(i):
                self.count(j)
            self.next = 2 * i
        if i >= 100:
            z, p = self.symbol(v), 1 / 30
            for c in ("any", self.symbols[i - 1]):
                held = self.counts.get(c)
                if held:
                    total, distinct = sum(held.values()), len(held)
                    e = (distinct + 0.5) / (total + distinct + 0.5)
                    p = (1 - e) * held.get(z, 0) / total + e * p
            out = -math.log(max(p, 1e-12))
            self.symbols.append(z)
            self.count(i)
        self.values.append(v)
        return out


def phase_distance(x, n, day, m):
    """RMS distance of the last m rows to the same phase (+- half an hour) of each of 14 days; the second best."""
    shift = max(1, day // 48)
    best = []
    for j in range(1, 15):
        if n - m + 1 - j * day - shift < 0:
            break
        now = x[n - m + 1:n + 1]
        best.append(min(((now - x[n - m + 1 - lag:n + 1 - lag]) ** 2).sum()
                        for lag in range(j * day - shift, j * day + shift + 1, max(1, shift // 3)) if lag >= 1))
    return math.sqrt(sorted(best)[1] / m) if len(best) >= 2 else 0.0


def live(x, seconds, views, alarm_from=6.0):
    n, day = len(x), int(np.rint(86400 / np.median(np.diff(seconds[:100]))))
    slots = min(96, day)
    magnitude = np.abs(x[:100]).mean()
    main, hour, four, length, spread = [Novelty() for _ in range(4)], Tail(), Tail(), Novelty(12), Novelty(24)
    slot = [[] for _ in range(slots)]
    code, mean_length, scale, next_scale, residuals, scaled = Code(), 0.0, 0.0, 20, [], []
    surprise, alarm, last = np.zeros(n), np.zeros(n), -10 ** 6
    for i in range(n):
        v, noise = x[i], 1e-9 * abs(x[i])
        held, r = slot[seconds[i] % 86400 * slots // 86400], 0.0
        if len(held) >= 2:
            r = v - sorted(held)[len(held) // 2]
        held.append(v)
        del held[:max(0, len(held) - max(7, 14 * day // slots))]
        residuals.append(r)
        scaled.append(math.asinh(v / (0.1 * magnitude + 1e-12)))
        parts = [main[0].push(v, noise), main[1].push(r, noise)]
        if views == "shape":
            parts.append(main[2].push(min(residuals[-6:], key=abs), noise))
            steps = np.abs(np.diff(x[max(0, i - 6):i + 1]))
            parts.append(main[3].push(steps.sum() / min(6, i + 1), noise))
        else:
            parts.append(main[2].push(scaled[-1], 1e-9))
            parts.append(main[3].push(scaled[-1] - scaled[-2] if i else 0.0, 1e-9))
        phases = (hour.push(phase_distance(x, i, day, max(2, day // 24))) +
                  four.push(phase_distance(x, i, day, max(3, day // 6)))) / 2
        mean_length += 2 / 13 * (code.push(v) - mean_length)
        unusual = length.push(mean_length, 1e-9)
        if i + 1 >= next_scale:
            h = np.sort(x[:i + 1])
            scale = np.clip(h, h[int(0.01 * i)], h[int(0.99 * i)]).std()
            next_scale = max(i + 6, int((i + 1) * 1.1))
        w = x[max(0, i - 23):i + 1]
        width = spread.push(math.log(w.std() + 0.01 * scale + 1e-9 * abs(w.mean()) + 1e-12), 1e-9)
        s = max(parts) + 0.125 * (phases + unusual + width)
        if i < 1000:
            s -= math.log(1000 / max(i, 50))
        surprise[i] = s = max(s, 0.0)
        if s > surprise[max(0, i - 80):i].max(initial=0.0):
            if s < alarm_from:
                alarm[i] = s
            elif i - last > 12:
                alarm[i], last = s, i
    return surprise, alarm


def main():
    rng = np.random.default_rng(5)
    n = 1400
    seconds = 1_772_000_000 + 1800 * np.arange(n)
    x = 50 + 10 * np.sin(2 * np.pi * np.arange(n) / 48) + rng.normal(0, 1.5, n)
    x[600:606] += 25
    x[900:930] += rng.normal(0, 6, 30)
    x[1100] = 140
    x[1250:1300] = x[1250]
    x = np.round(x, 3)
    out = {"seconds": seconds.tolist(), "value": x.tolist()}
    for views in ("shape", "scaled"):
        s, a = live(x, seconds, views)
        out[views] = {"surprise": s.tolist(), "alarm": a.tolist()}
    json.dump(out, sys.stdout)


if __name__ == "__main__":
    main()
