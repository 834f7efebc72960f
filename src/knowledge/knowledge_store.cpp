// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The one implementation of KnowledgeStore: where the state lives, and its look-ups.
//
// The state is opened when it is first needed: until something was recorded nothing is created on disk and an empty
// state in memory answers. A derived state that cannot be used is removed and folded again from the
// journal.
#include "knowledge/behaviour_rows.h"
#include "knowledge/knowledge_store.h"

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "base/wire.h"
#include "index/external_vectors.h"
#include "knowledge/code_adviser.h"
#include "knowledge/edit_view.h"
#include "knowledge/embed_waiting.h"
#include "knowledge/leaders.h"
#include "knowledge/pattern_files.h"
#include "knowledge/pattern_view.h"
#include "knowledge/refresh.h"
#include "knowledge/totals.h"
#include "knowledge/vote_rows.h"
#include "mine/signature.h"
#include "syntax/nast.h"

namespace autodev::knowledge {
namespace {

/// Tables whose bytes depend on where in a journal something stands.
bool is_bookkeeping(std::string_view name) {
  return name == table::meta || index::is_external_table(name);
}
bool is_placement(std::string_view name) {
  return is_bookkeeping(name) || name == table::event || name == table::order;
}

Result<std::string> digest_of(const base::KvRead& state, bool (*left_out)(std::string_view)) {
  Digest digest;
  std::string buffer;
  const auto add = [&](std::string_view key, std::string_view value) {
    buffer.assign(key_of(digest));
    base::WireWriter writer(buffer);
    writer.bytes(key);
    writer.bytes(value);
    digest = base::hash128(buffer);
    return true;
  };
  AUTODEV_TRY_ASSIGN(const auto tables, state.tables());
  for (const std::string& name : tables) {
    if (left_out(name)) continue;
    add("table", name);
    AUTODEV_TRY(state.scan(name, {}, {}, add));
  }
  return digest.hex();
}

/// Loads rows of one table by id.
template <typename Row>
auto row_loader(base::Table name) {
  return [name](const base::KvRead& view, const Digest& id) { return load<Row>(view, name, key_of(id)); };
}

/// Counts while somebody walks through the state.
class Walk {
 public:
  explicit Walk(int& count) : count_(count) { ++count_; }
  ~Walk() { --count_; }
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

 private:
  int& count_;
};

class JournalledStore final : public KnowledgeStore {
 public:
  JournalledStore(base::Env& env, std::string folder, Study study, StoreOptions options)
      : env_(env),
        folder_(std::move(folder)),
        study_(std::move(study)),
        options_(std::move(options)),
        journal_(env, folder_ + "/journal"),
        embedder_(index::built_in_embedder()) {
    if (options_.as_of) options_.in_memory_state = true;
  }

  /// Opens what is there already.
  Result<void> open();

  Result<std::vector<RecordKey>> append(const std::vector<Payload>& payloads) override;
  Result<RefreshReport> refresh() override;

  Result<std::optional<Pattern>> pattern(PatternId id) override {
    return healed<std::optional<Pattern>>([id](const base::KvRead& view) { return view_pattern(view, id); });
  }
  Result<std::optional<Pattern>> measured_pattern(PatternId id) override {
    return healed<std::optional<Pattern>>([id](const base::KvRead& view) {
      BackgroundReader background;
      return view_measured_pattern(view, id, background);
    });
  }
  Result<PatternRelatives> relatives(PatternId id) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return view_relatives(*view, id);
  }
  Result<std::optional<AntiPattern>> anti_pattern(PatternId id) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return view_anti_pattern(*view, id);
  }
  Result<std::optional<AntiPattern>> known_failure(const Digest& fingerprint) override {
    return anti_pattern({fingerprint});
  }
  Result<std::optional<CodeUnit>> leading_unit(PatternId id) override {
    return healed<std::optional<CodeUnit>>([id](const base::KvRead& view) { return view_leading_unit(view, id); });
  }
  Result<std::optional<EventSummary>> event(EventId id) override;
  Result<std::optional<LearningEvent>> load_event(EventId id) override;

  Result<Totals> totals() override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return view_totals(*view);
  }
  Result<void> for_each_pattern(const std::function<bool(const Pattern&)>& visit) override {
    BackgroundReader background;
    bool wanted = true;
    const auto until_enough = [&](const Pattern& pattern) { return wanted = visit(pattern); };
    const auto load_measured = [&background](const base::KvRead& view, const Digest& id) { return view_measured_pattern(view, {id}, background); };
    AUTODEV_TRY(for_each<Pattern>(pattern_order, until_enough, load_measured));
    const auto load_plain = [](const base::KvRead& view, const Digest& id) { return view_pattern(view, {id}); };
    return wanted ? for_each<Pattern>(behaviour_order, until_enough, load_plain) : Result<void>{};
  }
  Result<void> for_each_anti_pattern(const std::function<bool(const AntiPattern&)>& visit) override {
    return for_each<AntiPattern>(
        failed_order, visit, [](const base::KvRead& view, const Digest& id) { return view_anti_pattern(view, {id}); });
  }
  Result<std::vector<PatternId>> ids_starting_with(std::string_view hex, std::size_t limit) override;
  Result<std::optional<EventSummary>> latest_event() override;
  Result<void> for_each_event(const std::function<bool(const EventSummary&)>& visit) override;
  Result<void> for_each_decision(const std::function<bool(const DecisionSummary&)>& visit) override {
    return for_each<DecisionSummary>(decision_order, visit, row_loader<DecisionSummary>(table::decision));
  }
  Result<void> for_each_experiment(const std::function<bool(const DecisionSummary&)>& visit) override {
    return for_each<DecisionSummary>(experiment_order, visit, row_loader<DecisionSummary>(table::decision));
  }
  Result<std::optional<DecisionSummary>> decision(DecisionId id) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return load<DecisionSummary>(*view, table::decision, key_of(id));
  }
  Result<std::vector<DecisionId>> decisions_named(std::string_view prefix) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return view_decisions_named(*view, prefix);
  }
  Result<std::vector<std::string>> decision_types() override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return view_decision_types(*view);
  }
  Result<std::vector<std::string>> decided_options(std::string_view type) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return view_decided_options(*view, type);
  }
  Result<vote::Judgement> judge(const vote::Question& question, const vote::Settings& settings) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return vote::judge(VoteRead(*view), question, settings);
  }
  Result<std::vector<std::string>> what_would_change(const vote::Question& question, const vote::Settings& settings,
                                                     const vote::Judgement& judgement, const vote::Choice& choice) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return vote::what_would_change(VoteRead(*view), question, settings, judgement, choice);
  }
  Result<std::optional<KnownError>> error(const Digest& signature) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return load<KnownError>(*view, table::error, key_of(signature));
  }
  Result<void> for_each_error(const std::function<bool(const KnownError&)>& visit) override;
  Result<std::optional<CycleSummary>> cycle(CycleId id) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return load<CycleSummary>(*view, table::cycle, key_of(id));
  }
  Result<void> for_each_executed_cycle(const std::function<bool(const CycleSummary&)>& visit) override {
    return for_each<CycleSummary>(executed_cycle_order, visit, row_loader<CycleSummary>(table::cycle));
  }

  Result<std::vector<std::pair<PatternId, double>>> near(const CodeUnit& unit, std::size_t limit) override;
  Result<std::vector<std::optional<CodeAdvice>>> advice(const CodeUnit& unit, std::span<const PatternId> ids) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    AUTODEV_TRY_ASSIGN(CodeAdviser adviser, CodeAdviser::of(*view, unit));
    std::vector<std::optional<CodeAdvice>> made;
    for (const PatternId id : ids) {
      AUTODEV_TRY_ASSIGN(auto one, adviser.advice(id));
      made.push_back(std::move(one));
    }
    return made;
  }
  Result<std::optional<mine::Signature>> signature(PatternId id) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return leader_signature(*view, id);
  }
  Result<std::vector<index::DenseShare>> dense_shares(std::string_view query, PatternId id, std::size_t count) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    AUTODEV_TRY_ASSIGN(const auto document, view_document(*view, id));
    if (!document || options_.embedder) return std::vector<index::DenseShare>();
    const index::AdaptedEmbedder adapted(embedder_, *view);
    const index::Embedder& asked_with = options_.adapt ? static_cast<const index::Embedder&>(adapted) : embedder_;
    return index::dense_shares(asked_with, query, embedder_, *document, count);
  }
  Result<bool> is_member(const Digest& alpha) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    AUTODEV_TRY_ASSIGN(const auto unit, view->get(table::unit, key_of(alpha)));
    return unit.has_value();
  }
  Result<std::vector<std::vector<Finding>>> check(std::span<const CodeUnit> units, const GuardCheckOptions& options) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return check_units(*view, units, options);
  }
  Result<std::optional<Guard>> guard(PatternId id) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return view_guard(*view, id);
  }
  Result<std::optional<CodeUnit>> replacement(PatternId failure) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return view_replacement(*view, failure);
  }
  Result<EditDetails> edit_details(PatternId id) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return view_edit(*view, id);
  }
  Result<void> for_each_guard(const std::function<bool(const Guard&)>& visit) override {
    const Walk walk(walks_);
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return knowledge::for_each_guard(*view, visit);
  }
  Result<std::optional<RepeatGuard>> repeat_guard(PatternId id) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return view_repeat_guard(*view, id);
  }
  Result<void> for_each_repeat_guard(const std::function<bool(const RepeatGuard&)>& visit) override {
    const Walk walk(walks_);
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return knowledge::for_each_repeat_guard(*view, visit);
  }
  Result<std::vector<PatternId>> guards_named(std::string_view hex, std::size_t limit) override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return guards_starting_with(*view, hex, limit);
  }
  Result<index::SearchResult> search(std::string_view query, const index::Filter& filter, std::size_t limit) override {
    auto found = search_once(query, filter, limit);
    if (found) return found;
    // Altered bytes were noticed: the index is derived, so it is made again.
    AUTODEV_TRY_ASSIGN(const bool again, fold_again(found.error()));
    return again ? search_once(query, filter, limit) : found;
  }
  Result<index::LearnedOfQuery> learned_of(std::string_view query) override {
    if (!options_.adapt || options_.embedder) return index::LearnedOfQuery();
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return index::AdaptedEmbedder(embedder_, *view).learned(query);
  }
  Result<JournalPosition> folded_position() override;
  Result<std::string> state_digest() override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return digest_of(*view, is_bookkeeping);
  }
  Result<std::string> knowledge_digest() override {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return digest_of(*view, is_placement);
  }
  Result<std::map<std::string, std::uint64_t>> counters() override;
  Result<void> write_files(const std::vector<PatternId>& changed) override;

 private:
  /// In the space of the external embedder when all its vectors are there and it answers, else in the built-in one.
  Result<index::SearchResult> search_once(std::string_view query, const index::Filter& filter, std::size_t limit);
  /// After a look-up that met damaged bytes: the state is derived, so it is removed and folded again. False when the error is of
  /// another kind, the state must not be written, or somebody walks through it.
  Result<bool> fold_again(const Error& damage);
  Result<index::SearchResult> search_after_change(std::string_view query, const index::Filter& filter, std::size_t limit,
                                                  const index::Embedder& built_in);
  Result<void> embed(RefreshReport& report);
  [[nodiscard]] std::string state_folder() const { return folder_ + "/embeddings"; }
  [[nodiscard]] bool folds() const noexcept { return !options_.read_only || options_.in_memory_state; }
  Result<void> open_disk_state();
  Result<void> discard_state(const Error& error);
  /// On disk once there is a journal, in memory before.
  Result<void> prepare_state();
  Result<std::unique_ptr<base::KvRead>> read() { return kv_->begin_read(); }

  /// A look-up; when it meets damaged bytes, once more after folding again.
  template <typename Value, typename Look>
  Result<Value> healed(const Look& look) {
    Result<Value> found = look_once<Value>(look);
    if (found) return found;
    AUTODEV_TRY_ASSIGN(const bool again, fold_again(found.error()));
    return again ? look_once<Value>(look) : found;
  }
  template <typename Value, typename Look>
  Result<Value> look_once(const Look& look) {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return look(*view);
  }

  template <typename Value, typename Load>
  Result<void> for_each(char letter, const std::function<bool(const Value&)>& visit, const Load& load_one) {
    const Walk walk(walks_);
    AUTODEV_TRY_ASSIGN(const auto view, read());
    return for_each_in_order(*view, letter, [&](const Digest& id) -> Result<bool> {
      AUTODEV_TRY_ASSIGN(const std::optional<Value> value, load_one(*view, id));
      return !value || visit(*value);
    });
  }

  base::Env& env_;
  std::string folder_;
  Study study_;
  StoreOptions options_;
  Journal journal_;
  const index::Embedder& embedder_;
  std::unique_ptr<base::Kv> kv_;
  bool on_disk_ = false;
  int walks_ = 0;  ///< for_each that are under way: the state stays where it is
  std::string discarded_;          ///< why the state on disk was removed
  std::set<PatternId> unwritten_;  ///< changed since the last write_files
  bool all_unwritten_ = false;
};

Result<void> JournalledStore::open() {
  kv_ = base::open_memory_kv();
  if (options_.in_memory_state) return {};
  AUTODEV_TRY_ASSIGN(const auto state, env_.status(state_folder() + "/data.mdb"));
  if (state) return open_disk_state();
  // A read-only store whose state was never made, or was left out of a copy, is folded in memory.
  if (options_.read_only) options_.in_memory_state = true;
  return {};
}

Result<void> JournalledStore::open_disk_state() {
  base::LmdbOptions lmdb;
  lmdb.read_only = options_.read_only;
  auto opened = base::open_lmdb(state_folder(), lmdb);
  if (!opened && opened.error().code == ErrorCode::bad_data && !options_.read_only) {
    discarded_ = "the stored state was not usable: " + opened.error().message;
    AUTODEV_TRY(env_.remove_tree(state_folder()));
    opened = base::open_lmdb(state_folder(), lmdb);
  }
  if (!opened) return tl::make_unexpected(std::move(opened).error());
  kv_ = std::move(*opened);
  on_disk_ = true;
  return {};
}

Result<void> JournalledStore::prepare_state() {
  if (on_disk_ || options_.in_memory_state) return {};
  AUTODEV_TRY_ASSIGN(const auto journal, env_.status(journal_.folder()));
  if (!journal) return {};
  AUTODEV_TRY(env_.create_directories(state_folder()));
  return open_disk_state();
}

Result<void> JournalledStore::discard_state(const Error& error) {
  discarded_ = "the stored state was damaged: " + error.message;
  kv_ = base::open_memory_kv();
  on_disk_ = false;
  AUTODEV_TRY(env_.remove_tree(state_folder()));
  AUTODEV_TRY(env_.create_directories(state_folder()));
  return open_disk_state();
}

Result<std::vector<RecordKey>> JournalledStore::append(const std::vector<Payload>& payloads) {
  if (options_.read_only) return fail(ErrorCode::permission, folder_ + " is open for reading only");
  std::vector<Payload> completed;
  const auto incomplete = [](const Payload& payload) {
    const auto* event = std::get_if<LearningEvent>(&payload);
    return event != nullptr && (event->id.empty() || event->cycle.empty());
  };
  if (std::none_of(payloads.begin(), payloads.end(), incomplete)) return journal_.append(payloads);
  for (const Payload& payload : payloads) {
    completed.push_back(payload);
    auto* event = std::get_if<LearningEvent>(&completed.back());
    if (event == nullptr) continue;
    if (event->cycle.empty()) event->cycle = cycle_id(event->project, event->specification.text);
    if (event->id.empty()) event->id = event_id(*event);
  }
  return journal_.append(completed);
}

Result<RefreshReport> JournalledStore::refresh() {
  if (!folds()) return RefreshReport{};
  AUTODEV_TRY(prepare_state());
  auto report = Refresh(env_, journal_, *kv_, embedder_, study_, options_).run();
  if (!report && on_disk_ && report.error().code == ErrorCode::bad_data) {
    AUTODEV_TRY(discard_state(report.error()));
    report = Refresh(env_, journal_, *kv_, embedder_, study_, options_).run();
  }
  if (!report) return report;
  AUTODEV_TRY(embed(*report));
  if (!discarded_.empty()) {
    report->rebuilt = true;
    report->reason = std::exchange(discarded_, {});
  }
  all_unwritten_ = all_unwritten_ || report->rebuilt;
  unwritten_.insert(report->changed.begin(), report->changed.end());
  unwritten_.insert(report->changed_anti.begin(), report->changed_anti.end());
  return report;
}

Result<void> JournalledStore::embed(RefreshReport& report) {
  if (!on_disk_ || options_.read_only) return {};
  if (!options_.embedder) return options_.keep_external ? Result<void>{} : drop_external(*kv_);
  AUTODEV_TRY_ASSIGN(const EmbedReport embedded, embed_waiting(*kv_, *options_.embedder, options_.on_embedded));
  report.embedding_problem = embedded.problem;
  return {};
}

Result<index::SearchResult> JournalledStore::search_once(std::string_view query, const index::Filter& filter,
                                                         std::size_t limit) {
  AUTODEV_TRY_ASSIGN(const auto view, read());
  const index::AdaptedEmbedder adapted(embedder_, *view);
  const index::Embedder& built_in = options_.adapt ? static_cast<const index::Embedder&>(adapted) : embedder_;
  if (!options_.embedder) return index::search(*view, built_in, query, filter, limit);
  const ProbedEmbedder probed(*options_.embedder);
  auto found = index::search(*view, probed, query, filter, limit);
  AUTODEV_TRY_ASSIGN(const bool changed, probed.is_another(*view));
  if (found && !changed) return found;
  if (changed) return search_after_change(query, filter, limit, built_in);
  const std::string problem = found.error().message;
  // Bad data while the embedder itself answers: its stored vectors were altered. The next refresh makes them again.
  if (found.error().code == ErrorCode::bad_data && on_disk_ && !options_.read_only && options_.embedder->embed(query))
    AUTODEV_TRY(drop_external(*kv_));
  found = index::search(*view, built_in, query, filter, limit);
  if (found) found->note = "searched with the built-in embedder: " + problem;
  return found;
}

/// Another model answers than the one that made the stored vectors: all are made again, where they may be.
Result<index::SearchResult> JournalledStore::search_after_change(std::string_view query, const index::Filter& filter, std::size_t limit,
                                                                 const index::Embedder& built_in) {
  std::string problem = "another model answers than the one that made the stored vectors";
  if (on_disk_ && !options_.read_only) {
    AUTODEV_TRY(drop_external(*kv_));
    AUTODEV_TRY_ASSIGN(const EmbedReport embedded, embed_waiting(*kv_, *options_.embedder, options_.on_embedded));
    AUTODEV_TRY_ASSIGN(const auto view, read());
    auto found = index::search(*view, *options_.embedder, query, filter, limit);
    if (found) return found;
    problem = embedded.problem.empty() ? found.error().message : embedded.problem;
  }
  AUTODEV_TRY_ASSIGN(const auto view, read());
  auto found = index::search(*view, built_in, query, filter, limit);
  if (found) found->note = "searched with the built-in embedder: " + problem;
  return found;
}

Result<bool> JournalledStore::fold_again(const Error& damage) {
  if (damage.code != ErrorCode::bad_data || !on_disk_ || options_.read_only || walks_ > 0) return false;
  AUTODEV_TRY(discard_state(damage));
  AUTODEV_TRY(refresh());
  return true;
}

Result<std::optional<EventSummary>> JournalledStore::event(EventId id) {
  AUTODEV_TRY_ASSIGN(const auto view, read());
  AUTODEV_TRY_ASSIGN(auto row, load<EventRow>(*view, table::event, key_of(id)));
  return row ? std::optional<EventSummary>(std::move(row->summary)) : std::nullopt;
}

Result<std::vector<PatternId>> JournalledStore::ids_starting_with(std::string_view hex, std::size_t limit) {
  std::vector<PatternId> found;
  AUTODEV_TRY_ASSIGN(const auto view, read());
  const auto first = PatternId::parse(std::string(hex) + std::string(32 - std::min<std::size_t>(hex.size(), 32), '0'));
  if (!first) return found;
  for (const base::Table table : {table::pattern, table::behaviour, table::failed}) {
    if (!found.empty()) break;
    AUTODEV_TRY(view->scan(table, {}, key_of(*first), [&](std::string_view key, std::string_view) {
      const PatternId id{base::WireReader(key).digest()};
      if (!id.hex().starts_with(hex) || found.size() >= limit) return false;
      found.push_back(id);
      return true;
    }));
  }
  return found;
}

Result<std::optional<EventSummary>> JournalledStore::latest_event() {
  AUTODEV_TRY_ASSIGN(const auto view, read());
  AUTODEV_TRY_ASSIGN(const auto id, view->get(table::order, latest_event_key));
  if (!id) return std::nullopt;
  AUTODEV_TRY_ASSIGN(auto row, load<EventRow>(*view, table::event, *id));
  return row ? std::optional<EventSummary>(std::move(row->summary)) : std::nullopt;
}

Result<std::optional<LearningEvent>> JournalledStore::load_event(EventId id) {
  std::optional<EventRow> row;
  {
    AUTODEV_TRY_ASSIGN(const auto view, read());
    AUTODEV_TRY_ASSIGN(row, load<EventRow>(*view, table::event, key_of(id)));
  }
  if (!row) return std::nullopt;
  AUTODEV_TRY_ASSIGN(const Record record, journal_.read_at(row->summary.key.replica, row->location));
  AUTODEV_TRY_ASSIGN(Payload payload, decode_payload(record.kind, record.payload));
  auto* event = std::get_if<LearningEvent>(&payload);
  if (event == nullptr) return fail(ErrorCode::bad_data, "the journal has no event where the state says there is one");
  event->id = id;
  return std::optional<LearningEvent>(std::move(*event));
}

Result<void> JournalledStore::for_each_event(const std::function<bool(const EventSummary&)>& visit) {
  const std::function<bool(const EventRow&)> visit_row = [&visit](const EventRow& row) { return visit(row.summary); };
  return for_each<EventRow>(event_order, visit_row, row_loader<EventRow>(table::event));
}

Result<std::vector<std::pair<PatternId, double>>> JournalledStore::near(const CodeUnit& unit, std::size_t limit) {
  AUTODEV_TRY_ASSIGN(const auto tree, syntax::decode_nast(unit.tree));
  const mine::Signature signature = mine::minhash(mine::structural_features(tree));
  AUTODEV_TRY_ASSIGN(const auto view, read());
  AUTODEV_TRY_ASSIGN(const auto member, load<UnitRow>(*view, table::unit, key_of(unit.alpha)));
  AUTODEV_TRY_ASSIGN(const auto leaders, neighbours(*view, signature, unit.language));
  std::vector<std::pair<PatternId, double>> found;
  if (member) found.emplace_back(member->pattern, 1.0);
  for (const Neighbour& leader : leaders)
    if (!member || leader.id != member->pattern)
      found.emplace_back(leader.id, mine::estimated_jaccard(leader.signature, signature));
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  if (found.size() > limit) found.resize(limit);
  AUTODEV_TRY_ASSIGN(const auto around, leaders_with_window_of(*view, tree));
  for (const PatternId id : around) {
    if (std::any_of(found.begin(), found.end(), [&](const auto& known) { return known.first == id; })) continue;
    AUTODEV_TRY_ASSIGN(const auto leader, leader_signature(*view, id));
    if (leader) found.emplace_back(id, mine::estimated_jaccard(*leader, signature));
  }
  return found;
}

Result<void> JournalledStore::for_each_error(const std::function<bool(const KnownError&)>& visit) {
  const Walk walk(walks_);
  AUTODEV_TRY_ASSIGN(const auto view, read());
  Result<void> outcome;
  AUTODEV_TRY(view->scan(table::error, {}, {}, [&](std::string_view, std::string_view bytes) {
    const auto row = decode_row<KnownError>(bytes);
    if (!row) outcome = tl::make_unexpected(row.error());
    return row && visit(*row);
  }));
  return outcome;
}

Result<JournalPosition> JournalledStore::folded_position() {
  AUTODEV_TRY_ASSIGN(const auto view, read());
  AUTODEV_TRY_ASSIGN(auto head, load_head(*view));
  return head ? std::move(head->position) : JournalPosition{};
}

Result<std::map<std::string, std::uint64_t>> JournalledStore::counters() {
  std::map<std::string, std::uint64_t> counts;
  AUTODEV_TRY_ASSIGN(const auto view, read());
  AUTODEV_TRY(view->scan(table::counter, {}, {}, [&counts](std::string_view name, std::string_view value) {
    counts.emplace(name, base::WireReader(value).varint());
    return true;
  }));
  return counts;
}

Result<void> JournalledStore::write_files(const std::vector<PatternId>& changed) {
  if (options_.read_only) return fail(ErrorCode::permission, folder_ + " is open for reading only");
  unwritten_.insert(changed.begin(), changed.end());
  AUTODEV_TRY_ASSIGN(const auto view, read());
  if (changed.empty() || all_unwritten_)
    AUTODEV_TRY(write_all_pattern_files(env_, folder_, *view));
  else
    AUTODEV_TRY(write_pattern_files(env_, folder_, *view, unwritten_));
  unwritten_.clear();
  all_unwritten_ = false;
  return {};
}

}  // namespace

Result<std::unique_ptr<KnowledgeStore>> KnowledgeStore::open(base::Env& env, std::string folder, Study study,
                                                             StoreOptions options) {
  auto store = std::make_unique<JournalledStore>(env, std::move(folder), std::move(study), std::move(options));
  AUTODEV_TRY(store->open());
  return store;
}

}  // namespace autodev::knowledge
