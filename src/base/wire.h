// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Wire: little-endian integers, LEB128 varints and length-prefixed strings for our binary formats.
//
// Writer appends to a string. Reader never reads past the end: after a short read `ok()` is false and all
// further values are zero or empty, so a decoder checks once at the end.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "autodev/ids.h"

namespace autodev::base {

class WireWriter {
 public:
  explicit WireWriter(std::string& out) : out_(out) {}
  void u8(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void u32(std::uint32_t value) { fixed(value); }
  void u64(std::uint64_t value) { fixed(value); }
  void f32(float value) { fixed(std::bit_cast<std::uint32_t>(value)); }
  void varint(std::uint64_t value) {
    while (value >= 0x80) {
      u8(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    u8(static_cast<std::uint8_t>(value));
  }
  void bytes(std::string_view value) {
    varint(value.size());
    out_.append(value);
  }
  void digest(const Digest& value) {
    out_.append(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
  }

 private:
  template <typename Integer>
  void fixed(Integer value) {
    for (std::size_t i = 0; i < sizeof value; ++i)
      out_.push_back(static_cast<char>(static_cast<std::uint8_t>(value >> (8 * i))));
  }
  std::string& out_;
};

class WireReader {
 public:
  explicit WireReader(std::string_view in) : in_(in) {}
  std::uint8_t u8() { return static_cast<std::uint8_t>(fixed<std::uint8_t>()); }
  std::uint32_t u32() { return fixed<std::uint32_t>(); }
  std::uint64_t u64() { return fixed<std::uint64_t>(); }
  float f32() { return std::bit_cast<float>(u32()); }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = u8();
      if (shift == 63 && byte > 1) break;  // more than 64 bits
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    ok_ = false;
    return 0;
  }
  std::string_view bytes() { return take(varint()); }
  Digest digest() {
    Digest value;
    const auto raw = take(value.bytes.size());
    if (raw.size() == value.bytes.size()) std::memcpy(value.bytes.data(), raw.data(), raw.size());
    return value;
  }
  /// The next `count` bytes, or nothing and !ok() when fewer remain.
  std::string_view take(std::uint64_t count) {
    if (count > in_.size() - position_) {
      ok_ = false;
      position_ = in_.size();
      return {};
    }
    const auto value = in_.substr(position_, static_cast<std::size_t>(count));
    position_ += static_cast<std::size_t>(count);
    return value;
  }
  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] bool at_end() const noexcept { return position_ == in_.size(); }
  [[nodiscard]] std::size_t remaining() const noexcept { return in_.size() - position_; }

 private:
  template <typename Integer>
  Integer fixed() {
    const auto raw = take(sizeof(Integer));
    Integer value = 0;
    for (std::size_t i = 0; i < raw.size(); ++i)
      value = static_cast<Integer>(value | static_cast<Integer>(static_cast<Integer>(static_cast<std::uint8_t>(raw[i])) << (8 * i)));
    return value;
  }
  std::string_view in_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace autodev::base
