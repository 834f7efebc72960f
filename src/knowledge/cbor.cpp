// SPDX-License-Identifier: MIT OR Apache-2.0
//
// CBOR heads and items. An item starts with one byte: three bits of major type, five bits that are the
// value itself (< 24) or say how many bytes of value follow (24..27: 1, 2, 4, 8).
#include "knowledge/cbor.h"

#include <array>
#include <bit>

#include "base/text.h"

namespace autodev::knowledge {

void CborWriter::head(unsigned major, std::uint64_t value) {
  const auto first = static_cast<unsigned>(major << 5);
  unsigned bytes = 0;
  if (value < 24) {
    out_.push_back(static_cast<char>(first | value));
    return;
  }
  if (value <= 0xff) bytes = 1;
  else if (value <= 0xffff) bytes = 2;
  else if (value <= 0xffffffff) bytes = 4;
  else bytes = 8;
  out_.push_back(static_cast<char>(first | (24U + static_cast<unsigned>(std::countr_zero(bytes)))));
  for (unsigned shift = 8 * bytes; shift > 0; shift -= 8) out_.push_back(static_cast<char>(value >> (shift - 8)));
}

void CborWriter::integer(std::int64_t value) {
  if (value >= 0) head(0, static_cast<std::uint64_t>(value));
  else head(1, ~static_cast<std::uint64_t>(value));
}

void CborWriter::number(double value) {
  out_.push_back('\xfb');
  const auto bits = std::bit_cast<std::uint64_t>(value);
  for (unsigned shift = 64; shift > 0; shift -= 8) out_.push_back(static_cast<char>(bits >> (shift - 8)));
}

void CborWriter::text(std::string_view value) {
  head(base::is_valid_utf8(value) ? 3 : 2, value.size());
  out_.append(value);
}

void CborWriter::bytes(std::string_view value) {
  head(2, value.size());
  out_.append(value);
}

std::string_view CborReader::take(std::uint64_t count) {
  if (!ok_ || count > in_.size() - position_) {
    ok_ = false;
    return {};
  }
  const auto value = in_.substr(position_, static_cast<std::size_t>(count));
  position_ += static_cast<std::size_t>(count);
  return value;
}

CborReader::Head CborReader::head() {
  const std::string_view first = take(1);
  if (first.empty()) return {};
  const auto byte = static_cast<std::uint8_t>(first[0]);
  Head result{static_cast<unsigned>(byte >> 5), static_cast<unsigned>(byte & 31), 0};
  if (result.info < 24) {
    result.value = result.info;
  } else if (result.info <= 27) {
    for (const char c : take(std::uint64_t{1} << (result.info - 24)))
      result.value = (result.value << 8) | static_cast<std::uint8_t>(c);
  } else {
    ok_ = false;
  }
  return ok_ ? result : Head{};
}

std::size_t CborReader::container(unsigned major, std::size_t max) {
  const Head item = head();
  // Every item takes a byte at least, so a count beyond the rest of the input is a lie.
  if (!ok_ || item.major != major || item.value > max || item.value > in_.size() - position_) {
    ok_ = false;
    return 0;
  }
  return static_cast<std::size_t>(item.value);
}

std::int64_t CborReader::integer() {
  const Head item = head();
  if (!ok_ || item.major > 1 || item.value > static_cast<std::uint64_t>(INT64_MAX)) {
    ok_ = false;
    return 0;
  }
  return item.major == 0 ? static_cast<std::int64_t>(item.value) : static_cast<std::int64_t>(~item.value);
}

std::uint64_t CborReader::natural(std::uint64_t max) {
  const Head item = head();
  if (!ok_ || item.major != 0 || item.value > max) {
    ok_ = false;
    return 0;
  }
  return item.value;
}

bool CborReader::boolean() {
  const Head item = head();
  if (!ok_ || item.major != 7 || (item.info != 20 && item.info != 21)) {
    ok_ = false;
    return false;
  }
  return item.info == 21;
}

double CborReader::number() {
  const Head item = head();
  if (!ok_ || item.major != 7 || item.info != 27) {
    ok_ = false;
    return 0;
  }
  return std::bit_cast<double>(item.value);
}

std::string_view CborReader::string(std::size_t max) {
  const Head item = head();
  if (!ok_ || (item.major != 2 && item.major != 3) || item.value > max) {
    ok_ = false;
    return {};
  }
  return take(item.value);
}

void CborReader::skip() {
  constexpr std::size_t max_depth = 16;
  std::array<std::uint64_t, max_depth> left{};
  left[0] = 1;
  std::size_t depth = 0;
  while (ok_) {
    if (left[depth] == 0) {
      if (depth == 0) return;
      --depth;
      continue;
    }
    --left[depth];
    const Head item = head();
    if (!ok_) return;
    if (item.major == 2 || item.major == 3) {
      take(item.value);
    } else if (item.major == 4 || item.major == 5 || item.major == 6) {
      const std::uint64_t items = item.major == 6 ? 1 : item.value;
      if (++depth == max_depth || items > in_.size() - position_) ok_ = false;
      else left[depth] = item.major == 5 ? 2 * items : items;
    }
  }
}

}  // namespace autodev::knowledge
