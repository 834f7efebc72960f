#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Compares the BERT encoder of this program with the reference implementation (tokenizers and transformers on torch).

    bench/bert_reference.sh build/release/bench/bert_bench       installs what is needed into a temporary venv and calls this

    bert_reference.py BERT_BENCH MODEL_FOLDER [--texts 1000]

Texts are sentences, code lines and whole descriptions of what is installed here (package descriptions, documentation and sources
under /usr/share and Python's library), and made ones: accents, CJK, emoji, empty, over-long. Printed: texts whose pieces differ, the
smallest and the median cosine, and texts a second of both, one thread each. Exit 1 when a cosine is below 0.9999.
"""
import argparse
import glob
import gzip
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

import torch
from tokenizers import Tokenizer
from transformers import BertModel, logging

MADE = ["", " ", "\n\t", "😀", "👨‍👩‍👧 family 👍🏽", "Crème brûlée à la française", "Ångström und Übergrößen", "Zażółć gęślą jaźń", "Příliš žluťoučký kůň",
        "Привет, как дела? Ёлка и йод", "Καλημέρα κόσμε, ὄνομα ᾧ", "こんにちは世界、ガギグ", "中文句子：把列表排序。", "한국어로 쓴 문장입니다", "שָׁלוֹם עולם",
        "مرحبا بالعالم", "नमस्ते दुनिया", "สวัสดีชาวโลก", "tiếng Việt có dấu", "İstanbul ıssız ŞÇĞ", "ﬁne ½ ² ™ № ㎏", "𝕬𝖇𝖈 𝒳", "a\u0301e\u0308\u0323",
        "[CLS] [MASK] [SEP] inside", "x" * 99, "y" * 100, "z" * 101, "word " * 2000, "数" * 800, "é" * 300, "\u200b\u200d\ufeff", "\x00\x01 control"]


def lines_of(path):
    opener = gzip.open if path.endswith(".gz") else open
    try:
        with opener(path, "rt", encoding="utf-8", errors="ignore") as file:
            return file.read(200_000).splitlines()
    except OSError:
        return []


def collect(count):
    chance = random.Random(7)
    texts = list(MADE)
    sources = []
    try:
        listing = subprocess.run(["dpkg-query", "-W", "-f", "${Description}\\n\\n"], capture_output=True, text=True, check=False).stdout
        sources.append([part.strip() for part in listing.split("\n\n") if len(part) > 20])
    except OSError:
        pass
    for pattern in ("/usr/share/doc/*/README*", "/usr/share/doc/*/copyright", "/usr/share/doc/*/changelog*.gz", "/usr/share/perl/5*/unicore/*.txt",
                    os.path.dirname(os.__file__) + "/*.py", os.path.dirname(os.__file__) + "/test/*.py", "/usr/include/*.h",
                    "/usr/share/locale/*/LC_TIME/*", "/usr/share/i18n/locales/*", "/usr/share/info/*", "/usr/share/man/*/man1/*.gz"):
        found, files = [], sorted(glob.glob(pattern))
        chance.shuffle(files)
        for path in files[:60]:
            lines = lines_of(path)
            for _ in range(8):
                if lines:
                    start = chance.randrange(len(lines))
                    found.append("\n".join(lines[start:start + chance.choice((1, 1, 2, 5, 20, 80))]))
        if found:
            sources.append(found)
    while len(texts) < count:
        texts.append(chance.choice(chance.choice(sources)))
    return texts[:count]


def reference(folder, texts, limit):
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(limit)
    model = BertModel.from_pretrained(folder, add_pooling_layer=False).eval().float()
    pooling = folder / "1_Pooling" / "config.json"
    first = pooling.exists() and json.loads(pooling.read_text()).get("pooling_mode_cls_token", False)
    pieces, vectors = [], []
    start = time.process_time()
    with torch.no_grad():
        for text in texts:
            ids = tokenizer.encode(text).ids
            state = model(input_ids=torch.tensor([ids])).last_hidden_state[0]
            vectors.append(torch.nn.functional.normalize(state[0] if first else state.mean(dim=0), dim=0))
            pieces.append(ids)
    return pieces, vectors, time.process_time() - start


def batched(folder, pieces):
    """The reference's own speed with batches of 32 texts of like length, padded: what it does best."""
    model = BertModel.from_pretrained(folder, add_pooling_layer=False).eval().float()
    order = sorted(pieces, key=len)
    start = time.process_time()
    with torch.no_grad():
        for at in range(0, len(order), 32):
            batch = order[at:at + 32]
            width = max(map(len, batch))
            ids = torch.tensor([row + [0] * (width - len(row)) for row in batch])
            mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in batch])
            model(input_ids=ids, attention_mask=mask)
    return time.process_time() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bench")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--texts", type=int, default=1000)
    options = parser.parse_args()
    logging.set_verbosity_error()
    torch.set_num_threads(1)
    texts = collect(options.texts)
    sentence = options.folder / "sentence_bert_config.json"
    limit = json.loads(sentence.read_text())["max_seq_length"] if sentence.exists() else 512
    pieces, vectors, seconds = reference(options.folder, texts, limit)
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        given, output = f"{scratch}/texts", f"{scratch}/out"
        pathlib.Path(given).write_text("".join(json.dumps(text) + "\n" for text in texts))
        for path in ("avx512", "avx2", "scalar") if "avx512f" in open("/proc/cpuinfo").read() else ("avx2", "scalar"):
            said = subprocess.run([options.bench, str(options.folder), given, output, path], check=True, capture_output=True, text=True).stdout
            rows = [json.loads(line) for line in open(output, encoding="utf-8")]
            differ = [text for text, row, want in zip(texts, rows, pieces) if row["pieces"] != want]
            cosines = [float(torch.dot(torch.tensor(row["vector"]), want)) for row, want in zip(rows, vectors)]
            print(f"{path}: {said.strip()}")
            print(f"  {len(texts)} texts, {len(differ)} with other pieces; cosine min {min(cosines):.7f}, median {statistics.median(cosines):.7f}")
            for text in differ[:5]:
                print("  other pieces:", json.dumps(text[:200]))
            failed = failed or min(cosines) < 0.9999
    total = sum(map(len, pieces))
    alone = len(texts) / seconds
    together = len(texts) / batched(options.folder, pieces)
    print(f"reference, one thread: {alone:.1f} texts/s one by one, {together:.1f} texts/s in sorted batches of 32; {total} pieces; "
          f"torch {torch.__version__}, {sum(any(ord(c) > 127 for c in text) for text in texts)} texts not ASCII")
    sys.exit(1 if failed else 0)


main()
