// SPDX-License-Identifier: MIT OR Apache-2.0
#include "mine/edit_slice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "mine/edit_match.h"
#include "mine/edit_samples.h"
#include "mine/random_trees.h"
#include "mine/tree_builder.h"
#include "support/knowledge_samples.h"
#include "support/support.h"

namespace autodev::mine {
namespace {

using test::Code;

Code code_of(const std::string& source, Language language = Language::python) { return test::code_of(source, language); }

std::vector<FixRung> rungs(const std::string& before, const std::string& after, Language language = Language::python) {
  const Code left = code_of(before, language);
  const Code right = code_of(after, language);
  return fix_rungs(left.tree, left.text, right.tree, right.text);
}

std::vector<EditPattern> slices(const std::string& before, const std::string& after,
                                Language language = Language::python) {
  std::vector<EditPattern> found;
  for (FixRung& rung : rungs(before, after, language))
    if (rung.pattern.width == slice_width) found.push_back(std::move(rung.pattern));
  return found;
}

bool fires(const EditPattern& pattern, const std::string& source, Language language = Language::python) {
  const Code code = code_of(source, language);
  return find_mistake(pattern, UnitShape(code.tree)).has_value();
}

std::size_t firing(const std::vector<EditPattern>& patterns, const std::string& source,
                   Language language = Language::python) {
  return static_cast<std::size_t>(std::count_if(patterns.begin(), patterns.end(),
                                                [&](const EditPattern& one) { return fires(one, source, language); }));
}

const std::string unchecked = "def title(book):\n    part = book.get('title')\n    return part.strip()\n";
const std::string checked =
    "def title(book):\n    part = book.get('title')\n    if part is None:\n        return ''\n    return "
    "part.strip()\n";

TEST(EditSlice, AnAddedCheckIsMissedWhateverStandsBetweenDefinitionAndUse) {
  const auto learned = slices(unchecked, checked);
  ASSERT_FALSE(learned.empty());
  EXPECT_EQ(firing(learned, unchecked), learned.size());
  // Other statements lie between, which no rung of syntactic context allows.
  const std::string apart =
      "def title(shelf):\n    word = shelf.get('title')\n    log('asked')\n    total = 3\n    return word.strip()\n";
  EXPECT_EQ(firing(learned, apart), learned.size());
  std::size_t syntactic = 0;
  for (const FixRung& rung : rungs(unchecked, checked))
    syntactic += rung.pattern.width != slice_width && fires(rung.pattern, apart);
  EXPECT_EQ(syntactic, 0u);
}

TEST(EditSlice, TheCheckAnywhereBetweenDefinitionAndUseIsTheFix) {
  const auto learned = slices(unchecked, checked);
  ASSERT_FALSE(learned.empty());
  EXPECT_EQ(firing(learned, checked), 0u);
  EXPECT_EQ(firing(learned,
                   "def title(b):\n    p = b.get('title')\n    log('asked')\n    if p is None:\n        return ''\n    "
                   "n = 3\n    return p.strip()\n"),
            0u);
}

TEST(EditSlice, ACheckOfAnotherNameOrInFrontOfTheDefinitionIsNone) {
  const auto learned = slices(unchecked, checked);
  ASSERT_FALSE(learned.empty());
  EXPECT_GT(
      firing(learned,
             "def title(b, q):\n    p = b.get('title')\n    if q is None:\n        return ''\n    return p.strip()\n"),
      0u);
  EXPECT_GT(firing(learned,
                   "def title(b):\n    p = b.get('name')\n    if p is None:\n        return ''\n    p = "
                   "b.get('title')\n    return p.strip()\n"),
            0u);
}

TEST(EditSlice, AnotherDefinitionIsNotTheMistake) {
  const auto learned = slices(unchecked, checked);
  ASSERT_FALSE(learned.empty());
  EXPECT_EQ(firing(learned, "def title(b):\n    p = b.fetch('title')\n    return p.strip()\n"), 0u);
  EXPECT_EQ(firing(learned, "def title(p):\n    return p.strip()\n"), 0u);
  EXPECT_EQ(firing(learned, "def title(b):\n    p = b.get('title')\n    return p.lower()\n"), 0u);
}

TEST(EditSlice, TheConditionThatGovernsTheChangeIsPartOfIt) {
  const std::string before = "int sum(int *a, int n) { int s = 0; for (int i = 0; i <= n; i++) s += a[i]; return s; }";
  const std::string after = "int sum(int *a, int n) { int s = 0; for (int i = 0; i < n; i++) s += a[i]; return s; }";
  const auto learned = slices(before, after, Language::c);
  ASSERT_FALSE(learned.empty());
  for (const EditPattern& slice : learned)
    EXPECT_TRUE(std::any_of(slice.slice.begin(), slice.slice.end(),
                            [](const SliceFragment& one) { return one.role == SliceRole::asks; }));
  // The same comparison that decides nothing, and in another kind of condition.
  EXPECT_EQ(firing(learned, "int f(int *a, int n) { int i = 0; int s = i <= n; s += a[i]; return s; }", Language::c),
            0u);
  EXPECT_EQ(
      firing(learned, "int f(int *a, int n) { int s = 0; int i = 0; if (i <= n) s += a[i]; return s; }", Language::c),
      0u);
  EXPECT_GT(
      firing(
          learned,
          "int f(int *v, int m) { int t = 1; int i; puts(\"x\"); for (int k = 0; k <= m; k++) t *= v[k]; return t; }",
          Language::c),
      0u);
}

TEST(EditSlice, AnAddedReleaseHangsOnTheDefinition) {
  const std::string before = "def load(path):\n    log(path)\n    box = open(path)\n    log('opened')\n";
  const std::string after =
      "def load(path):\n    log(path)\n    box = open(path)\n    log('opened')\n    box.close()\n";
  const auto learned = slices(before, after);
  ASSERT_FALSE(learned.empty());
  EXPECT_EQ(learned.front().place, FixPlace::below);
  EXPECT_EQ(firing(learned, before), learned.size());
  EXPECT_EQ(firing(learned, after), 0u);
  EXPECT_EQ(
      firing(learned, "def load(path):\n    log(path)\n    f = open(path)\n    work()\n    f.close()\n    work()\n"),
      0u);
}

TEST(EditSlice, AnEditThatDependsOnNothingHasNone) {
  EXPECT_TRUE(slices("def f():\n    g(1)\n    h()\n", "def f():\n    g(2)\n    h()\n").empty());
}

TEST(EditSlice, BytesRoundTripAndShortOnesAreRefused) {
  const auto learned = slices(unchecked, checked);
  ASSERT_FALSE(learned.empty());
  for (const EditPattern& pattern : learned) {
    const std::string bytes = encode_edit(pattern);
    const EditPattern read = test::value_of(decode_edit(bytes));
    EXPECT_EQ(read.id, pattern.id);
    EXPECT_EQ(read.slice.size(), pattern.slice.size());
    EXPECT_EQ(read.before.places, pattern.before.places);
    EXPECT_EQ(encode_edit(read), bytes);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut)
      EXPECT_FALSE(decode_edit(bytes.substr(0, cut)).has_value()) << cut;
  }
}

TEST(EditSlice, TextsPointAtTheirHoles) {
  for (const EditPattern& pattern : slices(unchecked, checked))
    for (const TreePattern* side : {&pattern.before, &pattern.after})
      for (const HolePlace& place : side->places) {
        const std::string shown = "$" + std::to_string(place.number);
        EXPECT_EQ(side->text.substr(place.at, shown.size()), shown);
      }
}

TEST(EditSlice, DamagedBytesNeverCrashAMatch) {
  const auto learned = slices(unchecked, checked);
  ASSERT_FALSE(learned.empty());
  const Code code = code_of(unchecked);
  const UnitShape shape(code.tree);
  test::Chance chance(11);
  std::size_t decoded = 0;
  for (int round = 0; round < 20'000; ++round) {
    const auto pattern = decode_edit(test::damaged(encode_edit(learned[chance.below(learned.size())]), chance));
    if (!pattern) continue;
    ++decoded;
    (void)find_mistake(*pattern, shape);
    (void)required_atoms(*pattern);
  }
  EXPECT_GT(decoded, 100u);
}

/// Properties of slices of random edits of random trees.
class RandomSlices : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(RandomSlices, AreSubsetsOfTheTreeDeterministicAndFireOnlyBeforeTheFix) {
  test::RandomTrees random(GetParam());
  std::size_t sliced = 0;
  for (int round = 0; round < 150; ++round) {
    const std::string first = random.function();
    const std::string second = random.edited(first);
    const syntax::Nast before = test::TreeBuilder::build(first);
    const syntax::Nast after = test::TreeBuilder::build(second);
    const FixSide left(before, first), right(after, second);
    for (const syntax::TreeEdit& edit : syntax::diff_trees(before, after, 4).edits) {
      const EditSlice slice = slice_of(left, right, edit);
      EXPECT_LE(slice.ties.size(), max_slice_fragments);
      if (slice.ties.empty()) continue;
      ++sliced;
      EXPECT_LE(slice.core.last, before.nodes.size());
      for (const EditSlice::Tie& tie : slice.ties) {
        EXPECT_LT(tie.part.root, before.nodes.size());
        EXPECT_LE(tie.part.first, tie.part.last);
        EXPECT_LE(tie.part.last, tie.part.root + before.nodes[tie.part.root].size);
        EXPECT_TRUE(tie.name == 0 || (tie.name >= slice.core.first && tie.name < slice.core.last));
      }
      const auto once = slice_rungs(left, right, edit), again = slice_rungs(left, right, edit);
      ASSERT_EQ(once.size(), again.size());
      for (std::size_t i = 0; i < once.size(); ++i) EXPECT_EQ(encode_edit(once[i]), encode_edit(again[i]));
    }
    const UnitShape failed(before), passed(after);
    for (const FixRung& rung : fix_rungs(before, first, after, second)) {
      EXPECT_TRUE(find_mistake(rung.pattern, failed).has_value());
      EXPECT_FALSE(find_mistake(rung.pattern, passed).has_value());
      const auto atoms = required_atoms(rung.pattern);
      EXPECT_TRUE(std::includes(failed.atoms.begin(), failed.atoms.end(), atoms.begin(), atoms.end()));
    }
  }
  EXPECT_GT(sliced, 10u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomSlices, ::testing::Values(1u, 2u, 3u, 4u, 5u));

TEST(EditSlice, RenamedAndReformattedCodeHasTheSameSlices) {
  const auto ids = [](const std::vector<EditPattern>& patterns) {
    std::set<Digest> set;
    for (const EditPattern& pattern : patterns) set.insert(pattern.id);
    return set;
  };
  const auto renamed =
      slices("def name(b):\n\n    q = b.get( 'title' )\n    return q.strip()\n",
             "def name(b):\n    q = b.get('title')\n    if q is None: return ''\n    return q.strip()\n");
  EXPECT_EQ(ids(renamed), ids(slices(unchecked, checked)));
}

}  // namespace
}  // namespace autodev::mine
