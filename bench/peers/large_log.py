# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Faultline authors
"""Makes an HDFS log of any size out of a real excerpt: each repetition is one day later and has blocks of its own.

Usage: python3 large_log.py EXCERPT.log[.gz] OUT.log BYTES
"""
import datetime
import gzip
import re
import sys

source, out, size = sys.argv[1], sys.argv[2], int(float(sys.argv[3]))
with (gzip.open if source.endswith(".gz") else open)(source, "rb") as file:
    excerpt = file.read()
first = datetime.date(2008, 11, 9)
days = sorted(set(re.findall(rb"(?m)^(\d{6}) ", excerpt)))
written = repetition = 0
with open(out, "wb") as file:
    while written < size:
        text = excerpt.replace(b"blk_", b"blk_%d" % repetition) if repetition else excerpt
        for day in days:
            old = datetime.datetime.strptime(day.decode(), "%y%m%d").date()
            new = old + datetime.timedelta(days=len(days) * repetition)
            text = text.replace(b"\n" + day + b" ", b"\n@" + new.strftime("%y%m%d").encode() + b" ")
            if text.startswith(day):
                text = b"@" + new.strftime("%y%m%d").encode() + text[6:]
        text = text.replace(b"\n@", b"\n").removeprefix(b"@")
        file.write(text[: size - written] if len(text) > size - written else text)
        written += len(text)
        repetition += 1
