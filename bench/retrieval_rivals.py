#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Nearest vectors, side by side with other libraries: retrieval_rivals.py --bench vector_bench --functions FILE
[--size N] [--queries N] [--folder F] [--recall 0.98]

Runs vector_bench, which leaves its f32 vectors, queries and exact answers in the folder; then asks hnswlib, usearch and
faiss-flat (pip install hnswlib usearch faiss-cpu) the same questions in this process, each with one thread, one query
a call, and vector_bench once more after each. A library that is not installed is left out and named. Graphs are searched with the smallest ef that reaches
the wanted recall@10; where none does, the best reached is printed. Times are processor
time, since the wall clock of a shared machine measures the neighbours. Ratios are medians over our median.
"""
import argparse
import json
import os
import subprocess
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

EFS = (32, 64, 128, 256, 512, 1024, 2048, 4096)


def measure(search, queries, truth):
    """Times each query (processor time); returns (recall@10, p50, p99, max) in microseconds."""
    for query in queries[:20]:
        search(query)
    times, right = [], 0
    for query, wanted in zip(queries, truth):
        start = time.process_time_ns()
        found = search(query)
        times.append(1e-3 * (time.process_time_ns() - start))
        right += len(set(int(number) for number in found) & wanted)
    times.sort()
    return right / sum(len(w) for w in truth), times[len(times) // 2], times[len(times) * 99 // 100], times[-1]


def best_ef(set_ef, search, queries, truth, recall):
    best = None
    for ef in EFS:
        set_ef(ef)
        row = measure(search, queries, truth) + (ef,)
        if best is None or row[0] > best[0]:
            best = row
        if row[0] >= recall:
            return row
    return best


def hnsw(documents, queries, truth, recall):
    import hnswlib
    index = hnswlib.Index(space="ip", dim=documents.shape[1])
    index.init_index(max_elements=len(documents), M=16, ef_construction=200, random_seed=1)
    index.set_num_threads(2)
    start = time.perf_counter()
    index.add_items(documents)
    built = time.perf_counter() - start
    index.set_num_threads(1)
    row = best_ef(index.set_ef, lambda q: index.knn_query(q, k=10)[0][0], queries, truth, recall)
    return f"hnswlib M 16, ef {row[4]}", row[:4], built


def usearch(documents, queries, truth, recall):
    import numpy
    from usearch.index import Index
    index = Index(ndim=documents.shape[1], metric="ip", dtype="bf16", connectivity=16, expansion_add=128)
    start = time.perf_counter()
    index.add(numpy.arange(len(documents)), documents, threads=2)
    built = time.perf_counter() - start

    def set_ef(ef):
        index.expansion_search = ef
    row = best_ef(set_ef, lambda q: index.search(q, 10, threads=1).keys, queries, truth, recall)
    return f"usearch bf16, ef {row[4]}", row[:4], built


def faiss_flat(documents, queries, truth, _recall):
    import faiss
    faiss.omp_set_num_threads(1)
    index = faiss.IndexFlatIP(documents.shape[1])
    start = time.perf_counter()
    index.add(documents)
    built = time.perf_counter() - start
    few = 60 if len(documents) > 200_000 else len(queries)
    row = measure(lambda q: index.search(q[None, :], 10)[1][0], queries[:few], truth[:few])
    return "faiss flat f32", row, built


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", required=True)
    parser.add_argument("--functions", required=True)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--folder", default="/tmp/autodev-vector-bench")
    parser.add_argument("--recall", type=float, default=0.98)
    parser.add_argument("--skip", default="", help="rivals to leave out, with commas: hnswlib,usearch,faiss")
    options = parser.parse_args()
    run = subprocess.run([options.bench, "--functions", options.functions, "--size", str(options.size), "--queries",
                          str(options.queries), "--folder", options.folder], stdout=subprocess.PIPE, text=True)
    if run.returncode != 0:
        sys.exit(run.returncode)
    print(run.stdout.rsplit("\n", 2)[0], flush=True)
    ours = json.loads(run.stdout.strip().splitlines()[-1])
    try:
        import numpy
    except ImportError:
        print("hnswlib, usearch and faiss are left out: numpy is not installed (pip install numpy hnswlib usearch faiss-cpu)")
        print(json.dumps({**ours, "rivals": []}, sort_keys=True))
        return
    reaching = [r for r in ours["rows"] if r["name"].startswith("signs") and r["recall10"] >= options.recall]
    shipped = next(r for r in ours["rows"] if r["name"] == "as shipped")
    base = reaching[0] if reaching else shipped
    queries = numpy.fromfile(f"{options.folder}/queries.f32", dtype=numpy.float32).reshape(ours["queries"], -1)
    documents = numpy.fromfile(f"{options.folder}/documents.f32", dtype=numpy.float32).reshape(ours["documents"], -1)
    with open(f"{options.folder}/truth.txt") as lines:
        truth = [set(int(number) for number in line.split()) for line in lines]
    rivals = []
    print(f"\nratios to \"as shipped\" ({shipped['recall10']:.4f} in {shipped['p50_us']:.0f} µs) and to \"{base['name']}\""
          f" ({base['recall10']:.4f} in {base['p50_us']:.0f} µs)")
    for name, rival in (("faiss", faiss_flat), ("usearch", usearch), ("hnswlib", hnsw)):
        if name in options.skip.split(","):
            print(f"{name:<28} left out as asked for")
            continue
        try:
            label, row, built = rival(documents, queries, truth, options.recall)
        except ImportError as error:
            print(f"{name:<28} left out: {error}")
            continue
        again = json.loads(subprocess.run([options.bench, "--again", "--folder", options.folder], stdout=subprocess.PIPE, text=True,
                                          check=True).stdout)
        missed = "" if row[0] >= options.recall else "  (below the wanted recall)"
        print(f"{label:<28}{row[0]:>10.4f}{row[1]:>10.0f}{row[2]:>10.0f}{row[3]:>10.0f}  built in {built:.1f} s,"
              f" {row[1] / shipped['p50_us']:.1f}x / {row[1] / base['p50_us']:.1f}x; ours right after it {again['recall10']:.4f} in"
              f" {again['p50_us']:.0f} µs: {row[1] / again['p50_us']:.1f}x{missed}", flush=True)
        rivals.append({"name": label, "recall10": row[0], "p50_us": row[1], "p99_us": row[2], "max_us": row[3],
                       "built_s": built, "ratio": row[1] / shipped["p50_us"], "ratio_after": row[1] / again["p50_us"]})
    print(json.dumps({**ours, "rivals": rivals}, sort_keys=True))


if __name__ == "__main__":
    main()
