// SPDX-License-Identifier: MIT OR Apache-2.0
//
// JsonFields: reading a JSON document written by people, with every complaint kept.
//
// An ObjectReader hands out the members of one object by name and type and remembers which were asked for;
// `finish` then complains about the others, naming the nearest known member. Nothing stops at the first
// mistake: the reader returns "absent" and the complaint waits in Complaints until the end. JSON null counts
// as absent.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"
#include "base/json.h"

namespace autodev::observe {

/// What is wrong with one document, each line with its JSON path.
class Complaints {
 public:
  void add(std::string_view path, std::string_view what);
  [[nodiscard]] bool empty() const noexcept { return lines_.empty(); }
  /// One `bad_data` error that lists all complaints (the first 50 in words).
  [[nodiscard]] Error as_error(std::string_view document) const;

 private:
  std::vector<std::string> lines_;
  std::size_t more_ = 0;
};

class ObjectReader {
 public:
  /// Complains when `value` is not an object; it then has no members.
  ObjectReader(const base::Json& value, std::string path, Complaints& complaints);

  /// Path of a member: "$.outcome.exit_code".
  [[nodiscard]] std::string path_of(std::string_view name) const;
  /// The member, or nullptr when absent or null. Marks `name` as known.
  const base::Json* find(std::string_view name);
  /// Complains unless the member is there.
  void require(std::string_view name);

  std::optional<std::string> text(std::string_view name, std::size_t max_bytes);
  std::optional<bool> boolean(std::string_view name);
  /// An integer in [low, high].
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t low, std::int64_t high);
  /// An unsigned 32-bit count.
  std::optional<std::uint32_t> count(std::string_view name);
  /// A finite number in [low, high].
  std::optional<double> number(std::string_view name, double low, double high);
  /// A reader for a member that is an object; absent when the member is.
  std::optional<ObjectReader> object(std::string_view name);
  /// Visits the elements of a member that is an array of at most `max_count`, each with its path.
  void each(std::string_view name, std::size_t max_count,
            const std::function<void(const base::Json&, const std::string&)>& visit);

  /// Text that is one of a set of names; `parse` gives the value of a name, `names` lists them for the complaint.
  template <typename Value>
  std::optional<Value> choice(std::string_view name, std::optional<Value> (*parse)(std::string_view) noexcept,
                              std::string_view names) {
    const auto given = text(name, 64);
    if (!given) return std::nullopt;
    const auto value = parse(*given);
    if (!value) complain(name, "\"" + *given + "\" is none of " + std::string(names));
    return value;
  }

  void complain(std::string_view name, std::string_view what) { complaints_->add(path_of(name), what); }
  /// Complains about members nobody asked for. Call once, at the end.
  void finish();

 private:
  const base::Json* value_;  ///< nullptr when it was no object
  std::string path_;
  Complaints* complaints_;
  std::vector<std::string> known_;
};

/// "an integer", "string \"1\"", "null", ...: what a value is, for complaints.
[[nodiscard]] std::string describe(const base::Json& value);

/// Of `candidates`, the one nearest to `word` by edit distance; empty when none is near.
[[nodiscard]] std::string nearest_name(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace autodev::observe
