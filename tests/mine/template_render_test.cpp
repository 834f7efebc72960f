// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Templates of types as text: what their tree does not hold is not shown.
#include "mine/template.h"
#include "support/support.h"
#include "syntax/extract.h"

namespace autodev::mine {
namespace {

using test::value_of;

Template template_of_type(const std::string& source, Language language, const std::string& path) {
  for (const CodeUnit& unit : value_of(syntax::extract_units(source, language, path)).units)
    if (unit.kind == UnitKind::type) return template_of(value_of(syntax::decode_nast(unit.tree)), unit.text);
  return {};
}

TEST(TemplateRender, TheBodiesOfAPythonClassAreLeftOut) {
  const Template pattern = template_of_type(
      "class Cache:\n    limit = 10\n\n    def __init__(self, size: int = 3):\n        self.size = size\n\n    def get(self, key) -> str:\n"
      "        if key:\n            return {'a': key}\n        return self.load(key)\n\n    name = 'cache'\n",
      Language::python, "cache.py");
  EXPECT_EQ(render(pattern),
            "class Cache:\n    limit = 10\n\n    def __init__(self, size: int = 3): ...\n\n    def get(self, key) -> str: ...\n\n    name = 'cache'");
}

TEST(TemplateRender, TheBodiesOfClassesInBracesAreLeftOut) {
  const Template java = template_of_type(
      "class Cache {\n  private int size = 3;\n  String get(String key) {\n    return load(key);\n  }\n  void clear() { size = 0; }\n}\n", Language::java,
      "Cache.java");
  EXPECT_EQ(render(java), "class Cache {\n  private int size = 3;\n  String get(String key) { ... }\n  void clear() { ... }\n}");
  const Template cpp = template_of_type(
      "struct Cache {\n  int size = 3;\n  int get(int key) const { return load(key); }\n  virtual void clear() = 0;\n};\n", Language::cpp, "cache.cpp");
  EXPECT_EQ(render(cpp), "struct Cache {\n  int size = 3;\n  int get(int key) const { ... }\n  virtual void clear() = 0;\n}");
}

TEST(TemplateRender, WhatIsFilledInKeepsTheWholeText) {
  const std::string source = "class Cache:\n    def get(self, key):\n        return self.load(key)\n";
  const Template pattern = template_of_type(source, Language::python, "cache.py");
  EXPECT_EQ(value_of(instantiate(pattern, {})), "class Cache:\n    def get(self, key):\n        return self.load(key)");
}

TEST(TemplateRender, HolesOfTwoTypesStayBesideTheBodiesThatAreLeftOut) {
  const std::string one = "class UserCache:\n    limit = 10\n\n    def get(self, key):\n        return self.load(key)\n";
  const std::string other = "class OrderCache:\n    limit = 25\n\n    def get(self, key):\n        raise KeyError(key)\n";
  const Template first = template_of_type(one, Language::python, "a.py");
  const Template second = template_of_type(other, Language::python, "b.py");
  const Template both = anti_unify(first, second.tree, second.text).result;
  const std::string shown = render(both);
  EXPECT_EQ(shown.find("load"), std::string::npos) << shown;
  EXPECT_NE(shown.find("limit = $"), std::string::npos) << shown;
  EXPECT_NE(shown.find("def get(self, key): ..."), std::string::npos) << shown;
}

TEST(TemplateRender, FunctionsKeepTheirBodies) {
  const std::string source = "def outer(x):\n    def inner(y):\n        return y + 1\n    return inner(x)\n";
  const auto units = value_of(syntax::extract_units(source, Language::python, "f.py")).units;
  ASSERT_FALSE(units.empty());
  EXPECT_EQ(render(template_of(value_of(syntax::decode_nast(units[0].tree)), units[0].text)), units[0].text);
}

}  // namespace
}  // namespace autodev::mine
