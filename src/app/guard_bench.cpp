// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/guard_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "app/bench_rows.h"
#include "app/parts.h"
#include "base/text.h"
#include "knowledge/knowledge_store.h"
#include "learn/learner.h"
#include "mine/edit_match.h"
#include "mine/near_repeat.h"
#include "mine/signature.h"
#include "mine/variants.h"
#include "syntax/extract.h"

namespace autodev::app {
namespace {

using knowledge::Finding;
using knowledge::FindingKind;
using knowledge::KnowledgeStore;

constexpr std::size_t batch_pairs = 200;
constexpr std::size_t variants_per_pair = 6, max_shown = 20;

/// A store in a folder of its own that goes with it.
class ScratchStore {
 public:
  static Result<std::unique_ptr<ScratchStore>> open(base::Env& env) {
    auto scratch = std::make_unique<ScratchStore>(env);
    scratch->folder_ = fmt::format("{}/auto-dev-bench-{:016x}", env.variable("TMPDIR").value_or("/tmp"), env.random_u64());
    AUTODEV_TRY(env.create_directories(scratch->folder_));
    knowledge::StoreOptions options;
    options.learner = std::string(learn::learner_version);
    options.in_memory_state = true;
    AUTODEV_TRY_ASSIGN(scratch->store_, KnowledgeStore::open(env, scratch->folder_, learn::study, std::move(options)));
    return scratch;
  }
  explicit ScratchStore(base::Env& env) : env_(env) {}
  ~ScratchStore() {
    store_.reset();
    (void)env_.remove_tree(folder_);
  }
  ScratchStore(const ScratchStore&) = delete;
  ScratchStore& operator=(const ScratchStore&) = delete;
  KnowledgeStore& store() { return *store_; }

 private:
  base::Env& env_;
  std::string folder_;
  std::unique_ptr<KnowledgeStore> store_;
};

std::vector<CodeUnit> functions_of(const std::string& source, Language language, const std::string& path) {
  syntax::ExtractOptions options;
  options.blocks = options.types = false;
  auto units = syntax::extract_units(source, language, path, options);
  return units ? std::move(units->units) : std::vector<CodeUnit>();
}

struct ParsedPair {
  const CodePair* pair = nullptr;
  std::vector<UnitChange> changes;
};

ParsedPair parse(const CodePair& pair) {
  return {&pair, changed_units(functions_of(pair.failed, pair.language, pair.id), functions_of(pair.fixed, pair.language, pair.id))};
}

LearningEvent event_of(const CodePair& pair, Verdict verdict, std::size_t number) {
  LearningEvent event;
  event.timestamp = Timestamp(Milliseconds(static_cast<std::int64_t>(1'000'000 + number * 1000)));
  event.source = "bench";
  event.project = pair.group;
  event.specification.text = pair.id;
  event.outcome.verdict = verdict;
  event.outcome.strength = EvidenceStrength::report;
  event.outcome.tool = "bench";
  event.success.tests_passed = verdict == Verdict::passed;
  return event;
}

void add_events(const ParsedPair& parsed, std::size_t number, std::vector<knowledge::Payload>& batch) {
  LearningEvent failed = event_of(*parsed.pair, Verdict::failed, 2 * number);
  LearningEvent passed = event_of(*parsed.pair, Verdict::passed, 2 * number + 1);
  passed.previous_attempt = Verdict::failed;
  for (const UnitChange& change : parsed.changes)
    if (change.before) failed.implementation.units.push_back({std::nullopt, change.before});
  passed.implementation.units = parsed.changes;
  batch.emplace_back(std::move(failed));
  batch.emplace_back(std::move(passed));
}

Result<void> learn_pairs(KnowledgeStore& store, const std::vector<ParsedPair>& pairs, const GuardBenchOptions& options) {
  std::vector<knowledge::Payload> batch;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    add_events(pairs[i], i, batch);
    if (batch.size() < 2 * batch_pairs && i + 1 < pairs.size()) continue;
    AUTODEV_TRY(store.append(batch));
    AUTODEV_TRY(store.refresh());
    batch.clear();
    if (options.on_progress) options.on_progress("learning", i + 1, pairs.size());
  }
  return {};
}

std::size_t lines_of(const std::string& source) { return base::split_lines(source).size(); }

/// Findings of the wanted kind and level on one side of a pair.
Result<std::vector<Finding>> flagged(KnowledgeStore& store, const ParsedPair& parsed, bool fixed_side, const GuardBenchOptions& options) {
  std::vector<Finding> flagged;
  for (const UnitChange& change : parsed.changes) {
    const auto& unit = fixed_side ? change.after : change.before;
    if (!unit) continue;
    AUTODEV_TRY_ASSIGN(const auto found, store.check({&*unit, 1}, {options.level == mine::GuardLevel::shadow}));
    for (const Finding& finding : found.front())
      if (finding.kind == FindingKind::mistake && finding.level >= options.level) flagged.push_back(finding);
  }
  return flagged;
}

std::vector<Digest> rung_ids(const ParsedPair& parsed) {
  std::vector<Digest> ids;
  for (const UnitChange& change : parsed.changes) {
    if (!change.before || !change.after) continue;
    const auto before = syntax::decode_nast(change.before->tree);
    const auto after = syntax::decode_nast(change.after->tree);
    if (!before || !after) continue;
    for (const auto& rung : mine::fix_rungs(*before, change.before->text, *after, change.after->text)) ids.push_back(rung.pattern.id);
  }
  return ids;
}

double share(double part, double whole) { return whole > 0 ? part / whole : 0.0; }

}  // namespace

Result<std::vector<CodePair>> read_pairs(std::string_view text, std::string_view what) {
  std::vector<CodePair> pairs;
  AUTODEV_TRY(for_each_row(text, what, {"id", "group", "language", "buggy", "fixed"}, [&](const base::Json& row, const std::string& where) -> Result<void> {
    const auto language = language_from_name(row["language"].get<std::string>());
    if (!language) return fail(ErrorCode::bad_data, where + ": there is no language \"" + base::strip_controls(row["language"].get<std::string>()) + "\"");
    pairs.push_back({row["id"], row["group"], *language, row["buggy"], row["fixed"]});
    return {};
  }));
  return pairs;
}

Result<base::Json> bench_guards(base::Env& env, const std::vector<CodePair>& train, const std::vector<CodePair>& test,
                                const GuardBenchOptions& options) {
  AUTODEV_TRY_ASSIGN(const auto scratch, ScratchStore::open(env));
  std::set<std::string> groups;
  std::set<Digest> known_rungs;
  std::vector<ParsedPair> taught;
  for (const CodePair& pair : train) {
    groups.insert(pair.group);
    taught.push_back(parse(pair));
    for (const Digest& id : rung_ids(taught.back())) known_rungs.insert(id);
  }
  AUTODEV_TRY(learn_pairs(scratch->store(), taught, options));
  std::size_t pairs = 0, left_out = 0, only_failed = 0, only_fixed = 0, both = 0, alarms = 0, lines = 0, reachable = 0;
  base::Json alarms_shown = base::Json::array();
  for (std::size_t i = 0; i < test.size(); ++i) {
    if (options.on_progress) options.on_progress("checking", i + 1, test.size());
    if (groups.contains(test[i].group)) {
      ++left_out;
      continue;
    }
    const ParsedPair parsed = parse(test[i]);
    ++pairs;
    AUTODEV_TRY_ASSIGN(const auto on_failed, flagged(scratch->store(), parsed, false, options));
    AUTODEV_TRY_ASSIGN(const auto on_fixed, flagged(scratch->store(), parsed, true, options));
    only_failed += !on_failed.empty() && on_fixed.empty();
    only_fixed += on_failed.empty() && !on_fixed.empty();
    both += !on_failed.empty() && !on_fixed.empty();
    alarms += on_fixed.size();
    for (const Finding& finding : on_fixed)
      if (alarms_shown.size() < max_shown) alarms_shown.push_back({{"pair", test[i].id}, {"guard", finding.id.hex()}, {"before", finding.before}});
    lines += lines_of(test[i].fixed);
    const auto ids = rung_ids(parsed);
    reachable += std::any_of(ids.begin(), ids.end(), [&](const Digest& id) { return known_rungs.contains(id); });
  }
  std::size_t guards = 0, speaking = 0;
  base::Json shown = base::Json::array();
  AUTODEV_TRY(scratch->store().for_each_guard([&](const knowledge::Guard& guard) {
    ++guards;
    speaking += guard.level >= options.level;
    if (guard.level != mine::GuardLevel::shadow && shown.size() < max_shown)
      shown.push_back({{"id", guard.id.hex()}, {"before", guard.pattern.before.text}, {"after", guard.pattern.after.text},
                       {"confirmed", guard.counts.confirmed}, {"false_alarms", guard.counts.false_alarms}, {"conditions", guard.counts.atoms}});
    return true;
  }));
  const double recall = share(static_cast<double>(only_failed), static_cast<double>(pairs));
  const double ceiling = share(static_cast<double>(reachable), static_cast<double>(pairs));
  return base::Json{{"bench", "guards"},
                    {"level", mine::to_string(options.level)},
                    {"pairs", pairs},
                    {"left_out", left_out},
                    {"guards", guards},
                    {"speaking", speaking},
                    {"speaking_guards", std::move(shown)},
                    {"alarms", std::move(alarms_shown)},
                    {"only_failed", only_failed},
                    {"only_fixed", only_fixed},
                    {"both", both},
                    {"precision", share(static_cast<double>(only_failed), static_cast<double>(only_failed + only_fixed + both))},
                    {"precision_of_sides", share(static_cast<double>(only_failed + both),
                                                 static_cast<double>(only_failed + only_fixed + 2 * both))},
                    {"recall", recall},
                    {"ceiling", ceiling},
                    {"recall_over_ceiling", share(recall, ceiling)},
                    {"alarms_per_kloc", share(1000.0 * static_cast<double>(alarms), static_cast<double>(lines))}};
}

namespace {

struct Repeats {
  std::size_t identical = 0, identical_found = 0, identical_alarms = 0;
  std::size_t near = 0, near_found = 0, near_alarms = 0;
};

std::optional<std::vector<std::uint64_t>> features_of(const CodeUnit& unit) {
  const auto tree = syntax::decode_nast(unit.tree);
  return tree ? std::optional(mine::structural_features(*tree)) : std::nullopt;
}

Result<bool> is_flagged(KnowledgeStore& store, const CodeUnit& unit, bool near) {
  AUTODEV_TRY_ASSIGN(const auto found, store.check({&unit, 1}, {}));
  return std::any_of(found.front().begin(), found.front().end(), [near](const Finding& finding) {
    return finding.kind == FindingKind::repeated || (near && finding.kind == FindingKind::near);
  });
}

/// Submits variants that are near the failed code; the same variant of the fix must stay silent.
Result<void> try_variants(KnowledgeStore& store, const UnitChange& change, Repeats& repeats) {
  const auto before = syntax::decode_nast(change.before->tree);
  const auto after = syntax::decode_nast(change.after->tree);
  const auto failed_features = features_of(*change.before);
  if (!before || !after || !failed_features) return {};
  for (const auto& variant : mine::variants(*before, change.before->text, *after, change.after->text, variants_per_pair)) {
    const auto failed = functions_of(variant.failed, change.before->language, "variant");
    const auto fixed = functions_of(variant.fixed, change.after->language, "variant");
    if (failed.size() != 1 || fixed.size() != 1 || failed[0].fingerprint == change.before->fingerprint ||
        failed[0].fingerprint == fixed[0].fingerprint)
      continue;
    const auto features = features_of(failed[0]);
    if (!features || mine::jaccard(*features, *failed_features) < mine::near_similarity) continue;
    ++repeats.near;
    AUTODEV_TRY_ASSIGN(const bool found, is_flagged(store, failed[0], true));
    AUTODEV_TRY_ASSIGN(const bool alarm, is_flagged(store, fixed[0], true));
    repeats.near_found += found;
    repeats.near_alarms += alarm;
  }
  return {};
}

}  // namespace

Result<base::Json> bench_resubmission(base::Env& env, const std::vector<CodePair>& pairs, const GuardBenchOptions& options) {
  AUTODEV_TRY_ASSIGN(const auto scratch, ScratchStore::open(env));
  std::vector<ParsedPair> parsed;
  for (const CodePair& pair : pairs) parsed.push_back(parse(pair));
  AUTODEV_TRY(learn_pairs(scratch->store(), parsed, options));
  Repeats repeats;
  for (std::size_t i = 0; i < parsed.size(); ++i) {
    if (options.on_progress) options.on_progress("submitting again", i + 1, parsed.size());
    for (const UnitChange& change : parsed[i].changes) {
      if (!change.before || !change.after || change.before->fingerprint == change.after->fingerprint) continue;
      AUTODEV_TRY_ASSIGN(const bool found, is_flagged(scratch->store(), *change.before, false));
      AUTODEV_TRY_ASSIGN(const bool alarm, is_flagged(scratch->store(), *change.after, false));
      ++repeats.identical;
      repeats.identical_found += found;
      repeats.identical_alarms += alarm;
      AUTODEV_TRY(try_variants(scratch->store(), change, repeats));
    }
  }
  const auto ratio = [](std::size_t part, std::size_t whole) { return share(static_cast<double>(part), static_cast<double>(whole)); };
  return base::Json{{"bench", "resubmission"},
                    {"identical", repeats.identical},
                    {"identical_recall", ratio(repeats.identical_found, repeats.identical)},
                    {"identical_false_alarms", repeats.identical_alarms},
                    {"near", repeats.near},
                    {"near_recall", ratio(repeats.near_found, repeats.near)},
                    {"near_false_alarms", repeats.near_alarms},
                    {"near_precision", ratio(repeats.near_found, repeats.near_found + repeats.near_alarms)}};
}

}  // namespace autodev::app
