// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Typed access to parsed arguments, with messages that name the option.
#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

#include "app/command.h"

namespace autodev::app {

std::optional<std::string> Arguments::text(const std::string& name) const {
  const auto found = values.find(name);
  if (found == values.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Arguments::list(const std::string& name) const {
  const auto found = values.find(name);
  return found == values.end() ? std::vector<std::string>() : found->second;
}

Result<std::optional<std::uint64_t>> Arguments::number(const std::string& name, std::uint64_t low,
                                                       std::uint64_t high) const {
  const auto given = text(name);
  if (!given) return std::optional<std::uint64_t>();
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(given->data(), given->data() + given->size(), value);
  if (problem != std::errc() || end != given->data() + given->size() || value < low || value > high)
    return fail(ErrorCode::usage, fmt::format("--{} {}: expected a whole number from {} to {}", name, *given, low, high));
  return std::optional<std::uint64_t>(value);
}

Result<std::optional<double>> Arguments::real(const std::string& name, double low, double high) const {
  const auto given = text(name);
  if (!given) return std::optional<double>();
  char* end = nullptr;
  const double value = std::strtod(given->c_str(), &end);
  if (given->empty() || *end != '\0' || !(value >= low && value <= high))
    return fail(ErrorCode::usage, fmt::format("--{} {}: expected a number from {} to {}", name, *given, low, high));
  return std::optional<double>(value);
}

}  // namespace autodev::app
