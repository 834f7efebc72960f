// SPDX-License-Identifier: MIT OR Apache-2.0
#include "evidence/tally.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/text.h"

namespace autodev::evidence {

std::string cleaned(std::string_view text, std::size_t max_bytes) {
  // Cut before the work is done; what is cut here is beyond the cap in any case, but for invisible characters.
  const std::string clean = base::strip_controls(base::repair_utf8(text.substr(0, 4 * max_bytes + 64)));
  return std::string(base::clip_utf8(base::trim(clean), max_bytes));
}

std::uint32_t number_of(std::string_view digits) noexcept {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || end != digits.data() + digits.size()) return 0;
  const bool fits = error == std::errc() && value <= std::numeric_limits<std::uint32_t>::max();
  return fits ? static_cast<std::uint32_t>(value) : std::numeric_limits<std::uint32_t>::max();
}

std::string_view take_digits(std::string_view& text) noexcept {
  const std::string_view digits = text.substr(0, std::min(text.find_first_not_of("0123456789"), text.size()));
  text.remove_prefix(digits.size());
  return digits;
}

bool take_prefix(std::string_view& text, std::string_view prefix) noexcept {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool read_place(std::string_view text, std::string& file, std::uint32_t& line) {
  text = base::trim(text);
  const std::size_t colon = text.find(':', text.size() > 2 && text[1] == ':' ? 2 : 0);  // C:\ is no place
  if (colon == 0 || colon == std::string_view::npos || colon > max_path_bytes) return false;
  std::string_view rest = text.substr(colon + 1);
  const std::uint32_t number = number_of(take_digits(rest));
  if (number == 0 || (!rest.empty() && rest.front() != ':' && rest.front() != ' ' && rest.front() != ')')) return false;
  file = cleaned(text.substr(0, colon), max_path_bytes);
  line = number;
  return true;
}

void TestTally::pass(std::string_view id) {
  if (report_.passed < std::numeric_limits<std::uint32_t>::max()) ++report_.passed;
  if (report_.passed_ids.size() < max_passed_ids && !id.empty())
    report_.passed_ids.push_back(cleaned(id, max_id_bytes));
}

void TestTally::fail(std::string_view id, std::string_view message, std::string_view file, std::uint32_t line) {
  if (report_.failed < std::numeric_limits<std::uint32_t>::max()) ++report_.failed;
  if (report_.failures.size() >= max_failures) return;
  report_.failures.push_back(
      {cleaned(id, max_id_bytes), cleaned(file, max_path_bytes), line, cleaned(message, max_message_bytes)});
}

}  // namespace autodev::evidence
