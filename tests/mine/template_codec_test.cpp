// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Stored templates: what is written is read again, and nothing else is.
#include <gtest/gtest.h>

#include "mine/template.h"
#include "mine/tree_builder.h"
#include "support/support.h"

namespace autodev::mine {
namespace {

using test::NotedTree;

Template sample() {
  const NotedTree a("(block (call f! (arguments a, 1)) (call g!) (return a))");
  const NotedTree b("(block (call f! (arguments x, 2)) (return x))");
  return anti_unify(template_of(a.tree, a.text), b.tree, b.text).result;
}

/// Everything a caller does with a template that came from outside.
void use(const Template& pattern) {
  const NotedTree tree("(block (call f! (arguments x, 2)) (return x))");
  EXPECT_GE(render(pattern).size() + 1, 1u);
  (void)match(pattern, tree.tree, tree.text);
  (void)public_holes(pattern);
  const auto made = anti_unify(pattern, tree.tree, tree.text);
  const bool foldable = !pattern.tree.nodes.empty() && pattern.tree.language == tree.tree.language;
  EXPECT_EQ(match(made.result, tree.tree, tree.text).has_value(), foldable);
  (void)instantiate(pattern, std::vector<std::string>(pattern.holes.size(), "x"));
  const std::string bytes = encode_template(pattern);
  EXPECT_EQ(test::value_of(decode_template(bytes)), pattern);
}

TEST(TemplateCodec, ReadsWhatItWrites) {
  const Template pattern = sample();
  ASSERT_EQ(pattern.holes.size(), 3u);
  EXPECT_EQ(test::value_of(decode_template(encode_template(pattern))), pattern);
  const NotedTree leaf("a");
  const Template small = template_of(leaf.tree, leaf.text);
  EXPECT_EQ(test::value_of(decode_template(encode_template(small))), small);
}

TEST(TemplateCodec, EveryPrefixIsRefused) {
  const std::string bytes = encode_template(sample());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto decoded = decode_template(std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(decoded) << size;
    EXPECT_EQ(decoded.error().code, ErrorCode::bad_data);
  }
  EXPECT_FALSE(decode_template(bytes + '\0'));
}

TEST(TemplateCodec, DamagedBytesAreRefusedOrHarmless) {
  const std::string bytes = encode_template(sample());
  std::size_t accepted = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (const int flip : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      if (const auto decoded = decode_template(damaged)) {
        ++accepted;
        use(*decoded);
      }
    }
  EXPECT_GT(accepted, 0u) << "a changed letter is still a template";
}

TEST(TemplateCodec, NewerVersionsAreNamed) {
  std::string bytes = encode_template(sample());
  bytes[0] = 2;
  EXPECT_EQ(decode_template(bytes).error().code, ErrorCode::config);
}

TEST(TemplateCodec, HolesMustBeNumberedAndDescribed) {
  const Template good = sample();
  const auto refused = [&](auto change) {
    Template bad = good;
    change(bad);
    return !decode_template(encode_template(bad));
  };
  EXPECT_FALSE(refused([](Template&) {}));
  EXPECT_TRUE(refused([](Template& t) { t.holes.pop_back(); }));
  EXPECT_TRUE(refused([](Template& t) { t.holes.push_back(t.holes.front()); }));
  EXPECT_TRUE(refused([](Template& t) { t.holes[0].kind = "sequence"; }));
  EXPECT_TRUE(refused([](Template& t) { t.holes[0].fillers.front().second = 0; }));
  EXPECT_TRUE(refused([](Template& t) { std::swap(t.holes[0].fillers[0], t.holes[0].fillers[1]); }));
  EXPECT_TRUE(refused([](Template& t) { t.holes[0].fillers.resize(65, {"z", 1}); }));
  EXPECT_TRUE(refused([](Template& t) { t.instances = 0; }));
  EXPECT_TRUE(refused([](Template& t) { t.text.clear(); }));
  for (std::size_t i = 0; i < good.tree.nodes.size(); ++i)
    if (syntax::is_hole(good.tree.nodes[i].kind)) {
      EXPECT_TRUE(refused([&](Template& t) { t.tree.nodes[i].symbol = 9; }));
      EXPECT_TRUE(refused([&](Template& t) { t.tree.nodes[i].symbol = 0; }));
    }
}

TEST(TemplateCodec, TreesThatClaimToHaveHolesAreDefused) {
  syntax::Nast tree = test::TreeBuilder::build("(block a b)");
  tree.nodes[1].kind = syntax::NodeKind::hole;
  tree.nodes[1].symbol = 4'000'000;
  tree.nodes[2].kind = syntax::NodeKind::sequence_hole;
  tree.nodes[2].end = 4'000'000;
  tree.nodes[1].symbol = 1;
  use(template_of(tree, "(block a b)"));
}

TEST(Instantiate, NeedsOneTextPerHole) {
  const auto made = instantiate(sample(), {"a"});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::usage);
  EXPECT_EQ(made.error().message, "the template has 3 holes, but 1 texts were given");
}

}  // namespace
}  // namespace autodev::mine
