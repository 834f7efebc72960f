#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Makes src/index/bert_character_{classes,runs}.cpp: what BERT's tokenizer makes of each Unicode character.

Models were trained with the answers of the `tokenizers` library (Unicode 8 categories, later decompositions), so that library
is asked for every code point: which ones are dropped, which stand alone, what is left without accents, what is lower case.

    python3 -m venv V && V/bin/pip install tokenizers==0.20.3
    V/bin/python bench/embedder/bert_characters.py src/index
"""
import sys

from tokenizers import normalizers, pre_tokenizers

POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
HANGUL = range(0xAC00, 0xD7A4)  # decomposed by arithmetic


def step(**on):
    flags = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    flags.update(on)
    normalizer = normalizers.BertNormalizer(**flags)
    return {c: normalizer.normalize_str(chr(c)) for c in POINTS}


def ranges(points):
    found = []
    for c in points:
        if found and found[-1][1] == c - 1:
            found[-1][1] = c
        else:
            found.append([c, c])
    return found


def runs(mapping):
    """Runs of characters one or two apart whose targets are one, or keep their distance."""
    left = sorted((c, ord(t)) for c, t in mapping.items())
    found = []
    while left:
        best = 1, 1, 0
        for stride in (1, 2):
            for slope in (0, 1):
                count = 1
                while count < len(left) and left[count][0] == left[0][0] + stride * count and \
                        left[count][1] == left[0][1] + slope * stride * count:
                    count += 1
                best = max(best, (count, stride, slope), key=lambda run: run[0])
        count, stride, slope = best
        found.append((left[0][0], left[count - 1][0], left[0][1], stride, slope))
        left = left[count:]
    return found


def table(kind, name, rows):
    text, line = [], " "
    for row in rows:
        item = " {" + ", ".join(f"0x{value:x}" if value > 9 else str(value) for value in row) + "},"
        if len(line) + len(item) > 120:
            text.append(line)
            line = " "
        line += item
    text.append(line)
    body = "\n".join(text)
    return f"constexpr {kind} {name}[] = {{\n{body}\n}};\n"


def write(folder, name, tables, function):
    with open(f"{folder}/{name}", "w", encoding="utf-8") as out:
        out.write("// SPDX-License-Identifier: MIT OR Apache-2.0\n//\n"
                  "// Made by bench/embedder/bert_characters.py, which says how; not edited by hand.\n"
                  '#include "index/bert_characters.h"\n\nnamespace autodev::index::bert {\nnamespace {\n\n'
                  + "".join(tables) + "\n}  // namespace\n\n" + function + "\n}  // namespace autodev::index::bert\n")


def main():
    clean, bare, lower = step(clean_text=True), step(strip_accents=True), step(lowercase=True)
    ideographs = [c for c, t in step(handle_chinese_chars=True).items() if t != chr(c)]
    split = pre_tokenizers.BertPreTokenizer()
    parts = {c: len(split.pre_tokenize_str("a" + chr(c) + "b")) for c in POINTS}
    changed = {c: t for c, t in bare.items() if t != chr(c) and c not in HANGUL}
    assert all(len(t) <= 3 for t in changed.values())
    assert [c for c, t in lower.items() if len(t) != 1] == [0x130]
    write(sys.argv[1], "bert_character_classes.cpp", [
        table("CharacterRange", "dropped", ranges(c for c, t in clean.items() if t == "")),
        table("CharacterRange", "blank", ranges(c for c, n in parts.items() if n == 2)),
        table("CharacterRange", "punctuation", ranges(c for c, n in parts.items() if n == 3)),
        table("CharacterRange", "ideographs", ranges(ideographs)),
        table("CharacterRange", "accents", ranges(c for c, t in changed.items() if t == "")),
        table("CharacterRun", "lower", runs({c: t for c, t in lower.items() if t != chr(c) and len(t) == 1})),
    ], """const CharacterClasses& character_classes() noexcept {
  static constexpr CharacterClasses classes{dropped, blank, punctuation, ideographs, accents, lower};
  return classes;
}
""")
    write(sys.argv[1], "bert_character_runs.cpp", [
        table("CharacterRun", "bare", runs({c: t for c, t in changed.items() if len(t) == 1})),
        table("CharacterSplit", "split",
              [[c] + [ord(x) for x in t] + [0] * (3 - len(t)) for c, t in changed.items() if len(t) > 1]),
    ], """const Decompositions& decompositions() noexcept {
  static constexpr Decompositions all{bare, split};
  return all;
}
""")


main()
