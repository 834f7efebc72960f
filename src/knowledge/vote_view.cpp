// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Looking decisions up by name.
#include <algorithm>

#include "knowledge/vote_rows.h"

namespace autodev::knowledge {
namespace {

/// The bytes of the hexadecimal digits that make whole bytes.
std::string bytes_of(std::string_view hex) {
  std::string padded(hex.substr(0, hex.size() / 2 * 2));
  const std::size_t bytes = padded.size() / 2;
  padded.resize(32, '0');
  const auto digest = Digest::parse(padded);
  return digest ? std::string(key_of(*digest).substr(0, bytes)) : std::string();
}

}  // namespace

Result<std::vector<DecisionId>> view_decisions_named(const base::KvRead& state, std::string_view prefix) {
  std::vector<DecisionId> found;
  AUTODEV_TRY(state.scan(table::decision, bytes_of(prefix), {}, [&](std::string_view key, std::string_view) {
    DecisionId id;
    std::copy_n(key.begin(), std::min(key.size(), id.digest.bytes.size()), reinterpret_cast<char*>(id.digest.bytes.data()));
    if (id.hex().starts_with(prefix)) found.push_back(id);
    return found.size() < 2;
  }));
  return found;
}

Result<std::vector<std::string>> view_decision_types(const base::KvRead& state) {
  std::vector<std::string> types;
  // Types are few, their rows are many: after each one the scan goes on behind it.
  std::string from(1, '\1');
  while (true) {
    std::string type;
    AUTODEV_TRY(state.scan(table::vote, {}, from, [&type](std::string_view key, std::string_view) {
      type = key.substr(0, key.find('\0'));
      return false;
    }));
    if (type.empty()) return types;
    types.push_back(type);
    from = type + '\1';
  }
}

Result<std::vector<std::string>> view_decided_options(const base::KvRead& state, std::string_view type) {
  std::vector<std::string> options;
  Result<void> outcome;
  AUTODEV_TRY(state.scan(table::vote, vote::type_prefix(type, 'O'), {}, [&](std::string_view, std::string_view value) {
    auto row = vote::decode_for_reading(value);
    if (row) options.push_back(std::move(row->name));
    else outcome = tl::make_unexpected(std::move(row).error());
    return outcome.has_value();
  }));
  AUTODEV_TRY(std::move(outcome));
  std::sort(options.begin(), options.end());
  return options;
}

}  // namespace autodev::knowledge
