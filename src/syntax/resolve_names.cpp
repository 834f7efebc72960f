// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Local or not: two sweeps per outermost function, the first collects what it binds, the second marks the rest.
#include "syntax/lower.h"

namespace autodev::syntax {
namespace {

bool is_plain(Role role) noexcept {
  return role == Role::none || role == Role::plain || role == Role::body;
}

class NameResolution {
 public:
  explicit NameResolution(LoweredFile& file) : file_(file), bound_in_(file.symbols.size() + 1, no_index) {}

  void run() {
    std::uint32_t done = 0;
    for (std::uint32_t number = 0; number < file_.candidates.size(); ++number) {
      const auto& candidate = file_.candidates[number];
      if (candidate.type != Candidate::Type::function || candidate.node < done) continue;
      mark(done, candidate.node, no_index - 1);
      const auto end = candidate.node + file_.nodes[candidate.node].size;
      collect(candidate, end, number);
      mark(candidate.node, end, number);
      done = end;
    }
    mark(done, static_cast<std::uint32_t>(file_.nodes.size()), no_index - 1);
  }

 private:
  void collect(const Candidate& root, std::uint32_t end, std::uint32_t number) {
    for (auto index = root.node; index < end; ++index) {
      const auto& node = file_.nodes[index];
      if ((node.flags & flag_binder) != 0 || file_.roles[index] == Role::local) bound_in_[node.symbol] = number;
    }
  }

  void mark(std::uint32_t begin, std::uint32_t end, std::uint32_t number) {
    for (auto index = begin; index < end; ++index) {
      auto& node = file_.nodes[index];
      if (node.kind != NodeKind::identifier) continue;
      const bool bound = bound_in_[node.symbol] == number;
      if (is_plain(file_.roles[index]) && !bound) node.flags |= flag_callee;
      if (file_.roles[index] == Role::callee && bound) node.flags &= static_cast<std::uint8_t>(~flag_callee);
    }
  }

  LoweredFile& file_;
  std::vector<std::uint32_t> bound_in_;  ///< by symbol: the outermost function that binds it
};

}  // namespace

void resolve_names(LoweredFile& file) {
  NameResolution(file).run();
}

}  // namespace autodev::syntax
