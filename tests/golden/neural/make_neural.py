#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Faultline authors
"""Makes neural.json: what PyTorch's layers put out and what two training steps make of small autoencoders.

    python3 tests/golden/neural/make_neural.py > tests/golden/neural/neural.json      (PyTorch 2.15, CPU)

Signals are listed step by step, row by row; parameters tensor by tensor in PyTorch's order and shape.
"""
import json

import torch
from torch import nn


def flat(tensor):
    return [float(f"{v:.9g}") for v in tensor.detach().reshape(-1).tolist()]


def steps_first(x):  # [row, step, channel] -> [step, row, channel]
    return flat(x.transpose(0, 1))


def layer_case(name, layer, x, output, width):
    return {"name": name, "width": width, "rows": x.shape[0], "steps": x.shape[1], "channels": x.shape[2],
            "input": steps_first(x), "parameters": [flat(p) for p in layer.parameters()], "output": steps_first(output)}


def layers():
    x = torch.randn(3, 6, 5)
    lstm, gru, dense = nn.LSTM(5, 18, batch_first=True), nn.GRU(5, 18, batch_first=True), nn.Linear(5, 4)
    conv = nn.Conv1d(5, 6, 3, stride=2, padding=1)
    up = nn.ConvTranspose1d(5, 6, 3, stride=2, padding=1, output_padding=1)

    def over_time(layer):
        return layer(x.transpose(1, 2)).transpose(1, 2)

    return [layer_case("lstm", lstm, x, lstm(x)[0], 18), layer_case("gru", gru, x, gru(x)[0], 18),
            layer_case("dense", dense, x, dense(x), 4), layer_case("convolution", conv, x, over_time(conv), 6),
            layer_case("transposed_convolution", up, x, over_time(up), 6)]


class Recurrent(nn.Module):
    def __init__(self, kind, columns, width):
        super().__init__()
        inputs = [columns, width, width, width]
        self.parts = nn.ModuleList([kind(i, width, batch_first=True) for i in inputs] + [nn.Linear(width, columns)])

    def forward(self, x):
        h = self.parts[1](self.parts[0](x)[0])[0]
        h = h[:, -1:, :].expand(-1, x.shape[1], -1)
        return self.parts[4](self.parts[3](self.parts[2](h)[0])[0])


class Convolutional(nn.Module):
    def __init__(self, columns, width):
        super().__init__()
        outer, inner = width // 2, width // 4
        self.parts = nn.Sequential(
            nn.Conv1d(columns, outer, 7, stride=2, padding=3), nn.ReLU(),
            nn.Conv1d(outer, inner, 7, stride=2, padding=3), nn.ReLU(),
            nn.ConvTranspose1d(inner, inner, 7, stride=2, padding=3, output_padding=1), nn.ReLU(),
            nn.ConvTranspose1d(inner, outer, 7, stride=2, padding=3, output_padding=1), nn.ReLU(),
            nn.ConvTranspose1d(outer, columns, 7, padding=3))

    def forward(self, x):
        steps = x.shape[1]
        return self.parts(nn.functional.pad(x.transpose(1, 2), (0, -steps % 4)))[:, :, :steps].transpose(1, 2)


def training_case(name, model, columns, width, sequence):
    table = torch.randn(12, columns)
    windows = table.unfold(0, sequence, 1).transpose(1, 2)
    before = [flat(p) for p in model.parameters()]
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(2):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(windows), windows)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.05)
        optimizer.step()
        losses.append(loss.item())
    return {"name": name, "width": width, "columns": columns, "sequence": sequence, "table": flat(table),
            "parameters": before, "losses": losses, "after": [flat(p) for p in model.parameters()]}


torch.manual_seed(7)
print(json.dumps({"layers": layers(),
                  "training": [training_case("lstm", Recurrent(nn.LSTM, 3, 6), 3, 6, 5),
                               training_case("gru", Recurrent(nn.GRU, 3, 6), 3, 6, 5),
                               training_case("cnn", Convolutional(3, 8), 3, 8, 6)]}))
