// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Implement: the loop. Retrieve, decide, adapt, guard, verify, record, learn; a model only for what memory does not have.
//
//   apply   code fitted from earlier work passes the test command, and its probability of being right is above 1 - epsilon
//   adapt   there is such code, but not sure enough: it goes to the model as a draft, with the reasons
//   skip    nothing fits: the model starts from the specification alone
//
// What fails the tests, the function that is there, memory's draft or the model's first answer, may be one small edit away from
// passing them: the edits that past fixes suggest are tried, and what passes is believed or not like everything from memory.
//
// Whatever is tried runs on a copy in the sandbox. The user's file is written once, by a verified result, and only if it is still
// what it was at the start. Between what is possible the vote decides (loop_decisions.h). Every attempt with a verdict becomes an
// event of one cycle, with its line in the call ledger.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/edit_search.h"
#include "app/loop_decisions.h"
#include "app/parts.h"
#include "apply/arm.h"
#include "apply/model.h"

namespace autodev::app {

struct ImplementOptions {
  std::string spec, signature;
  Language language = Language::unknown;
  std::string root;           ///< of the work tree, absolute
  std::string folder;         ///< where the test command starts, relative to the root
  std::string file;           ///< what is written, relative to the root
  std::string test;           ///< guides the choice
  std::string hidden_test;    ///< judges it; may be empty
  double epsilon = 0.02;
  std::uint32_t attempts = 3;      ///< calls of the model
  std::size_t candidates = 8;      ///< runs of the test command on code from memory
  double seconds = 30;             ///< for what is tried without a model; no test run begins later
  bool repair = true;              ///< try small edits of code that fails
  std::size_t repair_candidates = 200;  ///< runs of the test command on them
  std::size_t memory = 1'000;      ///< functions of the history
  std::chrono::milliseconds test_timeout{120'000};
  std::uint64_t tree_bytes = std::uint64_t{64} << 20;
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;
  bool dry_run = false;
  bool record = true;              ///< false: the user opted out of learning
  double cost_weight = 0.05;       ///< as Decision::cost_weight
  bool explore = true;             ///< as Decision::explore
  std::function<void(const std::string&)> on_step;  ///< what is being done, for people
};

/// A model that may be asked; not owned.
struct LoopModel {
  ModelTier tier;
  apply::CodeModel* model = nullptr;
};

/// An edit after which code that failed passes the tests.
struct ImplementRepair {
  std::string of;        ///< whose code: "the function that is there", "memory's draft" or "the model's code"
  EditSearchResult edit;
};

struct ImplementResult {
  apply::Answer verdict = apply::Answer::skip;
  bool done = false;           ///< verified code was found (and, unless dry_run, written)
  bool from_model = false;
  bool repaired = false;       ///< what was found is an edit of code that failed
  bool interrupted = false;
  bool tests_tell = true;      ///< the test command fails without the change
  bool hidden_passed = false;  ///< further tests passed that fail without the change
  std::string code, diff, reason;
  std::string draft, draft_diff;  ///< with the verdict `adapt`: memory's code, and the file with it
  std::vector<ImplementRepair> repairs;  ///< searches, found or not
  double p_success = 0;
  std::uint64_t test_runs = 0;
  std::uint32_t llm_calls = 0;
  std::uint32_t guarded = 0;   ///< refused without a run, because the code is known to have failed
  std::vector<PatternId> patterns;
  std::vector<LedgerEntry> ledger;
  std::vector<EventId> events;
  std::vector<LoopChoice> choices;  ///< what was decided by vote
  std::vector<std::string> notes;
};

/// `models` cheapest first; may be empty. Errors: those of the sandbox and the model; `unavailable` when the test command cannot be started;
/// `busy` when the file changed meanwhile. A negative answer is no error.
[[nodiscard]] Result<ImplementResult> implement(LearningSystem& system, apply::Sandbox& sandbox, const std::vector<LoopModel>& models,
                                                const ImplementOptions& options);

}  // namespace autodev::app
