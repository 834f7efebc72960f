// SPDX-License-Identifier: MIT OR Apache-2.0
//
// "template/1": the stored form of a template.
//
//   version, language, instances, text
//   symbols:  count, then each text
//   nodes:    count, then per node: kind, flags, symbol, size, start (difference), length
//   holes:    count, then per hole: kind, overflow, fillers (count, then text and times)
//
// Integers are varints. The decoder checks everything the rest of this folder relies on: ranges inside the
// text, subtrees inside their parents, holes numbered by first appearance, sequence holes in one place only,
// fillers in order. It allocates no more than a small multiple of the bytes given.
#include "base/wire.h"
#include "mine/hole.h"
#include "mine/subtree.h"
#include "mine/template.h"
#include "mine/thresholds.h"

namespace autodev::mine {

using syntax::NastNode;
using syntax::NodeKind;

namespace {

constexpr std::uint64_t format_version = 1;
constexpr std::size_t max_bytes = 16u << 20;   // 256 KiB of text, and 64 fillers of 1 KiB for some hundred holes
constexpr std::uint64_t max_nodes = 100'000;   // units are cut off at 20,000; gaps add some
constexpr auto last_kind = static_cast<std::uint8_t>(NodeKind::sequence_hole);
constexpr auto last_language = static_cast<std::uint8_t>(Language::bash);

constexpr std::uint64_t zigzag(std::int64_t value) noexcept {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : in_(bytes) {}

  Result<Template> run() {
    const std::uint64_t version = in_.varint();
    if (in_.ok() && version > format_version)
      return fail(ErrorCode::config, "template of format " + std::to_string(version) + ", known is " +
                  std::to_string(format_version), "use a newer version of this program");
    if (version != format_version || !header() || !symbols() || !nodes() || !holes() || !in_.ok() || !in_.at_end())
      return fail(ErrorCode::bad_data, "damaged template bytes", "rebuild the knowledge from its journal");
    return std::move(made_);
  }

 private:
  bool header() {
    const std::uint8_t language = in_.u8();
    if (language > last_language) return false;
    made_.tree.language = static_cast<Language>(language);
    const std::uint64_t instances = in_.varint();
    if (instances == 0 || instances > UINT32_MAX) return false;
    made_.instances = static_cast<std::uint32_t>(instances);
    made_.text = std::string(in_.bytes());
    return in_.ok();
  }

  bool symbols() {
    const std::uint64_t count = in_.varint();
    if (count > in_.remaining()) return false;
    made_.tree.symbols.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count; ++i) made_.tree.symbols.emplace_back(in_.bytes());
    return in_.ok();
  }

  bool nodes() {
    const std::uint64_t count = in_.varint();
    if (count > max_nodes || count > in_.remaining()) return false;
    made_.tree.nodes.reserve(static_cast<std::size_t>(count));
    std::vector<std::uint64_t> ends;  // of the subtrees the next node is in
    std::int64_t start = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      while (!ends.empty() && ends.back() == i) ends.pop_back();
      if (i > 0 && ends.empty()) return false;
      const auto kind = in_.u8();
      if (kind > last_kind) return false;
      NastNode node;
      node.kind = static_cast<NodeKind>(kind);
      node.flags = in_.u8();
      const std::uint64_t symbol = in_.varint();
      const std::uint64_t size = in_.varint();
      const std::uint64_t limit = ends.empty() ? count : ends.back();
      if (!in_.ok() || size == 0 || size > limit - i || (i == 0 && size != count)) return false;
      node.size = static_cast<std::uint32_t>(size);
      if (!place(node, start) || !name(node, symbol, i)) return false;
      ends.push_back(i + size);
      made_.tree.nodes.push_back(node);
    }
    return in_.ok();
  }

  bool place(NastNode& node, std::int64_t& start) {
    const std::int64_t difference = unzigzag(in_.varint());
    const auto text_size = static_cast<std::int64_t>(made_.text.size());
    if (difference < -text_size || difference > text_size) return false;
    start += difference;
    const std::uint64_t length = in_.varint();
    if (start < 0 || start > text_size || length > static_cast<std::uint64_t>(text_size - start)) return false;
    node.start = static_cast<std::uint32_t>(start);
    node.end = node.start + static_cast<std::uint32_t>(length);
    return true;
  }

  bool name(NastNode& node, std::uint64_t symbol, std::uint64_t position) {
    if (!is_hole(node)) {
      node.symbol = static_cast<std::uint32_t>(symbol);
      return symbol <= made_.tree.symbols.size();
    }
    const bool sequence = node.kind == NodeKind::sequence_hole;
    if (node.size != 1 || (sequence && position == 0) || symbol == 0 || symbol > is_sequence_.size() + 1) return false;
    if (symbol == is_sequence_.size() + 1) {
      is_sequence_.push_back(sequence);
    } else if (sequence || is_sequence_[static_cast<std::size_t>(symbol - 1)]) {
      return false;  // sequence holes stand in one place
    }
    node.symbol = static_cast<std::uint32_t>(symbol);
    return true;
  }

  bool holes() {
    const std::uint64_t count = in_.varint();
    if (count != is_sequence_.size()) return false;
    for (std::size_t i = 0; i < is_sequence_.size(); ++i) {
      TemplateHole& hole = made_.holes.emplace_back();
      const auto kind = in_.u8();
      if (kind > static_cast<std::uint8_t>(HoleKind::sequence)) return false;
      if ((static_cast<HoleKind>(kind) == HoleKind::sequence) != is_sequence_[i]) return false;
      hole.kind = std::string(to_string(static_cast<HoleKind>(kind)));
      const std::uint64_t overflow = in_.varint();
      if (overflow > UINT32_MAX || !fillers(hole)) return false;
      hole.overflow = static_cast<std::uint32_t>(overflow);
    }
    return true;
  }

  bool fillers(TemplateHole& hole) {
    const std::uint64_t count = in_.varint();
    if (count > max_fillers) return false;
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::string_view text = in_.bytes();
      const std::uint64_t times = in_.varint();
      if (!in_.ok() || text.size() > max_filler_bytes || times == 0 || times > UINT32_MAX) return false;
      if (!hole.fillers.empty()) {
        const auto& [last_text, last_times] = hole.fillers.back();
        if (times > last_times || (times == last_times && text <= last_text)) return false;
      }
      hole.fillers.emplace_back(text, static_cast<std::uint32_t>(times));
    }
    return true;
  }

  base::WireReader in_;
  Template made_;
  std::vector<bool> is_sequence_;  ///< by hole number - 1
};

}  // namespace

std::string encode_template(const Template& pattern) {
  std::string bytes;
  base::WireWriter out(bytes);
  out.varint(format_version);
  out.u8(static_cast<std::uint8_t>(pattern.tree.language));
  out.varint(pattern.instances);
  out.bytes(pattern.text);
  out.varint(pattern.tree.symbols.size());
  for (const auto& symbol : pattern.tree.symbols) out.bytes(symbol);
  out.varint(pattern.tree.nodes.size());
  std::int64_t start = 0;
  for (const auto& node : pattern.tree.nodes) {
    out.u8(static_cast<std::uint8_t>(node.kind));
    out.u8(node.flags);
    out.varint(node.symbol);
    out.varint(node.size);
    out.varint(zigzag(static_cast<std::int64_t>(node.start) - start));
    out.varint(node.end - node.start);
    start = node.start;
  }
  out.varint(pattern.holes.size());
  for (const auto& hole : pattern.holes) {
    out.u8(static_cast<std::uint8_t>(hole_kind_from_name(hole.kind).value_or(HoleKind::expression)));
    out.varint(hole.overflow);
    out.varint(hole.fillers.size());
    for (const auto& [text, times] : hole.fillers) {
      out.bytes(text);
      out.varint(times);
    }
  }
  return bytes;
}

Result<Template> decode_template(std::string_view bytes) {
  if (bytes.size() > max_bytes)
    return fail(ErrorCode::bad_data, "template of " + std::to_string(bytes.size()) + " bytes is too large");
  return Decoder(bytes).run();
}

}  // namespace autodev::mine
