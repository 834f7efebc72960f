// SPDX-License-Identifier: MIT OR Apache-2.0
//
// MiningLibrary: the functions of many projects in memory, gathered into clusters while they come in.
//
// A unit is one distinct tree with its names and literals (exact digest); its copies only count, and each project
// counts once however often it holds them. A new unit joins or leads a cluster at once (cluster_index.h), in
// microseconds, by the order of arrival. settle() makes the clusters a function of the *set* of units: all are assigned
// again in the order of their digests, which are as good as random, so that the leaders are those that a random order
// would give (the pivots of Ailon, Charikar & Newman 2008). write() settles first: the same units in any order give the
// same bytes.
//
// Runs of statements are gathered in the same way, one level below (windows.h). Most never come back, so a window first
// only stands in a table with its band keys; when a second one shares a band with it, both are given to a cluster index
// of their own.
//
//   MiningLibrary library;
//   const auto project = library.project("requests");
//   for (const CodeUnit& unit : units) library.add(unit, project);
//   library.settle();
//   for (std::uint32_t c = 0; c < library.clusters(); ++c) ... library.cluster(c) ...
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"
#include "mine/cluster_index.h"
#include "mine/feature_weights.h"
#include "mine/segmented.h"
#include "mine/sharded_table.h"
#include "mine/windows.h"
#include "syntax/trusted_nast.h"

namespace autodev::mine {

/// Projects that hold something, ascending, each once. By far the most units stand in one project only, so the first
/// needs no memory of its own.
class ProjectSet {
 public:
  /// True when the project is new here.
  bool add(std::uint32_t project);
  [[nodiscard]] std::size_t size() const noexcept { return first_ == UINT32_MAX ? 0 : 1 + more_.size(); }
  [[nodiscard]] std::vector<std::uint32_t> all() const;
  [[nodiscard]] std::size_t bytes() const noexcept { return more_.capacity() * sizeof(std::uint32_t); }

 private:
  std::uint32_t first_ = UINT32_MAX;  ///< the smallest
  std::vector<std::uint32_t> more_;
};

/// A distinct unit. Views live as long as the library. Where copies differ in formatting, the text is the smallest in
/// byte order, and name, path and line go with it.
struct LibraryUnit {
  Digest alpha, exact;
  std::string_view tree;  ///< NAST/1
  std::string_view text, name, path;
  std::uint32_t project = 0, first_line = 0;
  std::uint32_t nodes = 0;
  std::uint32_t instances = 0;  ///< copies, itself included
  std::uint32_t cluster = 0;
  ProjectSet projects;
  Language language = Language::unknown;
  UnitKind kind = UnitKind::function;
};

/// A run of statements of a unit; the nodes are those of the unit's tree.
struct LibraryWindow {
  std::uint32_t unit = 0, first = 0, end = 0;
  std::uint32_t cluster = UINT32_MAX;
};

/// What several units, or several windows, have in common.
struct LibraryCluster {
  PatternId id;                         ///< alpha digest of the leader
  std::uint32_t leader = 0;             ///< unit or window
  std::uint32_t size = 0;               ///< units or windows
  std::vector<std::uint32_t> members;   ///< the leader first, then in order of digest; at most 64
  std::vector<std::uint32_t> projects;  ///< of all units, ascending
};

/// Bytes by part, as the parts themselves count; the allocator adds some.
struct LibraryBytes {
  std::size_t units = 0, trees_and_texts = 0, tables = 0, clusters = 0, windows = 0;
  [[nodiscard]] std::size_t total() const noexcept { return units + trees_and_texts + tables + clusters + windows; }
};

/// What became of an added unit.
enum class Added : std::uint8_t {
  led,         ///< a cluster of its own
  joined,      ///< another one's
  copy,        ///< known already
  kept,        ///< waits for settle()
  too_small,   ///< below trivial_nodes: left out
  unreadable,  ///< its tree is none, or of another language
};

class MiningLibrary : private ItemSource {
 public:
  MiningLibrary();
  MiningLibrary(const MiningLibrary&) = delete;
  MiningLibrary& operator=(const MiningLibrary&) = delete;

  /// The number of a project, made at its first mention. Cost: O(log projects).
  std::uint32_t project(std::string_view name);
  [[nodiscard]] const std::string& project_name(std::uint32_t project) const { return *project_names_[project]; }
  [[nodiscard]] std::size_t projects() const noexcept { return project_names_.size(); }

  /// Takes a unit with the digests that its tree has. Cost: decoding, features, 16 look-ups and up to eight
  /// generalisations; no step of it grows with the library.
  Added add(const CodeUnit& unit, std::uint32_t project);
  static constexpr std::uint32_t no_unit = UINT32_MAX;
  /// The number of the unit added last; no_unit when it was left out.
  [[nodiscard]] std::uint32_t last() const noexcept { return last_; }

  /// From here on units are only kept, and the next settle() places them: for a library that is built in one go nothing is
  /// placed twice. Until then there are units, but no clusters of them and no windows.
  void gather() noexcept { gathering_ = true; }

  /// Clusters as a function of the set of units. Nothing to do when nothing came since the last time. Cost: O(units),
  /// about as much as adding them without parsing.
  void settle();

  [[nodiscard]] std::uint32_t units() const noexcept { return static_cast<std::uint32_t>(units_.size()); }
  [[nodiscard]] const LibraryUnit& unit(std::uint32_t unit) const { return units_[unit]; }
  [[nodiscard]] std::uint32_t clusters() const noexcept { return static_cast<std::uint32_t>(index_.size()); }
  [[nodiscard]] LibraryCluster cluster(std::uint32_t cluster) const;
  [[nodiscard]] std::uint32_t cluster_size(std::uint32_t cluster) const { return index_.row(cluster).size; }
  [[nodiscard]] Template template_of_cluster(std::uint32_t cluster) const {
    return index_.template_of_cluster(cluster);
  }
  [[nodiscard]] const ClusterIndex& index() const noexcept { return index_; }

  /// Windows that were kept, and the clusters of those that came again. A window cluster's projects are those of its
  /// units.
  [[nodiscard]] std::uint32_t windows() const noexcept { return static_cast<std::uint32_t>(windows_.size()); }
  [[nodiscard]] const LibraryWindow& window(std::uint32_t window) const { return windows_[window]; }
  [[nodiscard]] std::uint32_t window_clusters() const noexcept {
    return static_cast<std::uint32_t>(window_index_.size());
  }
  [[nodiscard]] LibraryCluster window_cluster(std::uint32_t cluster) const;
  [[nodiscard]] Template template_of_window_cluster(std::uint32_t cluster) const {
    return window_index_.template_of_cluster(cluster);
  }
  /// The first window that shares enough bands with one of another tree. Cost: four look-ups.
  [[nodiscard]] std::optional<std::uint32_t> window_like(const Window& window) const;
  [[nodiscard]] double weight_of(std::uint64_t feature) const noexcept { return weights_.weight_of(feature); }
  [[nodiscard]] const ClusterIndex& window_index() const noexcept { return window_index_; }

  [[nodiscard]] std::uint64_t instances() const noexcept { return instances_; }  ///< units and their copies
  [[nodiscard]] std::uint64_t too_small() const noexcept { return too_small_; }
  [[nodiscard]] std::size_t hubs() const noexcept { return index_.hubs(); }
  [[nodiscard]] LibraryBytes bytes() const noexcept;

  /// Settles, then hands the whole library out in pieces: units in the order of their digests, then clusters. For
  /// comparing libraries; no format to read back. Equal sets of added units give equal bytes.
  void write(const std::function<void(std::string_view)>& sink);

  [[nodiscard]] syntax::Nast tree_of(std::uint32_t unit) const { return syntax::trusted_nast(units_[unit].tree); }
  [[nodiscard]] std::string_view text_of(std::uint32_t unit) const { return units_[unit].text; }

 private:
  struct Instance {
    std::string_view text, project, path;
    std::uint32_t first_line = 0;
    auto operator<=>(const Instance&) const = default;
  };

  /// The windows as items of a cluster index.
  class WindowItems : public ItemSource {
   public:
    explicit WindowItems(const MiningLibrary& library) : library_(library) {}
    [[nodiscard]] ItemTree read(std::uint32_t window) const override;

   private:
    const MiningLibrary& library_;
  };

  void add_windows(std::uint32_t number, const syntax::Nast& tree, const PlacedFeatures& placed);
  [[nodiscard]] ItemTree read(std::uint32_t unit) const override { return {tree_of(unit), text_of(unit)}; }
  void place_window(std::uint32_t window, const ItemTree& cut);
  void note_copy(LibraryUnit& known, const CodeUnit& unit, std::uint32_t project);
  void keep_text(LibraryUnit& row, const CodeUnit& unit, std::uint32_t project);
  Added place(std::uint32_t number, const syntax::Nast& tree, const PlacedFeatures& placed);
  Added arrive(std::uint32_t number, const syntax::Nast& tree);
  [[nodiscard]] std::vector<std::uint32_t> in_digest_order() const;

  ByteArena arena_;
  SegmentedVector<LibraryUnit> units_;
  ShardedTable by_exact_;  ///< -> unit
  ShardedTable by_alpha_;  ///< -> cluster
  ClusterIndex index_;
  SegmentedVector<ProjectSet> cluster_projects_;
  SegmentedVector<LibraryWindow> windows_;
  ShardedTable first_windows_;  ///< band key -> the first window that had it
  WindowItems window_items_;
  ClusterIndex window_index_;
  SegmentedVector<ProjectSet> window_cluster_projects_;
  FeatureWeights weights_;
  std::map<std::string, std::uint32_t, std::less<>> project_numbers_;
  std::vector<const std::string*> project_names_;
  std::uint64_t instances_ = 0, too_small_ = 0;
  std::size_t owned_bytes_ = 0;
  std::uint32_t last_ = no_unit;
  bool settled_ = true, gathering_ = false;
};

}  // namespace autodev::mine
