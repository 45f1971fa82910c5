#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Faultline authors
"""Writes tfidf.json: documents of log templates, and what scikit-learn's TfidfVectorizer makes of them with its defaults.

usage: make_tfidf.py > tfidf.json        (needs scikit-learn)
"""
import json
import random

import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer

TEMPLATES = [
    "Connection from <*> closed after <*> ms",
    "Request <*> to backend <*> timed out",
    "User <*> logged in",
    "user session of <*> expired: LOGIN again",
    "Cache miss for key <*>, cache size <*>",
    "Retry <*> of <*>: Connection refused",
    "disk_usage at <*>%",
    "GC pause <*> ms, heap a b <*> MB",
]


def main():
    random.seed(17)
    train = [[random.choice(TEMPLATES[:6 if i < 20 else 8]) for _ in range(random.randint(1, 15))] for i in range(24)]
    fresh = [[random.choice(TEMPLATES) for _ in range(random.randint(1, 9))] for _ in range(6)]
    case = {"sklearn": sklearn.__version__, "train": train, "fresh": fresh}
    words = TfidfVectorizer()
    text = lambda document: " ".join(message.replace("<*>", " ") for message in document)
    templates = TfidfVectorizer(analyzer=lambda document: document)
    for name, vectorizer, prepare in (("words", words, text), ("templates", templates, list)):
        case[name] = {"train": vectorizer.fit_transform(map(prepare, train)).toarray().tolist(),
                      "fresh": vectorizer.transform(map(prepare, fresh)).toarray().tolist(),
                      "terms": vectorizer.get_feature_names_out().tolist()}
    print(json.dumps(case))


main()
