// SPDX-License-Identifier: MIT OR Apache-2.0
//
// ClusterIndex: the leader rule (leader.h) over band tables in memory, for any number of items.
//
// Only leaders stand in the tables. A new item looks its sixteen band keys up, ranks the leaders found by the estimated
// Jaccard similarity of their signatures, and joins the first that a generalisation fits, else it leads. A bucket
// keeps at most 64 leaders and is tagged as a hub from then on: what is in it says little, and its other bands still
// tell. A cluster keeps its template, encoded, from its second member on; one of a single item is read from the item
// itself.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mine/item_source.h"
#include "mine/leader.h"
#include "mine/segmented.h"
#include "mine/sharded_table.h"
#include "mine/signature.h"
#include "mine/template.h"

namespace autodev::mine {

/// Members that a cluster names; further ones only count. As many as a pattern of the store keeps.
inline constexpr std::size_t max_cluster_members = 64;

/// An item on its way into the index.
struct ClusterItem {
  std::uint32_t item = 0;
  PatternId id;  ///< of the cluster if it comes to lead one
  const syntax::Nast& tree;
  std::string_view text;
  const Signature& signature;
};

struct ClusterRow {
  PatternId id;
  Signature signature;                 ///< of the leader
  std::uint32_t leader = 0;            ///< item
  std::uint32_t size = 1;              ///< items, the leader included
  std::vector<std::uint32_t> members;  ///< items in order of joining without the leader, at most 63
  std::string shape;                   ///< encoded template; empty while there is one item
};

class ClusterIndex {
 public:
  explicit ClusterIndex(const ItemSource& items);

  /// The number of the cluster that the item joined or came to lead. Cost: features excluded, 16 look-ups and at most
  /// eight generalisations (10 to 30 µs each).
  std::uint32_t assign(const ClusterItem& item);

  /// Folds an item into a cluster without asking whether it fits: copies up to names and literals always do.
  void fold(std::uint32_t cluster, std::uint32_t item, const syntax::Nast& tree, std::string_view text);

  /// Clusters whose leaders share a band with the signature, most similar first, of similarity at least `least`;
  /// at most 64. Cost: O(leaders in sixteen buckets).
  [[nodiscard]] std::vector<std::uint32_t> near(const Signature& signature, Language language, double least) const;

  [[nodiscard]] Template template_of_cluster(std::uint32_t cluster) const;
  [[nodiscard]] const ClusterRow& row(std::uint32_t cluster) const { return clusters_[cluster]; }
  [[nodiscard]] std::size_t size() const noexcept { return clusters_.size(); }
  [[nodiscard]] std::size_t hubs() const noexcept { return hubs_; }
  /// Bytes of tables, buckets and clusters, without what the allocator adds.
  [[nodiscard]] std::size_t bytes() const noexcept;
  void clear();

 private:
  /// Leaders that share one band key; only buckets of two and more have one.
  struct Bucket {
    std::unique_ptr<std::uint32_t[]> leaders;
    std::uint16_t count = 0, capacity = 0;
    bool hub = false;
  };

  std::uint32_t lead(const ClusterItem& item, const BandKeys& keys);
  void join(std::uint32_t cluster, std::uint32_t item, const Template& shape);
  void put(std::uint64_t key, std::uint32_t cluster);
  void put_in_bucket(Bucket& bucket, std::uint32_t cluster);
  void collect(const BandKeys& keys, std::vector<std::uint32_t>& found) const;

  const ItemSource& items_;
  ShardedTable bands_;  ///< band key -> cluster, or bucket with the top bit set
  SegmentedVector<Bucket> buckets_;
  SegmentedVector<ClusterRow> clusters_;
  std::size_t hubs_ = 0, owned_bytes_ = 0;
};

}  // namespace autodev::mine
