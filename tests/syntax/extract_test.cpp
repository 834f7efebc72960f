// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Placeholder head; see below.
#include "syntax/extract.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "support/support.h"
#include "syntax/nast.h"

namespace autodev::syntax {
TEST(Dump, All) {
  const char* path = std::getenv("DUMP");
  if (path == nullptr) GTEST_SKIP();
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  auto result = extract_units(text.str(), language_from_path(path), path);
  ASSERT_TRUE(result) << result.error().message;
  for (const auto& unit : result->units) {
    std::cout << to_string(unit.kind) << " [" << unit.scope << "] " << unit.name << " | " << unit.signature << " | doc: " << unit.doc << " | "
              << unit.first_line << "-" << unit.last_line << " n=" << unit.nodes << " imports " << unit.imports.size() << "\n";
    auto tree = decode_nast(unit.tree);
    ASSERT_TRUE(tree) << tree.error().message;
    std::cout << "   " << to_sexpr(*tree) << "\n";
  }
  std::cout << "errors " << result->units_with_errors << " bytes " << result->error_bytes << "\n";
}
}  // namespace autodev::syntax
