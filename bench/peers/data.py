# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Faultline authors
"""The data of the peers' benchmark: seeded, written once, raw numbers in row order."""
import os
import random

import numpy


def gauss(rows, columns):
    """Independent normal columns with one row in a hundred moved far out."""
    draw = numpy.random.default_rng(1)
    values = draw.standard_normal((rows, columns))
    out = draw.random(rows) < 0.01
    values[out] += draw.normal(0.0, 4.0, (int(out.sum()), columns))
    return values


def metrics(rows, columns):
    """Waves of several periods with noise, as float32."""
    draw = numpy.random.default_rng(2)
    time = numpy.arange(rows)[:, None]
    period = 20.0 * (1 + numpy.arange(columns))[None, :]
    return (numpy.sin(2 * numpy.pi * time / period) + 0.1 * draw.standard_normal((rows, columns))).astype(numpy.float32)


def series(rows):
    draw = numpy.random.default_rng(3)
    return (numpy.cumsum(draw.standard_normal(rows)) * 0.05 + numpy.sin(numpy.arange(rows) / 40.0))[:, None]


def log_lines(count):
    """An HDFS-like log: date, time, thread, level, component, message of one of eight kinds with ids, addresses and sizes."""
    draw = random.Random(4)
    block = lambda: "blk_%d" % draw.randrange(-2**62, 2**62)
    address = lambda: "10.25%d.%d.%d:%d" % (draw.randrange(2), draw.randrange(256), draw.randrange(256), draw.randrange(1024, 65536))
    kinds = [
        lambda: "dfs.DataNode$DataXceiver: Receiving block %s src: /%s dest: /%s" % (block(), address(), address()),
        lambda: "dfs.DataNode$PacketResponder: PacketResponder %d for block %s terminating" % (draw.randrange(3), block()),
        lambda: "dfs.FSNamesystem: BLOCK* NameSystem.addStoredBlock: blockMap updated: %s is added to %s size %d"
        % (address(), block(), draw.randrange(2**26)),
        lambda: "dfs.DataNode$PacketResponder: Received block %s of size %d from /%s" % (block(), draw.randrange(2**26), address()[:-6]),
        lambda: "dfs.FSNamesystem: BLOCK* NameSystem.delete: %s is added to invalidSet of %s" % (block(), address()),
        lambda: "dfs.DataBlockScanner: Verification succeeded for %s" % block(),
        lambda: "dfs.FSDataset: Deleting block %s file /mnt/hadoop/dfs/data/current/subdir%d/%s" % (block(), draw.randrange(64), block()),
        lambda: "dfs.DataNode: %s:Got exception while serving %s to /%s:" % (address(), block(), address()[:-6]),
    ]
    for i in range(count):
        clock = 20 * 3600 + i // 20
        yield "0811%02d %02d%02d%02d %d INFO %s" % (9 + clock // 86400, clock % 86400 // 3600, clock % 3600 // 60, clock % 60,
                                                  draw.randrange(20, 30000), draw.choices(kinds, [30, 30, 25, 15, 5, 3, 3, 1])[0]())


def write_csv(path):
    """A time in seconds and nineteen numbers of three to seven significant digits: about 100 MB."""
    draw = numpy.random.default_rng(5)
    rows, columns = 620_000, 19
    with open(path, "w") as file:
        file.write("time," + ",".join("metric_%d" % c for c in range(columns)) + "\n")
        for begin in range(0, rows, 10_000):
            values = draw.gamma(2.0, 200.0, (10_000, columns))
            for i, row in enumerate(values, begin):
                file.write("%d,%s\n" % (1_700_000_000 + i, ",".join("%.6g" % v for v in row)))


def make(kind, folder):
    """The file of one kind of data, made when it is not there, and (rows, columns) of an array."""
    folder = os.path.join(folder, "data")
    os.makedirs(folder, exist_ok=True)
    arrays = {"gauss_1m": (gauss, (1_000_000, 10)), "gauss_50k": (gauss, (50_000, 10)), "metrics_5": (metrics, (20_000, 5)),
              "series_100k": (series, (100_000,))}
    path = os.path.join(folder, kind)
    shape = None
    if kind in arrays:
        function, arguments = arrays[kind]
        shape = (arguments + (1,))[:2]
    if os.path.exists(path):
        return path, shape
    if kind in arrays:
        function(*arguments).tofile(path + ".new")
    elif kind == "log":
        with open(path + ".new", "w") as file:
            file.writelines(line + "\n" for line in log_lines(200_000))
    else:
        write_csv(path + ".new")
    os.replace(path + ".new", path)
    return path, shape
