// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The check of one unit: exact repeats first, then near repeats where there is none, and learned mistakes; of mistakes
// at overlapping places the loudest and then the most specific one speaks.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/wire.h"
#include "knowledge/guard_rows.h"
#include "knowledge/guard_view.h"
#include "knowledge/leaders.h"
#include "mine/edit_match.h"
#include "mine/edit_text.h"
#include "mine/near_repeat.h"

namespace autodev::knowledge {
namespace {

using mine::GuardLevel;
using syntax::Nast;

/// Failures of each band that are looked at, and those that are estimated and compared: the ones that share most bands. At
/// a similarity of 0.8 a pair shares 6.5 of 16 bands on average.
constexpr std::size_t max_per_band = 32, max_estimated = 12, max_compared = 4;
/// Three standard errors of the estimate below the similarity that counts.
constexpr double worth_comparing = mine::near_similarity - 3 * 0.05;

/// Guards by atom and by id, read when the first unit asks.
class KnownGuards {
 public:
  KnownGuards(const base::KvRead& state, bool shadow) : state_(state), shadow_(shadow) {}

  /// Guards that are looked up by the atom and may speak.
  Result<const std::vector<Digest>*> under(std::uint64_t atom) {
    const auto [place, added] = by_atom_.try_emplace(atom);
    if (added)
      AUTODEV_TRY(state_.scan(table::guard_atom, hashed_prefix(atom), {}, [&](std::string_view key, std::string_view value) {
        if (shadow_ || (!value.empty() && value[0] != 0)) place->second.push_back(base::WireReader(key.substr(8)).digest());
        return true;
      }));
    return &place->second;
  }

  Result<const mine::EditPattern*> pattern(const Digest& id) {
    const auto [place, added] = patterns_.try_emplace(id);
    if (added) {
      AUTODEV_TRY_ASSIGN(const auto bytes, state_.get(table::guard, key_of(id)));
      if (!bytes) return fail(ErrorCode::bad_data, "the derived state lists a guard that it does not have");
      AUTODEV_TRY_ASSIGN(place->second, mine::decode_edit(guard_pattern(*bytes), id));
    }
    return &place->second;
  }

 private:
  const base::KvRead& state_;
  bool shadow_;
  std::unordered_map<std::uint64_t, std::vector<Digest>> by_atom_;
  std::map<Digest, mine::EditPattern> patterns_;
};

class UnitCheck {
 public:
  UnitCheck(const base::KvRead& state, const CodeUnit& unit, const Nast& tree, const GuardCheckOptions& options, KnownGuards& guards)
      : state_(state), unit_(unit), tree_(tree), options_(options), guards_(guards) {}

  Result<std::vector<Finding>> run() {
    AUTODEV_TRY(repeated());
    if (found_.empty()) AUTODEV_TRY(near());
    AUTODEV_TRY(mistakes());  // one of them may block where a repeat only advises
    std::stable_sort(found_.begin(), found_.end(), [](const Finding& a, const Finding& b) { return a.start < b.start; });
    return std::move(found_);
  }

 private:
  /// A guard that fires, before it is known whether a louder one speaks about the place.
  struct FiredGuard {
    Digest id;
    GuardRow row;
    GuardStanding standing;
    std::uint32_t start = 0, end = 0;  ///< bytes
    std::size_t specific = 0;
  };
  using Fired = std::vector<FiredGuard>;

  [[nodiscard]] bool speaks(GuardLevel level) const noexcept { return level != GuardLevel::shadow || options_.shadow; }

  Result<OpinionRow> opinion(const Digest& id) const {
    AUTODEV_TRY_ASSIGN(const auto row, load<OpinionRow>(state_, table::opinion, key_of(id)));
    return row.value_or(OpinionRow{});
  }

  /// Absent: silenced.
  Result<std::optional<GuardLevel>> level_of_failure(const FailedRow& row, const Digest& id) const {
    AUTODEV_TRY_ASSIGN(const OpinionRow said, opinion(id));
    if (said.disabled) return std::nullopt;
    return mine::repeat_level(row.failures, row.later_passes, said.wrong);
  }

  static void describe(Finding& finding, const Digest& id, const FailedRow& row) {
    finding.example = {id};
    finding.example_name = row.unit.name;
    finding.example_path = row.unit.path;
    finding.example_line = row.unit.first_line;
    if (finding.cause.empty()) finding.cause = row.cause;
    if (finding.events.empty()) finding.events = row.events;
  }

  Finding finding_of(FindingKind kind, const Digest& id, const FailedRow& row, GuardLevel level) const {
    Finding finding;
    finding.kind = kind;
    finding.id = {id};
    finding.level = level;
    finding.end = static_cast<std::uint32_t>(unit_.text.size());
    finding.before = row.unit.text;
    finding.after = row.after.value_or("");
    finding.confirmed = row.failures;
    finding.doubts = row.later_passes;
    describe(finding, id, row);
    return finding;
  }

  Result<void> repeated() {
    const Digest id = unit_.fingerprint;
    AUTODEV_TRY_ASSIGN(const auto row, load<FailedRow>(state_, table::failed, key_of(id)));
    if (!row) return {};
    AUTODEV_TRY_ASSIGN(const auto level, level_of_failure(*row, id));
    if (!level || !speaks(*level)) return {};
    Finding finding = finding_of(FindingKind::repeated, id, *row, *level);
    AUTODEV_TRY_ASSIGN(const OpinionRow said, opinion(id));
    finding.doubts += said.wrong;
    AUTODEV_TRY_ASSIGN(finding.fix, fix_of(*row, id));
    found_.push_back(std::move(finding));
    return {};
  }

  /// What passed in place of the failed code, with the names that this unit uses.
  Result<std::optional<std::string>> fix_of(const FailedRow& row, const Digest& id) const {
    AUTODEV_TRY_ASSIGN(const auto near_row, load<NearRow>(state_, table::near, key_of(id)));
    if (!near_row || near_row->after.empty()) return std::nullopt;  // nothing passed in its place under execution
    if (unit_.exact == row.unit.exact) return std::optional<std::string>(near_row->after_text);
    const auto failed = syntax::decode_nast(near_row->before);
    const auto fixed = syntax::decode_nast(near_row->after);
    if (!failed || !fixed || failed->nodes.size() != tree_.nodes.size()) return std::nullopt;
    std::map<std::string, std::string, std::less<>> names;
    for (std::uint32_t i = 0; i < tree_.nodes.size(); ++i)
      if (tree_.nodes[i].kind == syntax::NodeKind::identifier)
        names.emplace(failed->symbol(i), tree_.symbol(i));
    std::string text;
    std::size_t at = 0;
    for (std::uint32_t i = 0; i < fixed->nodes.size(); ++i) {
      const syntax::NastNode& node = fixed->nodes[i];
      if (node.kind != syntax::NodeKind::identifier || node.start < at || node.end > near_row->after_text.size()) continue;
      const auto name = names.find(fixed->symbol(i));
      if (name == names.end() || near_row->after_text.substr(node.start, node.end - node.start) != name->first) continue;
      text += near_row->after_text.substr(at, node.start - at) + name->second;
      at = node.end;
    }
    return text + near_row->after_text.substr(at);
  }

  /// Failures by the number of bands they share with the unit, most first.
  Result<std::vector<Digest>> band_mates(const mine::Signature& signature) const {
    std::vector<Digest> hits;
    for (const std::uint64_t band : mine::band_keys(signature, unit_.language)) {
      std::size_t seen = 0;
      AUTODEV_TRY(state_.scan(table::near_band, hashed_prefix(band), {}, [&](std::string_view key, std::string_view) {
        hits.push_back(base::WireReader(key.substr(8)).digest());
        return ++seen < max_per_band;
      }));
    }
    std::sort(hits.begin(), hits.end());
    std::vector<std::pair<std::size_t, Digest>> counted;
    for (auto first = hits.begin(); first != hits.end();) {
      const auto last = std::upper_bound(first, hits.end(), *first);
      counted.emplace_back(static_cast<std::size_t>(hits.end() - hits.begin()) - static_cast<std::size_t>(last - first), *first);
      first = last;
    }
    std::sort(counted.begin(), counted.end());
    std::vector<Digest> mates;
    for (std::size_t i = 0; i < std::min(counted.size(), max_estimated); ++i) mates.push_back(counted[i].second);
    return mates;
  }

  Result<void> near() {
    const auto features = mine::structural_features(tree_);
    const mine::Signature signature = mine::minhash(features);
    AUTODEV_TRY_ASSIGN(const std::vector<Digest> ids, band_mates(signature));
    std::vector<std::pair<double, Digest>> nearest;
    for (const Digest& id : ids) {
      AUTODEV_TRY_ASSIGN(const auto bytes, state_.get(table::near, key_of(id)));
      const double estimate = bytes ? mine::estimated_jaccard(near_signature(*bytes), signature) : 0;
      if (estimate >= worth_comparing) nearest.emplace_back(-estimate, id);
    }
    std::sort(nearest.begin(), nearest.end());
    if (nearest.size() > max_compared) nearest.resize(max_compared);
    if (nearest.empty()) return {};
    AUTODEV_TRY_ASSIGN(const auto passed, state_.get(table::passed, key_of(unit_.fingerprint)));
    if (passed) return {};  // exactly this code passed under execution
    Finding best;
    best.similarity = 0;
    for (const auto& [estimate, id] : nearest) {
      AUTODEV_TRY_ASSIGN(const auto similarity, similarity_to(id, features, signature));
      if (!similarity || *similarity <= best.similarity) continue;
      AUTODEV_TRY_ASSIGN(const auto row, load<FailedRow>(state_, table::failed, key_of(id)));
      if (!row) continue;
      AUTODEV_TRY_ASSIGN(const auto level, level_of_failure(*row, id));
      if (!level || !speaks(*level)) continue;
      // A near copy is not the example: it never blocks.
      best = finding_of(FindingKind::near, id, *row, std::min(*level, GuardLevel::advise));
      best.similarity = *similarity;
    }
    if (best.similarity > 0) found_.push_back(std::move(best));
    return {};
  }

  Result<std::optional<double>> similarity_to(const Digest& id, const std::vector<std::uint64_t>& features,
                                              const mine::Signature& signature) const {
    AUTODEV_TRY_ASSIGN(const auto row, load<NearRow>(state_, table::near, key_of(id)));
    if (!row || row->language != unit_.language) return std::nullopt;
    const auto failed = syntax::decode_nast(row->before);
    if (!failed) return std::nullopt;
    const auto failed_features = mine::structural_features(*failed);
    if (!row->after.empty()) {
      const auto fixed = syntax::decode_nast(row->after);
      if (!fixed) return std::nullopt;
      const auto fixed_features = mine::structural_features(*fixed);
      return mine::near_repeat(features, failed_features, &fixed_features);
    }
    const auto similarity = mine::near_repeat(features, failed_features, nullptr);
    if (!similarity) return std::nullopt;
    // Nobody knows what was wrong: passing code that is as near clears the unit.
    AUTODEV_TRY_ASSIGN(const auto leaders, neighbours(state_, signature, unit_.language));
    for (const Neighbour& leader : leaders)
      if (mine::estimated_jaccard(leader.signature, signature) >= *similarity) return std::nullopt;
    return similarity;
  }

  Result<void> mistakes() {
    const mine::UnitShape shape(tree_);
    Fired fired;
    for (const std::uint64_t atom : shape.atoms) {
      AUTODEV_TRY_ASSIGN(const std::vector<Digest>* candidates, guards_.under(atom));
      for (const Digest& id : *candidates) AUTODEV_TRY(try_guard(id, shape, fired));
    }
    return keep_loudest(std::move(fired), shape);
  }

  Result<void> try_guard(const Digest& id, const mine::UnitShape& shape, Fired& fired) {
    AUTODEV_TRY_ASSIGN(const mine::EditPattern* known, guards_.pattern(id));
    const mine::EditPattern& pattern = *known;
    const auto match = mine::find_mistake(pattern, shape);
    if (!match) return {};
    AUTODEV_TRY_ASSIGN(auto row, load<GuardRow>(state_, table::guard, key_of(id)));
    if (!row) return fail(ErrorCode::bad_data, "the derived state lists a guard that it does not have");
    AUTODEV_TRY_ASSIGN(const OpinionRow said, opinion(id));
    const GuardStanding standing = standing_of(*row, said);
    if (standing.disabled || !speaks(standing.level()) ||
        (mask_of(*row, mine::surroundings(*match, shape)) & standing.required) != standing.required)
      return {};
    // A flaw is named in general terms: any pattern of code is more specific.
    const std::size_t specific = pattern.flaw.empty() ? 1 + mine::concrete_nodes(pattern) : pattern.width == 0;
    FiredGuard one{id, std::move(*row), standing, tree_.nodes[match->where.first].start, 0, specific};
    for (std::uint32_t i = match->where.first; i < match->where.last; i += tree_.nodes[i].size) one.end = std::max(one.end, tree_.nodes[i].end);
    fired.push_back(std::move(one));
    return {};
  }

  Result<Finding> mistake(const FiredGuard& fired, const mine::UnitShape& shape) const {
    Finding finding;
    finding.kind = FindingKind::mistake;
    finding.id = {fired.id};
    finding.level = fired.standing.level();
    finding.start = fired.start;
    finding.end = fired.end;
    AUTODEV_TRY_ASSIGN(const mine::EditPattern pattern, mine::decode_edit(fired.row.pattern));
    const auto names = mine::typed_hole_names(pattern);
    finding.before = mine::named_text(pattern.before, names);
    finding.after = mine::named_text(pattern.after, names);
    for (const mine::Flaw& flaw : shape.flaws) {
      if (pattern.flaw.empty() || flaw.name != pattern.flaw) continue;
      finding.flaw = flaw.is_family() ? flaw.member : flaw.name;
      finding.before = mine::flaw_sentence(finding.flaw);
    }
    finding.cause = fired.row.cause;
    finding.confirmed = fired.standing.counts.confirmed;
    finding.doubts = fired.standing.counts.false_alarms + fired.standing.counts.wrong;
    finding.events = fired.row.events;
    AUTODEV_TRY_ASSIGN(const auto failed, load<FailedRow>(state_, table::failed, key_of(fired.row.example)));
    if (failed) describe(finding, fired.row.example, *failed);
    return finding;
  }

  Result<void> keep_loudest(Fired fired, const mine::UnitShape& shape) {
    std::stable_sort(fired.begin(), fired.end(), [](const FiredGuard& a, const FiredGuard& b) {
      if (a.standing.level() != b.standing.level()) return a.standing.level() > b.standing.level();
      if (a.specific != b.specific) return a.specific > b.specific;
      return a.id < b.id;
    });
    std::vector<std::pair<std::uint32_t, std::uint32_t>> taken;
    for (const FiredGuard& one : fired) {
      const bool covered = std::any_of(taken.begin(), taken.end(), [&](const auto& place) {
        return one.start < place.second && place.first < one.end;
      });
      if (covered) continue;
      taken.emplace_back(one.start, one.end);
      AUTODEV_TRY_ASSIGN(Finding finding, mistake(one, shape));
      found_.push_back(std::move(finding));
    }
    return {};
  }

  const base::KvRead& state_;
  const CodeUnit& unit_;
  const Nast& tree_;
  const GuardCheckOptions& options_;
  KnownGuards& guards_;
  std::vector<Finding> found_;
};

}  // namespace

Result<std::vector<std::vector<Finding>>> check_units(const base::KvRead& state, std::span<const CodeUnit> units,
                                                      const GuardCheckOptions& options) {
  KnownGuards guards(state, options.shadow);
  std::vector<std::vector<Finding>> found(units.size());
  for (std::size_t i = 0; i < units.size(); ++i) {
    const CodeUnit& unit = units[i];
    if (unit.kind != UnitKind::function && unit.kind != UnitKind::method) continue;
    const auto tree = syntax::decode_nast(unit.tree);
    if (!tree || tree->nodes.empty() || tree->nodes[0].end > unit.text.size()) continue;
    AUTODEV_TRY_ASSIGN(found[i], UnitCheck(state, unit, *tree, options, guards).run());
  }
  return found;
}

}  // namespace autodev::knowledge
