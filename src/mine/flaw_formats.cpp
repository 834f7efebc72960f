// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Flaws of formats: printf and scanf with other arguments than the format says (C99, 7.19.6), and Python's %.
#include <optional>

#include "mine/flaw_scan.h"

namespace autodev::mine {

using syntax::NodeKind;

namespace {

struct Conversion {
  std::string text;  ///< "%lld"
  char letter = 0;
};

/// Conversions that take an argument, in order; absent when the format is built from parts.
std::optional<std::vector<Conversion>> conversions(std::string_view format, bool scan) {
  if (format.size() < 2 || format.front() != '"' || format.back() != '"') return std::nullopt;
  format = format.substr(1, format.size() - 2);
  std::vector<Conversion> found;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] == '\\') {
      ++i;
      continue;
    }
    if (format[i] == '"') return std::nullopt;  // "a" "b"
    if (format[i] != '%') continue;
    if (++i < format.size() && format[i] == '%') continue;
    Conversion conversion{"%", 0};
    bool skipped = false;
    while (i < format.size() && std::string_view("-+ #0123456789.*$'").find(format[i]) != std::string_view::npos) {
      if (format[i] == '*' && scan) skipped = true;
      if (format[i] == '*' && !scan) found.push_back({"%*", 'd'});
      if (format[i] == '$') return std::nullopt;
      ++i;
    }
    while (i < format.size() && std::string_view("hlLqjztI64").find(format[i]) != std::string_view::npos) conversion.text += format[i++];
    if (i >= format.size()) return std::nullopt;
    conversion.letter = format[i];
    conversion.text += format[i];
    if (format[i] == '[')
      while (i < format.size() && format[i] != ']') ++i;
    if (!skipped) found.push_back(std::move(conversion));
  }
  return found;
}

struct Family {
  std::string_view name;
  std::size_t format;  ///< position of the format among the arguments
  bool scans;
};
constexpr Family families[] = {{"printf", 0, false}, {"fprintf", 1, false}, {"sprintf", 1, false}, {"snprintf", 2, false},
                               {"scanf", 0, true},   {"fscanf", 1, true},   {"sscanf", 1, true}};

const Family* family_of(std::string_view name) {
  for (const Family& family : families)
    if (family.name == name) return &family;
  return nullptr;
}

/// What a value is to a format: its kind, and for numbers its width in bits; long is 32 or 64 bits and fits both.
enum class Shape { narrow, whole, either, wide, single_float, real, text, other };

Shape shape_of(std::string type) {
  for (const std::string_view word : {"unsigned ", "signed ", " unsigned", " int"})
    if (const auto at = type.find(word); at != std::string::npos && type.size() > word.size()) type.erase(at, word.size());
  if (type == "char" || type == "short" || type == "bool" || type == "_Bool") return Shape::narrow;
  if (type == "int" || type == "unsigned" || type == "signed") return Shape::whole;
  if (type == "long") return Shape::either;
  if (type == "long long") return Shape::wide;
  if (type == "float") return Shape::single_float;
  if (type == "double") return Shape::real;
  if (type == "char []" || type == "char *") return Shape::text;
  return Shape::other;
}

bool is_whole(Shape shape) noexcept { return shape <= Shape::wide; }

Shape shape_wanted(const Conversion& conversion, bool scan) {
  const std::string_view size = std::string_view(conversion.text).substr(1, conversion.text.size() - 2);
  switch (conversion.letter) {
    case 'd': case 'i': case 'u': case 'x': case 'o':
      if (size.starts_with("h")) return Shape::narrow;
      return size == "l" ? Shape::either : size.empty() ? Shape::whole : size == "ll" || size == "I64" || size == "q" ? Shape::wide : Shape::other;
    case 'f': case 'g': case 'e': case 'F': case 'G':
      return size == "L" ? Shape::other : !scan || size == "l" ? Shape::real : Shape::single_float;
    case 'c': return Shape::narrow;
    case 's': case '[': return Shape::text;
    default: return Shape::other;
  }
}

constexpr std::string_view shape_names[] = {"char", "int", "long", "long long", "float", "double", "text", "other"};

/// The name of the flaw in giving a value of that type to the conversion; empty when it fits or nobody knows.
std::string misfit(const Conversion& conversion, const std::string& type, bool scan) {
  std::string given = type;
  if (scan && conversion.letter != 's' && conversion.letter != '[') {
    if (!given.ends_with(" *") && !given.ends_with(" []")) return {};  // said by scan-into-value
    given = given.substr(0, given.rfind(' '));
  }
  if (conversion.letter == 's' && given.ends_with(" [] []")) given.resize(given.size() - 3);  // a row
  const Shape wanted = shape_wanted(conversion, scan), actual = shape_of(given);
  const bool address = given.ends_with('*') || given.ends_with(']');
  if (wanted == Shape::other || (actual == Shape::other && !(address && wanted != Shape::text))) return {};
  if (wanted == actual) return {};
  const bool whole = is_whole(wanted) && is_whole(actual);
  if (whole && (wanted == Shape::either || actual == Shape::either) && wanted != Shape::narrow && actual != Shape::narrow) return {};
  if (!scan && whole && wanted <= Shape::whole && actual <= Shape::whole) return {};  // promoted to int
  if (!scan && wanted == Shape::real && actual == Shape::single_float) return {};
  const std::string what = std::string(scan ? " scanf " : " printf ") + std::string(shape_names[static_cast<std::size_t>(wanted)]) + " <- " +
                           (actual == Shape::other ? "address" : std::string(shape_names[static_cast<std::size_t>(actual)]));
  // A scan that writes more than the variable holds.
  const bool overrun = scan && whole && (wanted == Shape::wide || actual == Shape::narrow);
  return (overrun ? "format-overrun" : whole ? "format-width" : "format-type") + what;
}

void call(FlawScan& scan, std::uint32_t node) {
  const auto parts = scan.children(node);
  if (parts.size() != 2 || scan.kind(parts[1]) != NodeKind::arguments) return;
  const Family* family = family_of(scan.symbol(parts[0]));
  if (family == nullptr) return;
  auto arguments = scan.children(parts[1]);
  if (arguments.size() <= family->format || scan.kind(arguments[family->format]) != NodeKind::string) return;
  const auto expected = conversions(scan.symbol(arguments[family->format]), family->scans);
  if (!expected) return;
  arguments.erase(arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(family->format) + 1);
  const std::string verb = family->scans ? "scanf" : "printf";
  for (const Conversion& conversion : *expected)
    if (std::string_view("diouxXfFeEgGaAcCsSpn[").find(conversion.letter) == std::string_view::npos) scan.report("format-unknown", node);
  if (arguments.size() > expected->size()) scan.report("format-ignores-argument " + verb, node);
  if (arguments.size() < expected->size()) scan.report("format-lacks-argument " + verb, node);
  for (std::size_t i = 0; i < std::min(arguments.size(), expected->size()); ++i) {
    const auto type = scan.type_of(arguments[i]);
    if (!type) continue;
    if (family->scans && !type->ends_with(" *") && !type->ends_with(" []")) scan.report("scan-into-value", arguments[i]);
    if (const std::string name = misfit((*expected)[i], *type, family->scans); !name.empty()) scan.report(name, arguments[i]);
  }
}

void python_format(FlawScan& scan, std::uint32_t node) {
  const auto parts = scan.children(node);
  if (parts.size() != 2 || scan.kind(parts[0]) != NodeKind::string || scan.kind(parts[1]) != NodeKind::tuple) return;
  const auto expected = conversions(scan.symbol(parts[0]), false);
  if (!expected) return;
  const auto arguments = scan.children(parts[1]);
  if (arguments.size() > expected->size()) scan.report("format-ignores-argument %", node);
  if (arguments.size() < expected->size()) scan.report("format-lacks-argument %", node);
}

}  // namespace

void scan_formats(FlawScan& scan) {
  const Language language = scan.tree.language;
  for (std::uint32_t node = 0; node < scan.tree.nodes.size(); ++node) {
    if (scan.kind(node) == NodeKind::call && (language == Language::c || language == Language::cpp)) call(scan, node);
    if (scan.is(node, NodeKind::binary, "%") && language == Language::python) python_format(scan, node);
  }
}

}  // namespace autodev::mine
