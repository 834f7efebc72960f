// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See cluster_index.h.
#include "mine/cluster_index.h"

#include <algorithm>

#include "mine/thresholds.h"
#include "mine/trusted_template.h"

namespace autodev::mine {

using syntax::Nast;

namespace {

constexpr unsigned band_shard_bits = 12;  // some 4,000 entries a shard at a million functions
constexpr std::uint32_t bucket_flag = 0x80000000u;
constexpr std::uint16_t max_bucket = static_cast<std::uint16_t>(max_candidates);
/// Generalisations tried per item: the most similar leader fits nearly always. As in the fold
/// (knowledge/fold_worked.cpp).
constexpr std::size_t max_tries = 8;

}  // namespace

ClusterIndex::ClusterIndex(const ItemSource& items) : items_(items), bands_(band_shard_bits) {}

void ClusterIndex::clear() {
  bands_ = ShardedTable(band_shard_bits);
  buckets_.clear();
  clusters_.clear();
  hubs_ = owned_bytes_ = 0;
}

std::size_t ClusterIndex::bytes() const noexcept {
  return bands_.bytes() + buckets_.bytes() + clusters_.bytes() + owned_bytes_;
}

void ClusterIndex::collect(const BandKeys& keys, std::vector<std::uint32_t>& found) const {
  for (const std::uint64_t key : keys) {
    const std::uint32_t entry = bands_.find(key);
    if (entry == ShardedTable::absent) continue;
    if ((entry & bucket_flag) == 0) {
      found.push_back(entry);
      continue;
    }
    const Bucket& bucket = buckets_[entry & ~bucket_flag];
    found.insert(found.end(), bucket.leaders.get(), bucket.leaders.get() + bucket.count);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
}

std::vector<std::uint32_t> ClusterIndex::near(const Signature& signature, Language language, double least) const {
  std::vector<std::uint32_t> found;
  collect(band_keys(signature, language), found);
  std::vector<LeaderView> views;
  views.reserve(found.size());
  for (const std::uint32_t cluster : found) views.push_back({clusters_[cluster].id, &clusters_[cluster].signature});
  std::vector<std::uint32_t> ordered;
  for (const std::size_t place : leader_order(views, signature, least)) ordered.push_back(found[place]);
  return ordered;
}

Template ClusterIndex::template_of_cluster(std::uint32_t cluster) const {
  const ClusterRow& row = clusters_[cluster];
  if (!row.shape.empty()) return trusted_template(row.shape);
  const ItemTree leader = items_.read(row.leader);
  return template_of(leader.tree, leader.text);
}

std::uint32_t ClusterIndex::assign(const ClusterItem& item) {
  auto ordered = near(item.signature, item.tree.language, join_similarity);
  if (ordered.size() > max_tries) ordered.resize(max_tries);
  for (const std::uint32_t cluster : ordered) {
    auto joined =
        try_join(template_of_cluster(cluster), clusters_[cluster].signature, item.tree, item.text, item.signature);
    if (!joined) continue;
    join(cluster, item.item, joined->result);
    return cluster;
  }
  return lead(item, band_keys(item.signature, item.tree.language));
}

void ClusterIndex::join(std::uint32_t cluster, std::uint32_t item, const Template& shape) {
  ClusterRow& row = clusters_[cluster];
  owned_bytes_ -= row.shape.capacity();
  row.shape = encode_template(shape);
  row.shape.shrink_to_fit();
  owned_bytes_ += row.shape.capacity();
  ++row.size;
  if (row.members.size() + 1 >= max_cluster_members) return;
  owned_bytes_ -= row.members.capacity() * sizeof(std::uint32_t);
  row.members.push_back(item);
  owned_bytes_ += row.members.capacity() * sizeof(std::uint32_t);
}

void ClusterIndex::fold(std::uint32_t cluster, std::uint32_t item, const Nast& tree, std::string_view text) {
  join(cluster, item, anti_unify(template_of_cluster(cluster), tree, text).result);
}

std::uint32_t ClusterIndex::lead(const ClusterItem& item, const BandKeys& keys) {
  const auto cluster = static_cast<std::uint32_t>(clusters_.size());
  ClusterRow row;
  row.id = item.id;
  row.signature = item.signature;
  row.leader = item.item;
  clusters_.push_back(std::move(row));
  for (const std::uint64_t key : keys) put(key, cluster);
  return cluster;
}

void ClusterIndex::put(std::uint64_t key, std::uint32_t cluster) {
  std::uint32_t& entry = bands_.place(key);
  if (entry == ShardedTable::absent) {
    entry = cluster;
    return;
  }
  if ((entry & bucket_flag) == 0) {
    const std::uint32_t first = entry;
    if (first == cluster) return;
    entry = static_cast<std::uint32_t>(buckets_.size()) | bucket_flag;
    Bucket& made = buckets_.push_back({});
    put_in_bucket(made, first);
    return put_in_bucket(made, cluster);
  }
  put_in_bucket(buckets_[entry & ~bucket_flag], cluster);
}

void ClusterIndex::put_in_bucket(Bucket& bucket, std::uint32_t cluster) {
  if (bucket.count == max_bucket) {
    hubs_ += !bucket.hub;
    bucket.hub = true;
    return;
  }
  if (bucket.count == bucket.capacity) {
    const auto capacity =
        static_cast<std::uint16_t>(bucket.capacity == 0 ? 4 : std::min<int>(2 * bucket.capacity, max_bucket));
    std::unique_ptr<std::uint32_t[]> larger(new std::uint32_t[capacity]);
    std::copy_n(bucket.leaders.get(), bucket.count, larger.get());
    bucket.leaders = std::move(larger);
    owned_bytes_ += sizeof(std::uint32_t) * static_cast<std::size_t>(capacity - bucket.capacity);
    bucket.capacity = capacity;
  }
  bucket.leaders[bucket.count++] = cluster;
}

}  // namespace autodev::mine
