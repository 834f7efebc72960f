// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Identifiers: 128-bit content digests with one type per meaning.
//
// An id is a hash of the thing it names (XXH3-128 of its canonical bytes), so equal content has an
// equal id on every machine and merging libraries needs no coordination. The tag keeps a pattern's id
// from being passed where an event's id is wanted. Text form: 32 lower-case hexadecimal digits; a
// unique prefix of at least 6 digits is accepted on the command line.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace autodev {

/// A 128-bit digest, big-endian in `bytes` so that byte order equals numeric order.
struct Digest {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Digest&) const = default;
  /// True when all bytes are zero: "no id".
  [[nodiscard]] bool empty() const noexcept;
  /// 32 lower-case hexadecimal digits.
  [[nodiscard]] std::string hex() const;
  /// The first 8 bytes as an integer; for hash tables.
  [[nodiscard]] std::uint64_t prefix64() const noexcept;
  /// Parses exactly 32 hexadecimal digits; absent when the text is anything else.
  [[nodiscard]] static std::optional<Digest> parse(std::string_view text) noexcept;
};

/// A Digest that names one kind of thing. `Tag` is never defined.
template <typename Tag>
struct Id {
  Digest digest;

  auto operator<=>(const Id&) const = default;
  [[nodiscard]] bool empty() const noexcept { return digest.empty(); }
  [[nodiscard]] std::string hex() const { return digest.hex(); }
  [[nodiscard]] static std::optional<Id> parse(std::string_view text) noexcept {
    const auto digest = Digest::parse(text);
    return digest ? std::optional<Id>(Id{*digest}) : std::nullopt;
  }
};

using EventId = Id<struct EventTag>;        ///< one LearningEvent
using PatternId = Id<struct PatternTag>;    ///< one Pattern: the alpha digest of its leading instance
using CycleId = Id<struct CycleTag>;        ///< one implementation cycle: project and specification
using DecisionId = Id<struct DecisionTag>;  ///< one Decision
using ProjectId = Id<struct ProjectTag>;    ///< one project, anonymised
using ReplicaId = Id<struct ReplicaTag>;    ///< one writer of journals: a machine's copy of a store

}  // namespace autodev

template <>
struct std::hash<autodev::Digest> {
  std::size_t operator()(const autodev::Digest& digest) const noexcept {
    return static_cast<std::size_t>(digest.prefix64());
  }
};
template <typename Tag>
struct std::hash<autodev::Id<Tag>> {
  std::size_t operator()(const autodev::Id<Tag>& id) const noexcept {
    return static_cast<std::size_t>(id.digest.prefix64());
  }
};
