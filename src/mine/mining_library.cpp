// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See mining_library.h.
#include "mine/mining_library.h"

#include <algorithm>

#include "base/hash.h"
#include "base/wire.h"
#include "mine/thresholds.h"

namespace autodev::mine {

using syntax::Nast;

namespace {

constexpr unsigned unit_shard_bits = 10;    // some 1,000 entries a shard at a million units
constexpr unsigned window_shard_bits = 12;  // some 4,000 at sixteen million band keys

}  // namespace

bool ProjectSet::add(std::uint32_t project) {
  if (project == first_) return false;
  if (first_ == UINT32_MAX) {
    first_ = project;
    return true;
  }
  if (project < first_) std::swap(project, first_);
  const auto place = std::lower_bound(more_.begin(), more_.end(), project);
  if (place != more_.end() && *place == project) return false;
  more_.insert(place, project);
  return true;
}

std::vector<std::uint32_t> ProjectSet::all() const {
  std::vector<std::uint32_t> projects;
  if (first_ != UINT32_MAX) projects.push_back(first_);
  projects.insert(projects.end(), more_.begin(), more_.end());
  return projects;
}

MiningLibrary::MiningLibrary()
    : by_exact_(unit_shard_bits),
      by_alpha_(unit_shard_bits),
      index_(*this),
      first_windows_(window_shard_bits),
      window_items_(*this),
      window_index_(window_items_) {}

std::uint32_t MiningLibrary::project(std::string_view name) {
  if (const auto known = project_numbers_.find(name); known != project_numbers_.end()) return known->second;
  const auto number = static_cast<std::uint32_t>(project_names_.size());
  project_names_.push_back(&project_numbers_.emplace(std::string(name), number).first->first);
  return number;
}

void MiningLibrary::keep_text(LibraryUnit& row, const CodeUnit& unit, std::uint32_t project) {
  row.tree = arena_.keep(unit.tree);
  row.text = arena_.keep(unit.text);
  row.name = arena_.keep(unit.name);
  row.path = arena_.keep(unit.path);
  row.first_line = unit.first_line;
  row.project = project;
}

/// Which of two copies is shown must not depend on which came first.
void MiningLibrary::note_copy(LibraryUnit& known, const CodeUnit& unit, std::uint32_t project) {
  ++known.instances;
  owned_bytes_ -= known.projects.bytes();
  known.projects.add(project);
  owned_bytes_ += known.projects.bytes();
  if (!gathering_) cluster_projects_[known.cluster].add(project);
  const Instance shown{known.text, project_name(known.project), known.path, known.first_line};
  const Instance other{unit.text, project_name(project), unit.path, unit.first_line};
  if (other < shown) keep_text(known, unit, project);
}

Added MiningLibrary::add(const CodeUnit& unit, std::uint32_t project) {
  last_ = no_unit;
  if (unit.nodes < trivial_nodes) {
    ++too_small_;
    return Added::too_small;
  }
  // Digests are 128 bits; the few units that share their first 64 take the next free key.
  std::uint64_t key = unit.exact.prefix64();
  for (std::uint32_t known = by_exact_.find(key); known != ShardedTable::absent; known = by_exact_.find(key)) {
    if (units_[known].exact == unit.exact && units_[known].language == unit.language) {
      ++instances_;
      settled_ = false;
      note_copy(units_[known], unit, project);
      last_ = known;
      return Added::copy;
    }
    key = base::mix64(key, 1);
  }
  const Nast tree = syntax::trusted_nast(unit.tree);
  if (tree.nodes.empty() || tree.language != unit.language || tree.nodes[0].end > unit.text.size())
    return Added::unreadable;
  last_ = units();
  by_exact_.place(key) = last_;
  LibraryUnit& row = units_.push_back({});
  row.alpha = unit.alpha;
  row.exact = unit.exact;
  row.language = unit.language;
  row.kind = unit.kind;
  row.nodes = unit.nodes;
  row.instances = 1;
  row.projects.add(project);
  keep_text(row, unit, project);
  ++instances_;
  settled_ = false;
  return gathering_ ? Added::kept : arrive(last_, tree);
}

Added MiningLibrary::arrive(std::uint32_t number, const Nast& tree) {
  const PlacedFeatures placed = placed_features(tree);
  weights_.add(placed.features);
  const Added what = place(number, tree, placed);
  add_windows(number, tree, placed);
  return what;
}

/// A renamed copy, or one with other literals, joins the cluster of its like without a search.
Added MiningLibrary::place(std::uint32_t number, const Nast& tree, const PlacedFeatures& placed) {
  LibraryUnit& row = units_[number];
  const std::uint64_t key = base::mix64(row.alpha.prefix64(), static_cast<std::uint64_t>(row.language));
  std::uint32_t& known = by_alpha_.place(key);
  Added what = Added::joined;
  if (known != ShardedTable::absent) {
    row.cluster = known;
    index_.fold(known, number, tree, row.text);
  } else {
    const auto before = clusters();
    const Signature signature = minhash(placed.features);
    row.cluster = known = index_.assign({number, PatternId{row.alpha}, tree, row.text, signature});
    if (row.cluster == before) {
      cluster_projects_.push_back({});
      what = Added::led;
    }
  }
  ProjectSet& projects = cluster_projects_[row.cluster];
  owned_bytes_ -= projects.bytes();
  for (const std::uint32_t project : row.projects.all()) projects.add(project);
  owned_bytes_ += projects.bytes();
  return what;
}

ItemTree MiningLibrary::WindowItems::read(std::uint32_t window) const {
  const LibraryWindow& row = library_.windows_[window];
  return cut_window(library_.tree_of(row.unit), library_.text_of(row.unit), row.first, row.end);
}

namespace {

/// The window that stands at enough of the bands; `absent` when none does.
std::uint32_t shared_by_several(const std::array<std::uint32_t, window_bands>& first) {
  for (const std::uint32_t window : first)
    if (window != ShardedTable::absent &&
        static_cast<std::size_t>(std::count(first.begin(), first.end(), window)) >= window_bands_shared)
      return window;
  return ShardedTable::absent;
}

}  // namespace

std::optional<std::uint32_t> MiningLibrary::window_like(const Window& window) const {
  std::array<std::uint32_t, window_bands> first{};
  for (std::size_t band = 0; band < window_bands; ++band) first[band] = first_windows_.find(window.bands[band]);
  const std::uint32_t found = shared_by_several(first);
  return found == ShardedTable::absent ? std::nullopt : std::optional(found);
}

void MiningLibrary::add_windows(std::uint32_t number, const Nast& tree, const PlacedFeatures& placed) {
  for (const Window& window : windows_of(tree, placed)) {
    const auto made = static_cast<std::uint32_t>(windows_.size());
    std::array<std::uint32_t, window_bands> before{};
    for (std::size_t band = 0; band < window_bands; ++band) {
      std::uint32_t& first = first_windows_.place(window.bands[band]);
      const bool known = first != ShardedTable::absent && first != made && windows_[first].unit != number;
      if (first == ShardedTable::absent) first = made;
      before[band] = known ? first : ShardedTable::absent;
    }
    const std::uint32_t earlier = shared_by_several(before);
    windows_.push_back({number, window.first, window.end});
    if (earlier == ShardedTable::absent) continue;
    if (windows_[earlier].cluster == UINT32_MAX) place_window(earlier, window_items_.read(earlier));
    place_window(made, cut_window(tree, units_[number].text, window.first, window.end));
  }
}

void MiningLibrary::place_window(std::uint32_t window, const ItemTree& cut) {
  const PatternId id{syntax::digest_tree(cut.tree).alpha};
  const std::uint32_t cluster = window_index_.assign({window, id, cut.tree, cut.text, signature_of(cut.tree)});
  windows_[window].cluster = cluster;
  if (cluster == window_cluster_projects_.size()) window_cluster_projects_.push_back({});
  for (const std::uint32_t project : units_[windows_[window].unit].projects.all())
    window_cluster_projects_[cluster].add(project);
}

std::vector<std::uint32_t> MiningLibrary::in_digest_order() const {
  std::vector<std::uint32_t> order(units_.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
    const LibraryUnit& left = units_[a];
    const LibraryUnit& right = units_[b];
    if (left.alpha != right.alpha) return left.alpha < right.alpha;
    if (left.exact != right.exact) return left.exact < right.exact;
    return left.language < right.language;
  });
  return order;
}

void MiningLibrary::settle() {
  gathering_ = false;
  if (settled_) return;
  by_alpha_ = ShardedTable(unit_shard_bits);
  index_.clear();
  cluster_projects_.clear();
  windows_.clear();
  first_windows_ = ShardedTable(window_shard_bits);
  window_index_.clear();
  window_cluster_projects_.clear();
  weights_.clear();
  for (const std::uint32_t number : in_digest_order()) arrive(number, tree_of(number));
  settled_ = true;
}

namespace {

LibraryCluster view_of(const ClusterRow& row, const ProjectSet& projects) {
  LibraryCluster made{row.id, row.leader, row.size, {row.leader}, projects.all()};
  made.members.insert(made.members.end(), row.members.begin(), row.members.end());
  return made;
}

}  // namespace

LibraryCluster MiningLibrary::cluster(std::uint32_t cluster) const {
  return view_of(index_.row(cluster), cluster_projects_[cluster]);
}

LibraryCluster MiningLibrary::window_cluster(std::uint32_t cluster) const {
  return view_of(window_index_.row(cluster), window_cluster_projects_[cluster]);
}

LibraryBytes MiningLibrary::bytes() const noexcept {
  LibraryBytes bytes;
  bytes.units = units_.bytes() + owned_bytes_ + cluster_projects_.bytes();
  bytes.trees_and_texts = arena_.bytes();
  bytes.tables = by_exact_.bytes() + by_alpha_.bytes() + weights_.bytes();
  bytes.clusters = index_.bytes();
  bytes.windows = windows_.bytes() + first_windows_.bytes() + window_index_.bytes() + window_cluster_projects_.bytes();
  return bytes;
}

void MiningLibrary::write(const std::function<void(std::string_view)>& sink) {
  settle();
  std::string piece;
  base::WireWriter out(piece);
  const auto put_projects = [&](const std::vector<std::uint32_t>& projects) {
    std::vector<std::string_view> names;
    for (const std::uint32_t project : projects) names.push_back(project_name(project));
    std::sort(names.begin(), names.end());
    out.varint(names.size());
    for (const std::string_view name : names) out.bytes(name);
  };
  const auto flush = [&] {
    sink(piece);
    piece.clear();
  };
  for (const std::uint32_t number : in_digest_order()) {
    const LibraryUnit& row = units_[number];
    out.digest(row.alpha);
    out.digest(row.exact);
    for (const std::string_view part :
         {row.tree, row.text, std::string_view(project_name(row.project)), row.name, row.path})
      out.bytes(part);
    for (const std::uint32_t value : {row.first_line, row.instances, row.cluster}) out.varint(value);
    put_projects(row.projects.all());
    flush();
  }
  const auto put_cluster = [&](const LibraryCluster& made, const Template& shape, auto put_member) {
    out.digest(made.id.digest);
    out.varint(made.size);
    for (const std::uint32_t member : made.members) put_member(member);
    put_projects(made.projects);
    out.bytes(encode_template(shape));
    flush();
  };
  for (std::uint32_t c = 0; c < clusters(); ++c)
    put_cluster(cluster(c), template_of_cluster(c), [&](std::uint32_t unit) { out.digest(units_[unit].exact); });
  for (std::uint32_t c = 0; c < window_clusters(); ++c)
    put_cluster(window_cluster(c), template_of_window_cluster(c), [&](std::uint32_t window) {
      out.digest(units_[windows_[window].unit].exact);
      out.varint(windows_[window].first);
      out.varint(windows_[window].end);
    });
}

}  // namespace autodev::mine
