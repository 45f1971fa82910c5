# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Faultline authors
"""Times Faultline and its peers on the same data, turn by turn, each turn in a process of its own, and prints the medians and their
ratios. Started by bench/peers/run, which builds the programs and makes the Python environment.

Timed is the work alone: not starting up, not reading the arrays, not compiling (numba compiles on a small piece first).
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

import data

HERE = os.path.dirname(os.path.abspath(__file__))

# work -> (data, program, peers). Works whose peers use one thread are run with one thread on both sides.
ONE_THREAD = {"templates_masked", "csv_read"}
WORKS = {
    "isolation_forest_1m": ("gauss_1m", "bench_detectors", ["scikit-learn", "isotree"]),
    "lof_50k": ("gauss_50k", "bench_detectors", ["scikit-learn"]),
    "knn_50k": ("gauss_50k", "bench_detectors", ["scikit-learn", "pyod"]),
    "lstm_train_b64": ("metrics_5", "bench_neural", ["torch"]),
    "lstm_train_b256": ("metrics_5", "bench_neural", ["torch"]),
    "gru_train_b64": ("metrics_5", "bench_neural", ["torch"]),
    "cnn_train_b64": ("metrics_5", "bench_neural", ["torch"]),
    "lstm_score": ("metrics_5", "bench_neural", ["torch"]),
    "gru_score": ("metrics_5", "bench_neural", ["torch"]),
    "cnn_score": ("metrics_5", "bench_neural", ["torch"]),
    "matrix_profile_100k": ("series_100k", "bench_detectors", ["stumpy"]),
    "templates_masked": ("log", "bench_records", ["drain3"]),
    "csv_read": ("csv", "bench_records", ["pandas"]),
}


def seconds_of(command, threads):
    """The "seconds" of the last line that the command prints, and an error text when there are none."""
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads),
                       MKL_NUM_THREADS=str(threads), NUMBA_NUM_THREADS=str(threads))
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        return None, (done.stderr.strip().splitlines() or ["ended with %d" % done.returncode])[-1]
    return float(json.loads(done.stdout.strip().splitlines()[-1])["seconds"]), None


def alternate(work, sides, rounds, threads):
    """side -> its seconds in each round, and side -> why it has none. The sides take turns."""
    times, failures = {side: [] for side in sides}, {}
    for turn in range(rounds):
        for side, command in sides.items():
            if side in failures:
                continue
            print("%s: %s, round %d of %d" % (work, side, turn + 1, rounds), file=sys.stderr)
            seconds, failure = seconds_of(command, threads)
            if failure:
                failures[side] = failure
            else:
                times[side].append(seconds)
    return times, failures


def peer_command(work, peer, file, shape, threads):
    if peer == "torch":
        return [sys.executable, os.path.join(HERE, "torch_autoencoders.py"), "--work", work, "--data", file,
                "--rows", str(shape[0]), "--columns", str(shape[1]), "--threads", str(threads)]
    return [sys.executable, os.path.join(HERE, "peers.py"), work, peer, file, str(threads)]


def compare(work, options):
    """One row for each peer."""
    kind, program, peers = WORKS[work]
    threads = 1 if work in ONE_THREAD else options.threads
    file, shape = data.make(kind, options.work_folder)
    own = [os.path.join(options.programs, program), "--work", work, "--data", file, "--threads", str(threads)]
    if shape:
        own += ["--rows", str(shape[0]), "--columns", str(shape[1])]
    sides = {"faultline": own}
    for peer in peers:
        sides[peer] = peer_command(work, peer, file, shape, threads)
    times, failures = alternate(work, sides, options.rounds, threads)
    rows = []
    for peer in peers:
        row = {"work": work, "peer": peer, "threads": threads}
        failure = failures.get("faultline") or failures.get(peer)
        if failure:
            row.update(peer_seconds=None, faultline_seconds=None, ratio=None, failure=failure)
        else:
            # The median of the ratios of rounds: what slows the machine down for a while slows both sides of a round.
            ratios = [theirs / ours for theirs, ours in zip(times[peer], times["faultline"])]
            row.update(peer_seconds=statistics.median(times[peer]), faultline_seconds=statistics.median(times["faultline"]),
                       ratio=statistics.median(ratios), rounds=len(ratios))
        rows.append(row)
    return rows


def show(rows):
    print("| work | peer | peer, s | Faultline, s | ratio | threads |")
    print("|---|---|---|---|---|---|")
    for r in rows:
        if r["ratio"] is None:
            print("| %s | %s | not run: %s | | | %d |" % (r["work"], r["peer"], r["failure"][:80], r["threads"]))
        else:
            print("| %s | %s | %.3f | %.3f | %.1f | %d |" % (r["work"], r["peer"], r["peer_seconds"], r["faultline_seconds"],
                                                            r["ratio"], r["threads"]))


def main():
    parser = argparse.ArgumentParser(description="Faultline beside its peers.")
    parser.add_argument("--programs", required=True, help="folder of the benchmark programs")
    parser.add_argument("--work-folder", required=True, help="where the data is made")
    parser.add_argument("--json", help="file for the list of rows")
    parser.add_argument("--works", default=",".join(WORKS), help="which works, separated by commas")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    unknown = set(options.works.split(",")) - set(WORKS)
    if unknown:
        parser.error("unknown works: %s (there are: %s)" % (", ".join(sorted(unknown)), ", ".join(WORKS)))
    rows = []
    for work in options.works.split(","):
        rows += compare(work, options)
        if options.json:  # after each work, so that a run that is stopped leaves what it has
            with open(options.json, "w") as file:
                json.dump(rows, file, indent=1)
    show(rows)
    return 1 if any(row["ratio"] is None for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
