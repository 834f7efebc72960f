#!/usr/bin/env python3
"""Assemble and check the built-in task corpus.

    build.py                 write tasks.jsonl from <family>/*.txt and order.txt
    build.py --check         exit 1 if tasks.jsonl is not what the sources give
    build.py --verify [-jN]  run references, and mutants of them, against the tests
    build.py --recurrence    measure how far earlier family members carry
    build.py --stats         counts per stratum, language and family

Add --only TEXT to look at the tasks whose id contains TEXT. Python 3.8+, standard
library only; g++ is needed for the C++ tasks of --verify and --recurrence.
"""
import argparse
import ast
import collections
import concurrent.futures
import json
import math
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE / "tasks.jsonl"
HEAD_KEYS = {"family", "stratum", "language", "about", "context", "tests_head", "tests_tail"}
TASK_KEYS = {"spec", "signature", "context", "reference", "tests", "hidden", "survivors"}
INLINE = {"family", "stratum", "language", "task"}
CXX = ["g++", "-std=c++17", "-O0", "-w"]


# ---------------------------------------------------------------- sources

def fail(message):
    raise SystemExit("corpus: " + message)


def parse_source(path):
    """One source file -> (head, tasks); sections start at a line '@@ name [value]'."""
    head, tasks, target, key = {}, [], None, None
    target = head
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("@@ "):
            if key is None:
                if line.strip():
                    fail(f"{path}:{number}: text outside a section")
                continue
            target[key].append(line)
            continue
        words = line[3:].split()
        name = words[0]
        if name == "task":
            target = {"slug": words[1]}
            tasks.append(target)
            key = None
            continue
        allowed = HEAD_KEYS if target is head else TASK_KEYS
        if name not in allowed or name in target:
            fail(f"{path}:{number}: unexpected or repeated section {name!r}")
        if name in INLINE:
            target[name], key = words[1], None
        else:
            target[name], key = [], name
    for block in [head] + tasks:
        for name, value in block.items():
            if isinstance(value, list):
                block[name] = "\n".join(value).strip("\n")
    return head, tasks


def first_line(reference, language):
    for line in reference.splitlines():
        if language == "python" and not line.startswith(("def ", "class ")):
            continue
        if language == "cpp":
            if line.startswith(("//", "static ", "namespace {", "template")) or not line.strip():
                continue
            return line.split("{")[0].rstrip()
        return line
    fail("no entry point in: " + reference[:60])


def load():
    """All tasks in stream order."""
    found = {}
    for path in sorted(HERE.glob("*/*.txt")):
        head, tasks = parse_source(path)
        family = head.get("family")
        if family != path.parent.name:
            fail(f"{path}: family {family!r} is not the folder's name")
        for task in tasks:
            ident = f"{family}/{task['slug']}"
            if ident in found:
                fail(f"{path}: {ident} is there twice")
            for need in ("spec", "reference", "tests", "hidden"):
                if not task.get(need):
                    fail(f"{ident}: no {need}")
            if task["tests"] == task["hidden"]:
                fail(f"{ident}: hidden tests repeat the visible ones")
            begin, end = head.get("tests_head", ""), head.get("tests_tail", "")

            def program(body):
                return "\n".join(part for part in (begin, body, end) if part) + "\n"

            language = head["language"]
            context = task.get("context", head.get("context", ""))
            found[ident] = {
                "id": ident,
                "stream": family,
                "stratum": head["stratum"],
                "spec": " ".join(task["spec"].split()),
                "language": language,
                "signature": task.get("signature") or first_line(task["reference"], language),
                "context": context + "\n" if context else "",
                "reference": task["reference"] + "\n",
                "tests": program(task["tests"]),
                "hidden_tests": program(task["hidden"]),
                "judge": "tests",
                "timeout_s": 10,
                "_survivors": [s.strip() for s in task.get("survivors", "").splitlines() if s.strip()],
            }
    order = [s for s in (HERE / "order.txt").read_text().split("\n") if s and not s.startswith("#")]
    if len(set(order)) != len(order):
        fail("order.txt repeats a task")
    if set(order) != set(found):
        fail(f"order.txt and the sources differ in: {sorted(set(order) ^ set(found))[:20]}")
    return [found[ident] for ident in order]


def render(tasks):
    rows = [{k: v for k, v in t.items() if not k.startswith("_")} for t in tasks]
    return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows).encode("utf-8")


# ---------------------------------------------------------------- running

def limits():
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (10, 10))


def run_program(task, code, tests):
    """(passed, message) of context + code + tests."""
    text = task["context"] + "\n" + code + "\n" + tests
    with tempfile.TemporaryDirectory(prefix="corpus-") as folder:
        if task["language"] == "python":
            source = os.path.join(folder, "program.py")
            command = [sys.executable, "-I", source]
        else:
            source = os.path.join(folder, "program.cpp")
            command = [os.path.join(folder, "program")]
        with open(source, "w", encoding="utf-8") as handle:
            handle.write(text)
        try:
            if task["language"] == "cpp":
                made = subprocess.run(CXX + [source, "-o", command[0]], capture_output=True,
                                      text=True, timeout=60)
                if made.returncode:
                    return False, made.stderr[:1500]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True,
                                  errors="replace", timeout=4, preexec_fn=limits)
        except subprocess.TimeoutExpired:
            return False, "time limit"
        return done.returncode == 0, f"exit {done.returncode} " + done.stderr[-1500:]


def entry_name(task):
    if task["language"] == "python":
        return re.match(r"(?:def|class)\s+(\w+)", task["signature"]).group(1)
    found = re.match(r"(?:struct|class)\s+(\w+)", task["signature"])
    if found:
        return found.group(1)
    return re.search(r"(\w+)\s*\(", task["signature"]).group(1)


# ---------------------------------------------------------------- mutants

def python_mutants(task):
    source, name = task["reference"], entry_name(task)
    tree = ast.parse(source)
    entry = next(n for n in tree.body if getattr(n, "name", "") == name)
    lines = source.split("\n")
    if isinstance(entry, ast.FunctionDef):
        for body in ("pass", "return 0", "return 1", "return True", "return False", "return ''",
                     "return []", "return {}"):
            kept = lines[:entry.body[0].lineno - 1]
            yield "body: " + body, "\n".join(kept + ["    " + body] + lines[entry.end_lineno:])
    else:
        yield "body: pass", "\n".join(lines[:entry.lineno - 1] + [f"class {name}:", "    pass"]
                                      + lines[entry.end_lineno:])
    skip = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Raise, ast.JoinedStr)):
            skip.update(map(id, ast.walk(node)))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skip.add(id(node.value))
        for note in [getattr(node, "annotation", None), getattr(node, "returns", None)]:
            if note is not None:
                skip.update(map(id, ast.walk(note)))
    raw = [line.encode("utf-8") for line in lines]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in skip or node.lineno != node.end_lineno:
            continue
        value = node.value
        if isinstance(value, bool):
            other = repr(not value)
        elif isinstance(value, int):
            other = f"({value} + 1)"
        elif isinstance(value, float):
            other = f"({value!r} * 1.01 + 0.01)"
        elif isinstance(value, str):
            other = repr(value + "_x")
        else:
            continue
        row = raw[node.lineno - 1]
        changed = row[:node.col_offset] + other.encode() + row[node.end_col_offset:]
        text = b"\n".join(raw[:node.lineno - 1] + [changed] + raw[node.lineno:])
        yield f"literal: {value!r} in: {lines[node.lineno - 1].strip()}", text.decode("utf-8")


CPP_TOKEN = re.compile(r"""
    (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<string>"(?:\\.|[^"\\])*")
  | (?P<char>'(?:\\.|[^'\\])+')
  | (?P<number>(?:0[xX][0-9a-fA-F']+|\d[\d']*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)[uUlLfF]*)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<space>\s+)
  | (?P<op><<=|>>=|->|::|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)
""", re.X | re.S)


def closing_brace(text, start):
    depth = 0
    for token in CPP_TOKEN.finditer(text, start):
        if token.lastgroup == "op":
            depth += {"{": 1, "}": -1}.get(token.group(), 0)
            if depth == 0 and token.group() == "}":
                return token.end()
    fail("unbalanced braces")


def cpp_mutants(task):
    source, sign = task["reference"], task["signature"]
    at = source.index(sign)
    brace = source.index("{", at + len(sign))
    end = closing_brace(source, brace)
    kind = sign.split(entry_name(task))[0].strip()
    if sign.startswith(("struct", "class")):
        bodies = []
    elif kind == "void":
        bodies = [""]
    elif kind == "bool":
        bodies = ["return true;", "return false;"]
    elif re.fullmatch(r"(std::)?(u?int\d*(_t)?|int|long|size_t|double|float|unsigned|char)", kind):
        bodies = ["return 0;", "return 1;"]
    elif kind == "auto":
        bodies = []
    else:
        bodies = ["return {};"]
    for body in bodies:
        yield "body: " + body, source[:brace] + "{ " + body + " }" + source[end:]
    if not bodies:
        yield "body: none", source[:brace] + "{}" + source[end:]
    in_throw = False
    for token in CPP_TOKEN.finditer(source):
        text, group = token.group(), token.lastgroup
        if text == "throw":
            in_throw = True
        elif text == ";":
            in_throw = False
        if in_throw:
            continue
        if group == "string":
            other = text[:-1] + '_x"'
        elif group == "char":
            other = f"(char)({text} + 1)"
        elif group == "number":
            real = not text.lower().startswith("0x") and re.search(r"[.eE]", text)
            other = f"({text} * 1.01 + 0.01)" if real else f"({text} + 1)"
        else:
            continue
        line = source[source.rfind("\n", 0, token.start()) + 1:].split("\n")[0].strip()
        yield f"literal: {text} in: {line}", source[:token.start()] + other + source[token.end():]


def mutants(task, cap):
    made = list(python_mutants(task) if task["language"] == "python" else cpp_mutants(task))
    bodies = [m for m in made if m[0].startswith("body")]
    rest = [m for m in made if not m[0].startswith("body")]
    if len(rest) > cap:
        rest = [rest[i * len(rest) // cap] for i in range(cap)]
    return bodies + rest


def verify_one(task, cap):
    """(problems, programs run) of one task."""
    problems, runs = [], 2
    for field in ("tests", "hidden_tests"):
        good, message = run_program(task, task["reference"], task[field])
        if not good:
            problems.append(f"{task['id']}: the reference fails {field}: {message}")
    if problems:
        return problems, runs
    unused = set(task["_survivors"])
    for label, code in mutants(task, cap):
        runs += 1
        if run_program(task, code, task["hidden_tests"])[0]:
            allowed = [text for text in task["_survivors"] if text in label]
            unused.difference_update(allowed)
            if not allowed:
                problems.append(f"{task['id']}: the hidden tests accept a mutant, {label}")
    if cap >= 1000:
        problems += [f"{task['id']}: no mutant survives as {text}" for text in sorted(unused)]
    return problems, runs


def verify(tasks, jobs, cap):
    bad = runs = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for problems, count in pool.map(lambda t: verify_one(t, cap), tasks):
            runs += count
            bad += bool(problems)
            for line in problems:
                print(line, flush=True)
    print(f"{len(tasks) - bad} of {len(tasks)} tasks hold; {runs} programs run")
    return 1 if bad else 0


# ---------------------------------------------------------------- recurrence

def words(text):
    return re.findall(r"[a-z]+|\d+", re.sub(r"([a-z])([A-Z])", r"\1 \2", text).lower())


def nearest(task, earlier):
    """The earlier task whose spec and signature score highest by BM25."""
    documents = [words(t["spec"] + " " + t["signature"]) for t in earlier]
    mean = sum(map(len, documents)) / len(documents)
    seen = collections.Counter(w for d in documents for w in set(d))

    def score(index):
        counts, total = collections.Counter(documents[index]), 0.0
        for word in set(words(task["spec"] + " " + task["signature"])):
            n, f = seen[word], counts[word]
            idf = math.log(1 + (len(documents) - n + 0.5) / (n + 0.5))
            total += idf * f * 2.2 / (f + 1.2 * (0.25 + 0.75 * len(documents[index]) / mean))
        return total
    return earlier[max(range(len(earlier)), key=lambda i: (score(i), i))]


BOOLS = {"True", "False", "None", "true", "false", "nullptr"}
PY_KEEP = set("""and as assert break class continue def del elif else except finally for
from global if import in is lambda nonlocal not or pass raise return try while with yield""".split())
CPP_KEEP = set("""auto bool break case catch char class const constexpr continue default delete do double else
enum explicit float for if inline int long namespace new operator private public return short
signed size_t sizeof static static_cast struct switch template this throw try typedef typename union
unsigned using virtual void while std""".split())


def shape(task):
    """Tokens as (kind, text); kind is name, string, number, bool, edge or fixed."""
    source = task["reference"]
    if task["language"] == "python":
        import io
        import tokenize
        out = []
        for t in tokenize.generate_tokens(io.StringIO(source).readline):
            if t.type in (tokenize.COMMENT, tokenize.NL, tokenize.ENDMARKER):
                continue
            if t.type == tokenize.STRING and (not out or out[-1][0] == "edge"):
                continue  # a docstring
            if t.type == tokenize.NAME and t.string in BOOLS:
                out.append(("bool", t.string))
            elif t.type == tokenize.NAME and t.string not in PY_KEEP:
                out.append(("name", t.string))
            elif t.type == tokenize.STRING:
                out.append(("string", t.string))
            elif t.type == tokenize.NUMBER:
                out.append(("number", t.string))
            elif t.type in (tokenize.INDENT, tokenize.DEDENT, tokenize.NEWLINE):
                out.append(("edge", str(t.type)))
            else:
                out.append(("fixed", t.string))
        return out
    out = []
    for t in CPP_TOKEN.finditer(source):
        kind = t.lastgroup
        if kind in ("comment", "space"):
            continue
        if t.group() in BOOLS:
            kind = "bool"
        elif kind == "op" or (kind == "name" and t.group() in CPP_KEEP):
            kind = "fixed"
        out.append(("string" if kind == "char" else kind, t.group()))
    return out


def same_shape(old, new, strict=False):
    """True if one replacement of names turns old into new.

    Literals may differ place by place; strict: the same literal becomes the same one everywhere.
    """
    if len(old) != len(new):
        return False
    there, back = {}, {}
    for (kind_a, a), (kind_b, b) in zip(old, new):
        if kind_a != kind_b:
            return False
        if kind_a in ("fixed", "edge"):
            if a != b:
                return False
        elif kind_a != "name" and not strict:
            continue
        elif there.setdefault((kind_a, a), b) != b:
            return False
        elif kind_a == "name" and back.setdefault(b, a) != a:
            return False
    return True


def renamed(task, earlier):
    return re.sub(rf"\b{entry_name(earlier)}\b", entry_name(task), earlier["reference"])


def recurrence(tasks, jobs, every):
    history = collections.defaultdict(list)
    work, shaped, rows = [], [], collections.defaultdict(lambda: [0] * 5)
    for task in tasks:
        if task["stratum"] == "R":
            earlier = history[task["stream"]]
            if earlier:
                near = nearest(task, earlier)
                work.append((task, near, True))
                if every:
                    work.extend((task, e, False) for e in earlier if e is not near)
            if len(earlier) >= 2:
                new = shape(task)
                shaped.append((task, [any(same_shape(shape(e), new, s) for e in earlier)
                                      for s in (False, True)]))
            earlier.append(task)

    def attempt(item):
        task, old, is_nearest = item
        return run_program(task, renamed(task, old), task["hidden_tests"])[0]

    copied = near_total = any_copied = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for (task, old, is_nearest), good in zip(work, pool.map(attempt, work)):
            near_total += is_nearest
            copied += good and is_nearest
            any_copied += good
            if is_nearest:
                rows[task["stream"]][0] += 1
                rows[task["stream"]][1] += good
            if good:
                print(f"copy passes: {old['id']} -> {task['id']}", flush=True)
    for task, found in shaped:
        rows[task["stream"]][2] += 1
        rows[task["stream"]][3] += found[0]
        rows[task["stream"]][4] += found[1]
    print(f"{'family':<22}{'copied':>8}{'pass':>6}{'later':>8}{'shape':>7}{'strict':>7}")
    for name, row in sorted(rows.items()):
        print(f"{name:<22}{row[0]:>8}{row[1]:>6}{row[2]:>8}{row[3]:>7}{row[4]:>7}")
    print(f"verbatim copy of the nearest earlier member passes: {copied} of {near_total}"
          f" ({100 * copied / max(1, near_total):.1f} %)")
    if every:
        print(f"verbatim copy, every earlier member: {any_copied} of {len(work)} pairs")
    for index, what in enumerate(("literals free", "literals consistent")):
        same = sum(found[index] for _, found in shaped)
        print(f"shape of an earlier member, from the third member on, {what}: {same} of {len(shaped)}"
              f" ({100 * same / max(1, len(shaped)):.1f} %)")
    return 0


def stats(tasks):
    table = collections.Counter((t["stratum"], t["language"], t["stream"]) for t in tasks)
    for (stratum, language, family), count in sorted(table.items()):
        print(f"{stratum}  {language:<8}{family:<22}{count:>4}")
    for key in ("stratum", "language"):
        print(key, dict(sorted(collections.Counter(t[key] for t in tasks).items())))
    print("tasks", len(tasks), " families", len({t["stream"] for t in tasks}))
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    group = parser.add_mutually_exclusive_group()
    for name in ("check", "verify", "recurrence", "stats"):
        group.add_argument("--" + name, action="store_true")
    parser.add_argument("-j", "--jobs", type=int, default=1)
    parser.add_argument("--only", default="", help="tasks whose id contains this")
    parser.add_argument("--mutants", type=int, default=8, help="literal mutants per task; 1000 for all, which also reports idle survivors")
    parser.add_argument("--every", action="store_true", help="--recurrence: copy every earlier member")
    args = parser.parse_args()
    tasks = load()
    some = [t for t in tasks if args.only in t["id"]]
    if args.verify:
        return verify(some, args.jobs, args.mutants)
    if args.recurrence:
        return recurrence(some, args.jobs, args.every)
    if args.stats:
        return stats(some)
    data = render(tasks)
    if args.check:
        if not OUT.exists() or OUT.read_bytes() != data:
            print("tasks.jsonl is stale: run bench/corpus/build.py", file=sys.stderr)
            return 1
        print(f"tasks.jsonl holds {len(tasks)} tasks and is up to date")
        return 0
    OUT.write_bytes(data)
    print(f"{OUT.name}: {len(tasks)} tasks, {len(data)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
