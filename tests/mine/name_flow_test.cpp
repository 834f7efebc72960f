// SPDX-License-Identifier: MIT OR Apache-2.0
#include "mine/name_flow.h"

#include <gtest/gtest.h>

#include "support/support.h"
#include "syntax/extract.h"
#include "syntax/tree_diff.h"

namespace autodev::mine {
namespace {

/// A function and questions about it, asked and answered in its own text.
class Flow {
 public:
  Flow(const std::string& source, Language language) {
    syntax::ExtractOptions options;
    options.blocks = options.types = false;
    const auto units = test::value_of(syntax::extract_units(source, language, "file", options)).units;
    EXPECT_EQ(units.size(), 1u) << source;
    text_ = units.at(0).text;
    tree_ = test::value_of(syntax::decode_nast(units.at(0).tree));
    parent_ = syntax::parents_of(tree_);
  }

  /// Where the name that stands first behind `marker` was set.
  std::string defined(const std::string& marker) const {
    return with(marker, [&](const FlowView& flow, std::uint32_t node) {
      return said(definition_before(flow, tree_.nodes[node].symbol, node));
    });
  }
  std::string used(const std::string& marker) const {
    return with(marker, [&](const FlowView& flow, std::uint32_t node) {
      return said(use_after(flow, tree_.nodes[node].symbol, parent_[node], node, node + 1));
    });
  }
  std::string governed(const std::string& marker) const {
    return with(marker, [&](const FlowView& flow, std::uint32_t node) -> std::string {
      const auto governor = governor_of(flow, parent_[node], node);
      if (!governor) return "nothing";
      const char* how = governor->how == Governs::asked   ? "asked"
                        : governor->how == Governs::holds ? "holds: "
                                                          : "fails: ";
      return how + (governor->how == Governs::asked ? std::string() : said(governor->condition));
    });
  }

 private:
  template <typename Ask>
  std::string with(const std::string& marker, const Ask& ask) const {
    const NameIndex names(tree_);
    const FlowView flow{tree_, parent_, names};
    const std::size_t from = text_.find(marker);
    EXPECT_NE(from, std::string::npos) << marker;
    for (std::uint32_t i = 0; i < tree_.nodes.size(); ++i)
      if (syntax::is_local_name(tree_.nodes[i]) && tree_.nodes[i].start >= from) return ask(flow, i);
    return "no name";
  }
  std::string said(const std::optional<CodePart>& part) const {
    if (!part) return "nothing";
    if (part->first == part->last) return "";
    std::uint32_t end = 0;
    for (std::uint32_t i = part->first; i < part->last; i += tree_.nodes[i].size)
      end = std::max(end, tree_.nodes[i].end);
    const std::uint32_t start = tree_.nodes[part->first].start;
    return text_.substr(start, end - start);
  }

  std::string text_;
  syntax::Nast tree_;
  std::vector<std::uint32_t> parent_;
};

TEST(NameFlow, TheLastDefinitionAboveCounts) {
  const Flow flow("int f(int *a, int n) { int s = 0, t; s = g(n); s += 2; if (s > n) t = a[s]; return t; }",
                  Language::c);
  EXPECT_EQ(flow.defined("s > n"), "s += 2");
  EXPECT_EQ(flow.defined("n) t"), "int n");
  EXPECT_EQ(flow.defined("t; }"), "t = a[s]");
  EXPECT_EQ(flow.defined("t = a"), "t");
}

TEST(NameFlow, AnAssignmentIsNoDefinitionOfWhatItReads) {
  const Flow flow("def f(x):\n    y = 1\n    y = g(y, x)\n    return y\n", Language::python);
  EXPECT_EQ(flow.defined("y, x"), "y = 1");
  EXPECT_EQ(flow.defined("x)\n    return"), "x");
}

TEST(NameFlow, TheNextUseIsTheExpressionAroundTheName) {
  const Flow flow("def f(d, k):\n    part = d.get(k)\n    log(k)\n    return part.strip()\n", Language::python);
  EXPECT_EQ(flow.used("part"), "part.strip()");
  EXPECT_EQ(flow.used("k)\n    log"), "log(k)");
  EXPECT_EQ(flow.used("part.strip"), "nothing");
}

TEST(NameFlow, ANameThatIsSetAnewIsNotUsed) {
  const Flow flow("def f(a):\n    b = a\n    b = 3\n    return b\n", Language::python);
  EXPECT_EQ(flow.used("b = a"), "nothing");
  EXPECT_EQ(flow.used("b = 3"), "return b");
}

TEST(NameFlow, ALoopsHeadIsUsedInItsBody) {
  const Flow flow("int f(int *a, int n) { int s = 0; for (int i = 0; i <= n; i++) s += a[i]; return s; }", Language::c);
  EXPECT_EQ(flow.used("i <= n"), "a[i]");
  EXPECT_EQ(flow.governed("i <= n"), "asked");
  EXPECT_EQ(flow.governed("s += a"), "holds: i <= n");
  EXPECT_EQ(flow.governed("s; }"), "nothing");
}

TEST(NameFlow, BranchesTellWhetherTheConditionHolds) {
  const Flow flow("int f(int a, int b) { if (a < b) { return a; } else { b = a + 1; } return b; }", Language::c);
  EXPECT_EQ(flow.governed("a < b"), "asked");
  EXPECT_EQ(flow.governed("a; } else"), "holds: a < b");
  EXPECT_EQ(flow.governed("b = a"), "fails: a < b");
  const Flow loop("def f(rows):\n    for i, row in enumerate(rows):\n        use(row)\n", Language::python);
  EXPECT_EQ(loop.governed("row)"), "holds: i, row in enumerate(rows)");
  EXPECT_EQ(loop.defined("row)"), "i, row");
}

}  // namespace
}  // namespace autodev::mine
