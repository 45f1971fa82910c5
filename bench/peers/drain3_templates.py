# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Faultline authors
"""Drain3 with its usual masking on a log file: lines a second of processor time on one core, to be held against
`bench_throughput FILE` or `faultline templates FILE`. Needs drain3 (pip install drain3).

    python3 drain3_templates.py FILE [LINES]     # the first LINES lines (200,000)

Only mining is timed: reading and cutting off five header fields (HDFS: date, time, thread, level, component) are not.
"""
import itertools
import sys
import time

from drain3 import TemplateMiner
from drain3.masking import MaskingInstruction
from drain3.template_miner_config import TemplateMinerConfig

# The patterns of drain3's own example configuration, and HDFS blocks as in its benchmarks.
MASKS = [
    (r"blk_-?\d+", "BLK"),
    (r"((?<=[^A-Za-z0-9])|^)(([0-9a-f]{2,}:){3,}([0-9a-f]{2,}))((?=[^A-Za-z0-9])|$)", "ID"),
    (r"((?<=[^A-Za-z0-9])|^)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})((?=[^A-Za-z0-9])|$)", "IP"),
    (r"((?<=[^A-Za-z0-9])|^)([0-9a-f]{6,} ?){3,}((?=[^A-Za-z0-9])|$)", "SEQ"),
    (r"((?<=[^A-Za-z0-9])|^)(0x[a-f0-9A-F]+)((?=[^A-Za-z0-9])|$)", "HEX"),
    (r"((?<=[^A-Za-z0-9])|^)([\-\+]?\d+)((?=[^A-Za-z0-9])|$)", "NUM"),
]


def main():
    path = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    with open(path, encoding="utf-8", errors="replace") as file:
        messages = [line.rstrip("\n").split(" ", 5)[-1] for line in itertools.islice(file, count)]
    config = TemplateMinerConfig()
    config.masking_instructions = [MaskingInstruction(pattern, name) for pattern, name in MASKS]
    config.profiling_enabled = False
    miner = TemplateMiner(config=config)
    start = time.process_time()
    for message in messages:
        miner.add_log_message(message)
    seconds = time.process_time() - start
    print(f"drain3: {len(messages):,} lines in {seconds:.2f} s of processor time, {len(messages) / seconds:,.0f} lines/s, "
          f"{len(miner.drain.clusters)} templates")


if __name__ == "__main__":
    main()
