#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Faultline authors
"""Times the works of bench_neural in PyTorch on the CPU, on the same data (raw float32, rows x columns, --data FILE).

    python3 bench/peers/torch_autoencoders.py --work lstm_train_b64 --data FILE --rows N --columns 5 --threads T

prints {"work", "seconds", "cpu_seconds", "threads", "windows"}. Training is one epoch over all windows of 10 rows, scoring one pass
without gradients in batches of 1024 windows. The first batches warm up and are not timed.
"""
import argparse
import json
import time

import numpy
import torch
from torch import nn

SEQUENCE = 10


class Timer:
    """Seconds on the clock, and of all threads' work: the latter tells what a busy machine hides."""

    def __init__(self):
        self.start = (time.perf_counter(), time.process_time())

    def passed(self):
        return {"seconds": time.perf_counter() - self.start[0], "cpu_seconds": time.process_time() - self.start[1]}


class Recurrent(nn.Module):
    """Encoder of two layers, its last output repeated, decoder of two layers, dense."""

    def __init__(self, kind, columns, width=64, dropout=0.2):
        super().__init__()
        self.encoder = kind(columns, width, num_layers=2, batch_first=True, dropout=dropout)
        self.decoder = kind(width, width, num_layers=2, batch_first=True, dropout=dropout)
        self.dense = nn.Linear(width, columns)

    def forward(self, x):
        states, _ = self.encoder(x)
        repeated = states[:, -1:, :].expand(-1, x.shape[1], -1)
        return self.dense(self.decoder(repeated)[0])


class Convolutional(nn.Module):
    """The time-series autoencoder of the Keras examples, the sequence padded by zeros to a multiple of 4."""

    def __init__(self, columns, dropout=0.2):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(columns, 32, 7, stride=2, padding=3), nn.ReLU(), nn.Dropout(dropout),
            nn.Conv1d(32, 16, 7, stride=2, padding=3), nn.ReLU(),
            nn.ConvTranspose1d(16, 16, 7, stride=2, padding=3, output_padding=1), nn.ReLU(), nn.Dropout(dropout),
            nn.ConvTranspose1d(16, 32, 7, stride=2, padding=3, output_padding=1), nn.ReLU(),
            nn.ConvTranspose1d(32, columns, 7, padding=3))

    def forward(self, x):
        steps = x.shape[1]
        padded = nn.functional.pad(x.transpose(1, 2), (0, -steps % 4))
        return self.layers(padded)[:, :, :steps].transpose(1, 2)


def model_of(work, columns):
    kind = work.split("_")[0]
    return Convolutional(columns) if kind == "cnn" else Recurrent({"lstm": nn.LSTM, "gru": nn.GRU}[kind], columns)


def train(model, windows, order, batch):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loss_of = nn.MSELoss()
    model.train()

    def step(first):
        x = windows[order[first:first + batch]]
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model(x), x)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    for _ in range(3):
        step(0)
    start = Timer()
    for first in range(0, len(order), batch):
        step(first)
    return start.passed()


def score(model, windows, batch=1024):
    model.eval()
    with torch.inference_mode():
        model(windows[:batch])
        start = Timer()
        for first in range(0, len(windows), batch):
            x = windows[first:first + batch]
            ((model(x) - x) ** 2).mean(dim=(1, 2))
        return start.passed()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--columns", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    values = torch.from_numpy(numpy.fromfile(options.data, dtype=numpy.float32, count=options.rows * options.columns))
    values = values.reshape(options.rows, options.columns)
    windows = values.unfold(0, SEQUENCE, 1).transpose(1, 2)  # a view: nothing is copied up front
    model = model_of(options.work, options.columns)
    if "train" in options.work:
        timing = train(model, windows, torch.randperm(len(windows)), int(options.work.split("_b")[1]))
    else:
        timing = score(model, windows)
    print(json.dumps({"work": options.work, **timing, "threads": options.threads, "windows": len(windows)}))


if __name__ == "__main__":
    main()
