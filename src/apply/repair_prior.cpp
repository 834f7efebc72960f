// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Prior: how often a candidate of a kind was the fix, as log((right + 1/2) / (made + 20)), counted over 449 fixes of C programs of the
// development data (every second problem); rounded, and drawn to -8 where fewer than three fixes speak for a kind.
#include <array>
#include <utility>

#include "apply/repair_candidate.h"

namespace autodev::apply {
namespace {

constexpr double other_kinds = -8.5;
constexpr std::array<std::pair<std::string_view, double>, 44> counted{{
    {"operator", -7.0},       {"drop operand", -6.1}, {"else", -5.0},          {"address", -6.5},         {"swap arguments", -6.0},
    {"regroup", -6.2},        {"string", -7.0},       {"number", -8.2},        {"variable", -9.0},        {"element", -8.2},
    {"drop unary", -6.5},     {"drop update", -7.2},  {"update side", -7.0},   {"all types", -7.0},       {"all types and formats", -6.8},
    {"storage", -7.5},        {"type", -8.0},         {"type and formats", -8.3}, {"first value", -7.7},  {"constant condition", -8.0},
    {"negate", -8.2},         {"delete", -8.2},       {"unwrap", -8.0},        {"keyword", -8.2},         {"swap operands", -7.7},
    {"swap statements", -7.7}, {"block", -8.3},       {"move", -8.8},          {"call", -8.8},            {"drop call", -7.7},
    {"character", -8.6},      {"format", -9.0},       {"name to number", -9.3}, {"truth", -6.0},          {"insert", -10.0},
    {"operand", -10.3},       {"comparison", -10.5},  {"conjunct", -10.8},     {"disjunct", -11.6},       {"wrap", -10.7},
    {"cast", -11.0},          {"guard", -12.7},       {"jump if", -14.0},      {"pair", -12.0},
}};

}  // namespace

double kind_prior(std::string_view kind) noexcept {
  for (const auto& [name, value] : counted)
    if (name == kind) return value;
  return other_kinds;
}

}  // namespace autodev::apply
