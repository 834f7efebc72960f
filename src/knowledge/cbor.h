// SPDX-License-Identifier: MIT OR Apache-2.0
//
// CBOR (RFC 8949), the part the journal needs: definite-length maps and arrays, integers, texts, byte
// strings, booleans and 64-bit floats.
//
// Why not a document tree: payloads are decoded once per fold, straight into the event types, and come from
// other machines. The reader never recurses, never allocates by a declared length, and after the
// first fault `ok()` is false and everything further is empty, so a decoder checks once at the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace autodev::knowledge {

class CborWriter {
 public:
  explicit CborWriter(std::string& out) : out_(out) {}
  void array(std::size_t count) { head(4, count); }
  void integer(std::int64_t value);
  void boolean(bool value) { out_.push_back(static_cast<char>(value ? 0xf5 : 0xf4)); }
  void number(double value);
  /// A text string, or a byte string when `value` is not UTF-8 (source code may be anything).
  void text(std::string_view value);
  void bytes(std::string_view value);

 private:
  friend class CborMap;
  void head(unsigned major, std::uint64_t value);
  std::string& out_;
};

/// Writes one map of at most 23 members; the count is filled in by the destructor.
///
///   CborMap map(writer);
///   map.key("path").text(unit.path);
class CborMap {
 public:
  explicit CborMap(CborWriter& writer) : writer_(writer), start_(writer.out_.size()) { writer_.out_.push_back('\xa0'); }
  ~CborMap() { writer_.out_[start_] = static_cast<char>(0xa0 + members_); }
  CborMap(const CborMap&) = delete;
  CborMap& operator=(const CborMap&) = delete;
  CborWriter& key(std::string_view name) {
    ++members_;
    writer_.text(name);
    return writer_;
  }

 private:
  CborWriter& writer_;
  std::size_t start_;
  unsigned members_ = 0;
};

class CborReader {
 public:
  explicit CborReader(std::string_view in) : in_(in) {}

  /// Number of members of the map that follows; 0 and !ok() for anything else or more than `max`.
  std::size_t map(std::size_t max = 64) { return container(5, max); }
  std::size_t array(std::size_t max) { return container(4, max); }
  std::int64_t integer();
  /// An integer in [0, max].
  std::uint64_t natural(std::uint64_t max = INT64_MAX);
  bool boolean();
  double number();
  /// Text or byte string of at most `max` bytes; a view into the input.
  std::string_view string(std::size_t max);
  /// Passes over one item of any kind, nested at most 16 deep.
  void skip();

  void reject() noexcept { ok_ = false; }
  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] bool at_end() const noexcept { return position_ == in_.size(); }

 private:
  struct Head {
    unsigned major = 7;
    unsigned info = 0;
    std::uint64_t value = 0;
  };
  Head head();
  std::size_t container(unsigned major, std::size_t max);
  std::string_view take(std::uint64_t count);

  std::string_view in_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

/// Calls `member(key)` for each member of the map that follows; it must read or skip the value.
template <typename Member>
void read_map(CborReader& reader, const Member& member) {
  const std::size_t members = reader.map();
  for (std::size_t i = 0; i < members && reader.ok(); ++i) member(reader.string(64));
}

}  // namespace autodev::knowledge
