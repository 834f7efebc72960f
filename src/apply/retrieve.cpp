// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/retrieve.h"

#include <algorithm>
#include <set>

#include "apply/header.h"

namespace autodev::apply {
namespace {

constexpr std::size_t shape_pool = 2'000;  // most recent tasks looked at by shape: bounds the work per task

constexpr std::size_t studied_at_once = 500;  // of a long history the latest: styles drift, and a retrieval each
constexpr std::size_t studied_neighbours = 3;

std::size_t body_of(const Learned& learned) {
  const auto header = find_header(learned.code, learned.task.language, learned.shape.entry);
  return header ? header->end : 0;
}

/// Turn by turn from both rankings, without repetitions.
std::vector<Neighbour> interleave(const std::vector<Neighbour>& a, const std::vector<Neighbour>& b, std::size_t limit) {
  std::vector<Neighbour> out;
  std::set<std::size_t> seen;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()) && out.size() < limit; ++i)
    for (const auto* list : {&a, &b})
      if (i < list->size() && out.size() < limit && seen.insert((*list)[i].task).second) out.push_back((*list)[i]);
  return out;
}

}  // namespace

void Library::add(Learned learned) {
  index_.add(learned.task);
  treatments_.add(learned);
  learned_.push_back(std::move(learned));
}

void Library::study() {
  if (learned_.size() > studied_ + studied_at_once) studied_ = learned_.size() - studied_at_once;
  for (; studied_ < learned_.size(); ++studied_) {
    const auto& now = learned_[studied_];
    std::size_t compared = 0;
    for (const auto& neighbour : index_.nearest(now.task, studied_neighbours + 2)) {
      if (neighbour.task >= studied_ || compared++ >= studied_neighbours) continue;
      const auto& earlier = learned_[neighbour.task];
      rewrites_.study(earlier.task, earlier.code, body_of(earlier), now.task, now.code, body_of(now));
    }
  }
}

std::vector<Neighbour> Library::retrieve(const VisibleTask& task, const SignatureShape& shape,
                                         std::size_t limit) const {
  const auto by_text = index_.nearest(task, learned_.size());
  std::vector<double> shares(learned_.size(), 0);
  std::vector<Neighbour> by_shape;
  for (const auto& neighbour : by_text) shares[neighbour.task] = neighbour.share;
  const std::size_t first = learned_.size() > shape_pool ? learned_.size() - shape_pool : 0;
  for (std::size_t i = first; i < learned_.size(); ++i) {
    if (learned_[i].task.language != task.language) continue;
    const double alike =
        shape_similarity(learned_[i].shape, shape) + (learned_[i].task.stream == task.stream ? 0.2 : 0);
    by_shape.push_back({i, alike + 0.5 * std::min(1.0, shares[i]), shares[i]});
  }
  std::sort(by_shape.begin(), by_shape.end(), [](const Neighbour& x, const Neighbour& y) {
    return x.score != y.score ? x.score > y.score : x.task > y.task;
  });
  return interleave(by_text, by_shape, limit);
}

}  // namespace autodev::apply
