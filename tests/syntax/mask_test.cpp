// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Masking keeps every offset and touches only what a parser without a preprocessor stumbles over.
#include "syntax/mask.h"

#include <gtest/gtest.h>

#include <random>

#include "support/support.h"
#include "syntax/extract.h"

namespace autodev::syntax {
namespace {

TEST(Mask, KeepsLengthAndLineBreaks) {
  const std::string source = "#if A\nint x;\n#else\nint y;\n#endif\nFOO_API int z;\n";
  const auto masked = mask_preprocessor(source);
  ASSERT_EQ(masked.size(), source.size());
  for (std::size_t i = 0; i < source.size(); ++i) EXPECT_EQ(source[i] == '\n', masked[i] == '\n') << i;
  EXPECT_EQ(masked, "     \nint x;\n     \n      \n      \n        int z;\n");
}

TEST(Mask, TakesTheSecondBranchOfIfZero) {
  EXPECT_EQ(mask_preprocessor("#if 0\nbad(\n#else\ngood();\n#endif\n"), "     \n    \n     \ngood();\n      \n");
  EXPECT_EQ(mask_preprocessor("#if 0\nbad(\n#elif B\ngood();\n#else\nbad(\n#endif\n"),
            "     \n    \n       \ngood();\n     \n    \n      \n");
}

TEST(Mask, NestsConditions) {
  EXPECT_EQ(mask_preprocessor("#ifdef A\n#if 0\nx\n#else\ny\n#endif\n#else\n#if 1\nz\n#endif\n#endif\nw\n"),
            "        \n     \n \n     \ny\n      \n     \n     \n \n      \n      \nw\n");
}

TEST(Mask, BlanksAnnotationMacrosWithTheirArguments) {
  EXPECT_EQ(mask_preprocessor("_GLIBCXX_VISIBILITY(default) int f() __THROW;"),
            "                             int f()        ;");
  EXPECT_EQ(mask_preprocessor("int f(void) __attribute_deprecated__ __nonnull((1));"),
            "int f(void)                                        ;");
}

TEST(Mask, LeavesOrdinaryMacrosLiteralsAndCommentsAlone) {
  for (const std::string source :
       {"int a = MAX_SIZE;", "f(\"FOO_API\", 'x', \"\\\"\");", "// FOO_API\n", "/* #if 0 */ int a;\n",
        "#include <vector>\n", "#define FOO_API x\n", "auto s = R\"(FOO_API \" )\";",
        "int n = 1'000'000; char c = '\\'';", "x = _GLIBCXX_MOVE(y);"})
    EXPECT_EQ(mask_preprocessor(source), source);
}

TEST(Mask, SurvivesAnythingAtAll) {
  std::mt19937 random(3);
  const std::string alphabet = "#if0\\\n\"'R(/*else endif)_API \r";
  for (int round = 0; round < 3000; ++round) {
    std::string source(random() % 80, ' ');
    for (auto& c : source) c = alphabet[random() % alphabet.size()];
    EXPECT_EQ(mask_preprocessor(source).size(), source.size()) << source;
  }
}

TEST(Mask, AFunctionBrokenByABranchInTheMiddleIsFound) {
  const auto file = test::value_of(extract_units(
      "int f(int a) {\n#ifdef WIN\n  if (a) {\n#else\n  if (!a) {\n#endif\n    return 1;\n  }\n  return 0;\n}\n",
      Language::cpp, "a.cpp"));
  ASSERT_EQ(file.units.size(), 1u);
  EXPECT_EQ(file.units_with_errors, 0u);
  EXPECT_NE(file.units[0].text.find("#else"), std::string::npos);
}

}  // namespace
}  // namespace autodev::syntax
