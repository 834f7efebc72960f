// SPDX-License-Identifier: MIT OR Apache-2.0
//
// "template/1": the stored form of a template.
//
//   version, instances, text, tree as NAST/1 bytes
//   holes: count, then per hole: kind, overflow, fillers (count, then text and times)
//
// Integers are varints, byte strings have their length in front. On top of what decode_nast checks, the decoder
// checks everything the rest of this folder relies on: ranges inside the text, holes that are leaves and
// numbered by first appearance, sequence holes in one place only, fillers in order.
#include "base/wire.h"
#include "mine/hole.h"
#include "mine/subtree.h"
#include "mine/template.h"
#include "mine/thresholds.h"
#include "mine/trusted_template.h"
#include "syntax/trusted_nast.h"

namespace autodev::mine {

using syntax::NastNode;
using syntax::NodeKind;

namespace {

constexpr std::uint64_t format_version = 1;
constexpr std::size_t max_bytes = 16u << 20;  // 256 KiB of text, and 64 fillers of 1 KiB for some hundred holes
class Decoder {
 public:
  Decoder(std::string_view bytes, bool own) : in_(bytes), own_(own) {}

  Result<Template> run() {
    const std::uint64_t version = in_.varint();
    if (in_.ok() && version > format_version)
      return fail(ErrorCode::config,
                  "template of format " + std::to_string(version) + ", known is " + std::to_string(format_version),
                  "use a newer version of this program");
    if (version != format_version || !instances_and_text() || !tree() || !holes() || !in_.ok() || !in_.at_end())
      return fail(ErrorCode::bad_data, "damaged template bytes", "delete .auto-dev/knowledge/embeddings: it is folded again by the next command");
    return std::move(made_);
  }

 private:
  bool instances_and_text() {
    const std::uint64_t instances = in_.varint();
    if (instances == 0 || instances > UINT32_MAX) return false;
    made_.instances = static_cast<std::uint32_t>(instances);
    made_.text = std::string(in_.bytes());
    return in_.ok();
  }

  bool tree() {
    const std::string_view bytes = in_.bytes();
    if (own_) {
      made_.tree = syntax::trusted_nast(bytes);
    } else {
      auto decoded = syntax::decode_nast(bytes);
      if (!decoded) return false;
      made_.tree = std::move(decoded).value();
    }
    if (!made_.tree.nodes.empty() && made_.tree.nodes[0].kind == NodeKind::sequence_hole) return false;
    for (const NastNode& node : made_.tree.nodes)
      if (node.end > made_.text.size() || (is_hole(node) && !count_hole(node))) return false;
    return true;
  }

  bool count_hole(const NastNode& node) {
    const bool sequence = node.kind == NodeKind::sequence_hole;
    if (node.size != 1 || node.symbol == 0 || node.symbol > is_sequence_.size() + 1) return false;
    if (node.symbol == is_sequence_.size() + 1) {
      is_sequence_.push_back(sequence);
      return true;
    }
    return !sequence && !is_sequence_[node.symbol - 1];  // sequence holes stand in one place
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
  bool own_;
  Template made_;
  std::vector<bool> is_sequence_;  ///< by hole number - 1
};

}  // namespace

std::string encode_template(const Template& pattern) {
  std::string bytes;
  base::WireWriter out(bytes);
  out.varint(format_version);
  out.varint(pattern.instances);
  out.bytes(pattern.text);
  out.bytes(syntax::encode_nast(pattern.tree));
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
  return Decoder(bytes, false).run();
}

Template trusted_template(std::string_view bytes) {
  auto made = Decoder(bytes, true).run();
  return made ? std::move(made).value() : Template{};
}

}  // namespace autodev::mine
