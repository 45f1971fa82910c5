#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Faultline authors
"""Prints the seconds that pandas' C engine takes to read a CSV file with its defaults.

    pandas_csv.py FILE

Prints nothing when pandas is not installed.
"""
import sys
import time


def main():
    try:
        import pandas
    except ImportError:
        return 0
    start = time.perf_counter()
    pandas.read_csv(sys.argv[1], engine="c")
    print(f"{time.perf_counter() - start:.6f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
