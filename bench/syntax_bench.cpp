// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Speed of extraction: functions and bytes per second on one core, by language, and where the time goes.
//
//   syntax_bench FOLDER...
//
// Each source file below the folders goes through the whole path (mask, parse, lower, cut with hashing) in this
// process. The stages are timed apart with the same calls that extract_units makes.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <string>

#include "base/text.h"
#include "source_files.h"
#include "syntax/extract.h"
#include "syntax/nast.h"

namespace {

using namespace autodev;

struct Totals {
  std::uint64_t files = 0, bytes = 0, functions = 0, types = 0, blocks = 0, nodes = 0, lines = 0;
  std::uint64_t skipped = 0, with_errors = 0, too_large = 0, error_bytes = 0;
  syntax::ExtractTimes times;
  double total = 0, hash = 0;
};

/// Processor time of this process: steady on a shared machine.
double now() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

void measure(const bench::SourceFile& file, Totals& totals) {
  const std::string source = file.read();
  const auto start = now();
  const auto result = syntax::extract_units_timed(source, file.language, file.path, {}, totals.times);
  totals.total += now() - start;
  if (!result) {
    ++totals.skipped;
    return;
  }
  ++totals.files;
  totals.bytes += source.size();
  totals.with_errors += result->units_with_errors;
  totals.too_large += result->units_too_large;
  totals.error_bytes += result->error_bytes;
  for (const auto& unit : result->units) {
    if (unit.kind == UnitKind::type) {
      ++totals.types;
    } else if (unit.kind == UnitKind::block) {
      ++totals.blocks;
    } else {
      ++totals.functions;
      totals.nodes += unit.nodes;
      totals.lines += unit.last_line - unit.first_line + 1;
    }
    const auto tree = syntax::decode_nast(unit.tree);
    const auto before = now();
    if (tree && syntax::hash_subtrees(*tree).size() != unit.nodes) ++totals.skipped;
    totals.hash += now() - before;
  }
}

void print(Language language, const Totals& t) {
  const double total = t.total;
  const auto functions = static_cast<double>(t.functions);
  fmt::print(
      "{:<11}{:>6} files {:>7.2f} MB  {:>7} functions ({:.1f} lines, {:.0f} nodes each) {:>6} types {:>7} blocks\n",
      to_string(language), t.files, static_cast<double>(t.bytes) / 1e6, t.functions,
      static_cast<double>(t.lines) / std::max(1.0, functions), static_cast<double>(t.nodes) / std::max(1.0, functions),
      t.types, t.blocks);
  fmt::print(
      "           {:.0f} functions/s, {:.2f} MB/s; {:.0f} us per function: parse {:.0f}, mask {:.0f}, lower {:.0f}, "
      "cut {:.0f}; all subtrees hashed in {:.0f} us\n",
      functions / total, static_cast<double>(t.bytes) / 1e6 / total, 1e6 * total / std::max(1.0, functions),
      1e6 * t.times.parse / std::max(1.0, functions), 1e6 * t.times.mask / std::max(1.0, functions),
      1e6 * t.times.lower / std::max(1.0, functions), 1e6 * t.times.cut / std::max(1.0, functions),
      1e6 * t.hash / std::max(1.0, functions));
  fmt::print(
      "           dropped for errors {} units ({:.2f} %), too large {}, files skipped {}, bytes under errors {:.2f} "
      "%\n",
      t.with_errors,
      100.0 * static_cast<double>(t.with_errors) /
          std::max(1.0, functions + static_cast<double>(t.with_errors + t.types)),
      t.too_large, t.skipped, 100.0 * static_cast<double>(t.error_bytes) / std::max(1.0, static_cast<double>(t.bytes)));
}

}  // namespace

int main(int count, char** arguments) {
  std::map<Language, Totals> totals;
  for (int i = 1; i < count; ++i)
    for (const bench::SourceFile& file : bench::source_files(arguments[i]))
      measure(file, totals[file.language]);
  if (totals.empty()) {
    fmt::print(stderr, "usage: syntax_bench FOLDER...\n");
    return 64;
  }
  for (const auto& [language, entry] : totals) print(language, entry);
  return 0;
}
