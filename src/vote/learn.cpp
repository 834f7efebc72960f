// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What an outcome changes: the losses of the voters, the tallies of the option, and, when it is too surprising, what is
// believed of the past.
#include <algorithm>
#include <cmath>

#include "vote/change.h"
#include "vote/decider.h"
#include "vote/ridge.h"

namespace autodev::vote {
namespace {

/// Options remembered per place; the one that was not heard of for the longest time goes.
constexpr std::size_t most_options_per_place = 128;

void add(Tally& tally, double reward, std::uint64_t clock, std::uint32_t epoch, double kept) {
  tally = as_of(tally, clock, epoch, kept);
  tally.successes += reward;
  tally.failures += 1 - reward;
}

void add_recent(Tally& tally, double reward, std::uint32_t epoch) {
  tally = as_of(tally, tally.clock, epoch, kept_after_change);
  const double fade = std::exp2(-1 / recent_half_life);
  tally.successes = tally.successes * fade + reward;
  tally.failures = tally.failures * fade + 1 - reward;
}

class Lesson {
 public:
  Lesson(Memory& memory, const Question& question, const Spoken& spoken, const Outcome& outcome)
      : memory_(memory), question_(question), spoken_(spoken), outcome_(outcome),
        option_(question.options[outcome.option]), hash_(option_hash(option_)) {}

  Result<void> run() {
    AUTODEV_TRY_ASSIGN(type_, load<TypeRow>(memory_, type_key()));
    ++type_.clock;
    AUTODEV_TRY(teach_option());
    add(type_.all, outcome_.reward, type_.clock, type_.epoch, kept_after_change);
    charge(type_.losses, spoken_, outcome_.option, outcome_.reward, outcome_.seen, outcome_.first);
    AUTODEV_TRY(teach_places());
    AUTODEV_TRY(teach_cases());
    AUTODEV_TRY(teach_all_types());
    return save(memory_, type_key(), type_);
  }

 private:
  [[nodiscard]] std::string type_key() const { return row_key(question_.type, 'T'); }

  Result<void> teach_option() {
    const std::string key = row_key(question_.type, 'O', hash_);
    AUTODEV_TRY_ASSIGN(OptionRow row, load<OptionRow>(memory_, key));
    row.name = option_;
    ++(outcome_.reward >= 0.5 ? row.successes : row.failures);
    note_id(row.ids, outcome_.decision);
    const double foretold = reference();
    std::optional<Alarm> alarm;
    if (row.all.total() >= 2) alarm = watch(row.watch, foretold, outcome_.reward);
    const std::uint32_t epoch_before = type_.epoch;
    if (alarm) notice(*alarm, foretold);
    if (alarm) {
      // What happened since the change is what is known; this outcome is the last of it.
      row.all = {alarm->successes, alarm->failures, type_.clock, type_.epoch};
      row.recent = {alarm->successes, alarm->failures, 0, type_.epoch};
    } else {
      add(row.all, outcome_.reward, type_.clock, epoch_before, kept_after_change);
      add_recent(row.recent, outcome_.reward, epoch_before);
    }
    if (const auto x = vector_of(type_.slots, question_.context); x.size() > 1) {
      if (alarm) shrink(row.ridge, kept_after_change);
      vote::add(row.ridge, x, outcome_.reward, type_.clock);
      solve(row.ridge);
    }
    return save(memory_, key, row);
  }

  /// The slowest voter that knows the context: a change shows against what was true for long.
  [[nodiscard]] double reference() const {
    const auto& confidence = spoken_.confidence[outcome_.option];
    const auto& estimate = spoken_.estimate[outcome_.option];
    for (const Voter voter : {Voter::trend, Voter::tree, Voter::prior})
      if (confidence[static_cast<std::size_t>(voter)] > 0.5F) return static_cast<double>(estimate[static_cast<std::size_t>(voter)]);
    return static_cast<double>(spoken_.blend[outcome_.option]);
  }

  void notice(const Alarm& alarm, double before) {
    ++type_.epoch;
    const double outcomes = alarm.successes + alarm.failures;
    type_.change = ChangeSeen{option_, alarm.better, before, outcomes > 0 ? alarm.successes / outcomes : outcome_.reward,
                              static_cast<std::uint32_t>(outcomes + 0.5), type_.clock, outcome_.decision};
  }

  Result<void> teach_places() {
    std::vector<std::uint64_t> places;
    for (const Category& category : question_.context.categories) places.push_back(category.hash);
    if (places.size() > 1) places.push_back(question_.context.key);
    for (std::size_t i = 0; i < places.size(); ++i) {
      const std::string key = row_key(question_.type, 'P', places[i]);
      AUTODEV_TRY_ASSIGN(PlaceRow place, load<PlaceRow>(memory_, key));
      teach_place(place);
      if (i + 1 == places.size()) charge(place.losses, spoken_, outcome_.option, outcome_.reward, outcome_.seen, outcome_.first);
      AUTODEV_TRY(save(memory_, key, place));
    }
    return {};
  }

  void teach_place(PlaceRow& place) {
    auto& options = place.options;
    auto found = std::lower_bound(options.begin(), options.end(), hash_, [](const PlaceOption& a, std::uint64_t b) { return a.option < b; });
    if (found == options.end() || found->option != hash_) found = options.insert(found, PlaceOption{hash_, {}, {}});
    add(found->all, outcome_.reward, type_.clock, type_.epoch, kept_after_change / 2);
    note_id(found->ids, outcome_.decision);
    if (options.size() <= most_options_per_place) return;
    options.erase(std::min_element(options.begin(), options.end(),
                                   [](const PlaceOption& a, const PlaceOption& b) { return a.all.clock < b.all.clock; }));
  }

  Result<void> teach_cases() {
    if (question_.context == Context{}) return {};
    const std::uint32_t place = type_.cases++ % static_cast<std::uint32_t>(cases_per_chunk * case_chunks);
    const std::string key = row_key(question_.type, 'C', place / cases_per_chunk);
    AUTODEV_TRY_ASSIGN(CaseRow chunk, load<CaseRow>(memory_, key));
    const Case one{question_.context.sketch, hash_, static_cast<float>(outcome_.reward), type_.epoch, outcome_.decision};
    const std::size_t slot = place % cases_per_chunk;
    if (slot < chunk.cases.size()) chunk.cases[slot] = one;
    else chunk.cases.push_back(one);
    return save(memory_, key, chunk);
  }

  Result<void> teach_all_types() {
    const std::string own = row_key({}, 'G', hash_);
    AUTODEV_TRY_ASSIGN(GlobalRow option, load<GlobalRow>(memory_, own));
    add(option.all, outcome_.reward, option.all.clock + 1, 0, INFINITY);
    AUTODEV_TRY(save(memory_, own, option));
    const std::string shared = row_key({}, 'G');
    AUTODEV_TRY_ASSIGN(GlobalRow all, load<GlobalRow>(memory_, shared));
    charge(all.losses, spoken_, outcome_.option, outcome_.reward, outcome_.seen, outcome_.first);
    return save(memory_, shared, all);
  }

  Memory& memory_;
  const Question& question_;
  const Spoken& spoken_;
  const Outcome& outcome_;
  const std::string& option_;
  std::uint64_t hash_;
  TypeRow type_;
};

}  // namespace

Result<void> remember(Memory& memory, const Question& question, std::size_t chosen) {
  const std::string key = row_key(question.type, 'T');
  AUTODEV_TRY_ASSIGN(TypeRow type, load<TypeRow>(memory, key));
  ++type.decisions;
  assign_slots(type.slots, question.context);
  AUTODEV_TRY(save(memory, key, type));
  const std::string option_key = row_key(question.type, 'O', option_hash(question.options[chosen]));
  AUTODEV_TRY_ASSIGN(OptionRow option, load<OptionRow>(memory, option_key));
  option.name = question.options[chosen];
  ++option.chosen;
  option.last_chosen = type.decisions;
  return save(memory, option_key, option);
}

Result<void> learn(Memory& memory, const Question& question, const Spoken& spoken, const Outcome& outcome) {
  return Lesson(memory, question, spoken, outcome).run();
}

}  // namespace autodev::vote
