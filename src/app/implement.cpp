// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/implement.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/ablate.h"
#include "app/placement.h"
#include "app/run_recorder.h"
#include "app/tree_files.h"
#include "apply/model_prompt.h"
#include "apply/signature_shape.h"
#include "apply/tree_tests.h"
#include "base/terminal.h"
#include "base/text.h"
#include "evidence/line_diff.h"
#include "observe/worktree_copy.h"

namespace autodev::app {
namespace {

constexpr int cannot_execute = 126;  // what a shell says of a command that it found but cannot run
constexpr int not_found = 127;       // ... or did not find

/// Times and addresses differ from run to run; without them the same failure gives the same prompt.
std::string steady(const std::string& output) {
  std::string text;
  for (std::size_t i = 0; i < output.size();) {
    const auto digits = output.find_first_not_of("0123456789", i) - i;
    const bool decimal = i + digits < output.size() && digits > 0 && output[i + digits] == '.';
    const auto end = decimal ? output.find_first_not_of("0123456789", i + digits + 1) : std::string::npos;
    if (decimal && end != std::string::npos && output[end] == 's') {
      text += '#';
      i = end;
    } else if (output.compare(i, 2, "0x") == 0) {
      text += "0x#";
      i = std::min(output.find_first_not_of("0123456789abcdef", i + 2), output.size());
    } else {
      const auto step = std::max<std::size_t>(1, std::min(digits, output.size() - i));
      text += output.substr(i, step);
      i += step;
    }
  }
  return text;
}

/// Calls that were really made.
std::uint32_t calls_in(const std::vector<LedgerEntry>& ledger) {
  std::uint32_t calls = 0;
  for (const LedgerEntry& entry : ledger)
    if (entry.kind == CallClass::first_try || entry.kind == CallClass::repair) calls += entry.calls;
  return calls;
}

class ImplementLoop {
 public:
  ImplementLoop(LearningSystem& system, apply::Sandbox& sandbox, const std::vector<LoopModel>& models, const ImplementOptions& options)
      : system_(system), parts_(system.parts()), env_(parts_.env), sandbox_(sandbox), models_(models), options_(options),
        decisions_(system.decisions(), {options.spec, options.language, options.cost_weight, options.explore, options.record && !options.dry_run}) {
    for (const LoopModel& model : models) tiers_.push_back(model.tier);
  }

  Result<ImplementResult> run() {
    attempt_start_ = env_.monotonic();
    AUTODEV_TRY(prepare());
    AUTODEV_TRY(look_at_tests());
    AUTODEV_TRY(remember());
    AUTODEV_TRY(from_memory());
    if (!result_.done && !models_.empty()) AUTODEV_TRY(from_model());
    AUTODEV_TRY(record_rest());
    result_.choices = decisions_.choices();
    result_.interrupted = stopped();
    result_.test_runs = tests_->runs();
    return std::move(result_);
  }

 private:
  void step(const std::string& text) const {
    if (options_.on_step) options_.on_step(text);
  }

  [[nodiscard]] bool stopped() const { return interrupted_ || base::interrupted(); }

  Result<void> prepare() {
    AUTODEV_TRY_ASSIGN(auto copy, observe::copy_worktree(env_, options_.root, options_.tree_bytes));
    for (const auto& file : copy.files)
      if (file.path == options_.file && file.link.empty()) before_ = file.text;
    if (!before_) {  // it may be there, but ignored by git
      AUTODEV_TRY_ASSIGN(before_, read_target());
    }
    if (copy.left_out > 0) result_.notes.push_back(fmt::format("{} links that lead elsewhere or unreadable files are not in the copy", copy.left_out));
    tests_.emplace(sandbox_, tree_files(std::move(copy)),
                   apply::TreeTestOptions{options_.folder, options_.language, options_.test_timeout, options_.memory_bytes});
    task_.id = "now";
    task_.stream = parts_.options.project;
    task_.stratum = "M";
    task_.spec = options_.spec;
    task_.signature = options_.signature;
    task_.language = options_.language;
    entry_ = apply::parse_signature(options_.signature, options_.language).entry;
    return {};
  }

  Result<std::optional<std::string>> read_target() {
    const std::string path = options_.root + "/" + options_.file;
    AUTODEV_TRY_ASSIGN(const auto status, env_.status(path));
    if (!status) return std::optional<std::string>();
    if (status->type != base::FileType::file)
      return fail(ErrorCode::usage, fmt::format("{} is no ordinary file", options_.file), "name a source file with --into");
    AUTODEV_TRY_ASSIGN(std::string text, env_.read_file(path, std::uint64_t{1} << 20));
    return std::optional<std::string>(std::move(text));
  }

  Result<void> remember() {
    step("looking at what was learned");
    apply::ArmOptions arm;
    arm.epsilon = options_.epsilon;
    arm.one_answer = true;
    arm.max_attempts = options_.candidates;
    arm.out_of_time = [this] { return seconds_left() <= 0; };
    if (tests_tell_) arm.run_tests = [this](const apply::VisibleTask&, const std::string& code) { return passes_quietly(code); };
    arm_ = apply::make_adapting_arm(sandbox_, arm, apply::Tamper::none);
    AUTODEV_TRY_ASSIGN(auto history, history_tasks(*parts_.store, options_.memory));
    for (HistoryTask& item : history) {
      if (item.task.visible.language != options_.language) continue;
      pattern_ids_.emplace(apply::pattern_of(item.task.reference, options_.language), item.pattern);
      AUTODEV_TRY(arm_->learn(item.task.visible, item.task.reference, true));
    }
    return {};
  }

  /// Without the change the tests have to fail, or they prove nothing.
  Result<void> look_at_tests() {
    step("running the tests without the change");
    AUTODEV_TRY_ASSIGN(const auto run, run_tests(options_.test, {}));
    tests_tell_ = !run.passed;
    first_run_ = run.duration;
    if (run.passed) result_.notes.push_back("the test command passes without the change: it cannot tell right code from wrong");
    result_.tests_tell = tests_tell_;
    return {};
  }

  Result<apply::SandboxRun> run_tests(const std::string& command, const std::map<std::string, std::string>& changed) {
    AUTODEV_TRY_ASSIGN(auto run, tests_->run(command, changed));
    interrupted_ = interrupted_ || run.interrupted;
    if (run.exit_code == cannot_execute || run.exit_code == not_found)
      return fail(ErrorCode::unavailable,
                  fmt::format("the test command cannot be started in the sandbox: {}",
                              base::strip_controls(base::clip_utf8(base::trim(run.output), 300))),
                  "it sees /usr and the files of the work tree that git does not ignore; --unsafe-no-sandbox runs it without walls");
    return run;
  }

  /// Code at its place, if it parses and is not known to have failed; otherwise why not.
  struct Placed {
    std::string text, refusal;
  };
  Result<Placed> place(const std::string& code) {
    auto text = place_code(parts_, before_, code, {entry_, options_.spec, options_.language, options_.file});
    if (!text && text.error().code == ErrorCode::bad_data) return Placed{{}, text.error().message};
    if (!text) return tl::make_unexpected(std::move(text).error());
    return guarded(std::move(*text));
  }

  Result<Placed> guarded(std::string text) {
    AUTODEV_TRY_ASSIGN(const auto failures, system_.failure_analyzer().repeated_failures({{options_.file, before_, text}}));
    for (const AntiPattern& failure : failures) {
      if (failure.later_passes > 0) continue;
      ++result_.guarded;
      return Placed{{}, "this very code is known to have failed: " + failure.cause};
    }
    return Placed{std::move(text), {}};
  }

  [[nodiscard]] double seconds_left() const {
    return options_.seconds - std::chrono::duration<double>(env_.monotonic() - trying_since_).count();
  }

  Result<bool> passes_quietly(const std::string& code) {
    if (stopped()) return false;
    AUTODEV_TRY_ASSIGN(const Placed placed, place(code));
    if (!placed.refusal.empty()) return false;
    AUTODEV_TRY_ASSIGN(const auto run, run_tests(options_.test, {{options_.file, placed.text}}));
    return run.passed;
  }

  Result<void> from_memory() {
    if (stopped()) return {};
    step("fitting earlier solutions");
    trying_since_ = env_.monotonic();
    AUTODEV_TRY_ASSIGN(proposal_, arm_->propose(task_));
    if (proposal_.untried > 0)
      proposal_.reason += fmt::format("; {} more were not tried ({})", proposal_.untried,
                                      seconds_left() <= 0 ? fmt::format("implement.seconds = {:g}", options_.seconds)
                                                          : fmt::format("implement.candidates = {}", options_.candidates));
    AUTODEV_TRY(repair_what_is_known());
    result_.p_success = proposal_.p_success;
    result_.reason = proposal_.reason;
    for (const PatternId& id : proposal_.patterns)
      if (const auto known = pattern_ids_.find(id); known != pattern_ids_.end()) result_.patterns.push_back(known->second);
    Placed placed;
    AUTODEV_TRY_ASSIGN(const std::string no_apply, why_not_apply(placed));
    AUTODEV_TRY(decide_answer(no_apply));
    if (stopped() || result_.verdict != apply::Answer::apply) return {};
    return try_memory(placed.text);
  }

  /// Empty when the proposal may be taken as it is; then `placed` is the file with it.
  Result<std::string> why_not_apply(Placed& placed) {
    if (proposal_.answer != apply::Answer::apply) return proposal_.reason.empty() ? "memory has no answer" : proposal_.reason;
    if (!tests_tell_) return result_.reason += "; not verified, because the tests pass without it";
    if (!proposal_.visible_passed) return result_.reason += "; not verified";
    AUTODEV_TRY_ASSIGN(placed, repaired_text_.empty() ? place(proposal_.code) : guarded(repaired_text_));
    return placed.refusal;
  }

  /// The function that is there, or else what memory came nearest with, may be one edit away.
  Result<void> repair_what_is_known() {
    if (!options_.repair || !tests_tell_ || stopped() || proposal_.answer == apply::Answer::apply) return {};
    if (before_) AUTODEV_TRY(repair("the function that is there", *before_));
    if (proposal_.answer != apply::Answer::skip || proposal_.failed_code.empty()) return {};
    AUTODEV_TRY_ASSIGN(const Placed placed, place(proposal_.failed_code));
    return placed.refusal.empty() ? repair("memory's draft", placed.text) : Result<void>();
  }

  [[nodiscard]] std::optional<PlacedUnit> function_in(const std::string& text) {
    for (PlacedUnit& unit : functions_of(parts_, text, options_.language, options_.file))
      if (unit.name == entry_) return std::move(unit);
    return std::nullopt;
  }

  /// Searches edits of the function within `text`. What passes becomes the proposal where it is believed more than what is there.
  Result<void> repair(const std::string& of, const std::string& text) {
    const auto unit = entry_.empty() ? std::nullopt : function_in(text);
    if (!unit || seconds_left() <= 0) return {};
    step("trying small edits of " + of);
    if (!lessons_) {
      AUTODEV_TRY_ASSIGN(lessons_, RepairLessons::of(parts_, options_.language));
    }
    // Edits loop for ever now and then: they get a multiple of the time that the failing run took.
    const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(first_run_);
    tests_->set_timeout(std::min(options_.test_timeout, std::max(taken * 4, std::chrono::milliseconds(2'000))));
    EditSearchOptions search{text, options_.language, unit->first_line, unit->last_line, seconds_left(), options_.repair_candidates, {}, {}};
    search.passes = [this](const std::string& edited) -> Result<std::optional<bool>> {
      AUTODEV_TRY_ASSIGN(const Placed placed, guarded(edited));
      if (!placed.refusal.empty()) return false;
      AUTODEV_TRY_ASSIGN(const auto run, run_tests(options_.test, {{options_.file, placed.text}}));
      return run.interrupted ? std::nullopt : std::optional<bool>(run.passed);
    };
    auto found = search_edits(env_, *lessons_, search);
    tests_->set_timeout(options_.test_timeout);
    if (!found && found.error().code == ErrorCode::bad_data) return {};  // what does not parse is not repaired
    if (!found) return tl::make_unexpected(std::move(found).error());
    result_.repairs.push_back({of, *found});
    if (found->repaired && found->probability > proposal_.p_success) propose_repair(of, *found);
    return {};
  }

  void propose_repair(const std::string& of, const EditSearchResult& found) {
    const auto unit = function_in(found.after);
    if (!unit) return;
    proposal_ = {};
    proposal_.answer = found.probability >= 1 - options_.epsilon ? apply::Answer::apply : apply::Answer::draft;
    proposal_.code = unit->text;
    proposal_.p_success = found.probability;
    proposal_.visible_passed = true;
    proposal_.reason = fmt::format("p = {:.3f}, {:.3f} needed: one edit of {}, {} of {} tried pass", found.probability, 1 - options_.epsilon, of,
                                   found.passing, found.tried);
    repaired_text_ = found.after;
  }

  Result<void> decide_answer(const std::string& no_apply) {
    const bool draft = proposal_.answer != apply::Answer::skip;
    if (draft) AUTODEV_TRY(show_draft());
    if (models_.empty()) {
      result_.verdict = no_apply.empty() ? apply::Answer::apply : draft ? apply::Answer::draft : apply::Answer::skip;
      return {};
    }
    AUTODEV_TRY_ASSIGN(result_.verdict, decisions_.answer({no_apply, draft ? "" : "memory has no draft", proposal_.p_success,
                                                           tiers_.front().cost}));
    return {};
  }

  Result<void> show_draft() {
    result_.draft = proposal_.code;
    Placed placed{repaired_text_, {}};
    if (repaired_text_.empty()) {
      AUTODEV_TRY_ASSIGN(placed, place(proposal_.code));
    }
    if (placed.refusal.empty()) result_.draft_diff = one_hunk_diff(before_.value_or(""), placed.text, options_.file, !before_);
    return {};
  }

  Result<void> try_memory(const std::string& text) {
    AUTODEV_TRY_ASSIGN(const bool judged_right, judge(text));
    if (stopped()) return {};
    // What only the tests say that chose it is no outcome of the choice.
    if (!judged_right || result_.hidden_passed) AUTODEV_TRY(decisions_.answer_was(judged_right ? 1 : 0));
    if (judged_right) {
      add_ledger({result_.hidden_passed ? CallClass::avoided : CallClass::avoided_visible, 1, {}, {}, {}});
      result_.repaired = !repaired_text_.empty();
      return accept(proposal_.code, text, false);
    }
    add_ledger({CallClass::wrong_reuse, 1, {}, {}, {}});
    result_.verdict = apply::Answer::skip;  // what just proved wrong is no draft
    result_.reason = repaired_text_.empty() ? "taken from memory, but further tests failed" : "repaired, but further tests failed";
    AUTODEV_TRY(record(text, options_.hidden_test, hidden_exit_code_, result_.patterns));
    drop_proposal();
    return {};
  }

  void drop_proposal() {
    proposal_ = {};
    repaired_text_.clear();
    result_.draft.clear();
    result_.draft_diff.clear();
    result_.patterns.clear();
  }

  /// The tests that did not guide the choice. True without any.
  Result<bool> judge(const std::string& text) {
    if (options_.hidden_test.empty()) return true;
    step("running the further tests");
    AUTODEV_TRY_ASSIGN(const auto without, run_tests(options_.hidden_test, {}));
    AUTODEV_TRY_ASSIGN(const auto with, run_tests(options_.hidden_test, {{options_.file, text}}));
    hidden_exit_code_ = with.exit_code;
    result_.hidden_passed = with.passed && !without.passed;
    return with.passed;
  }

  [[nodiscard]] std::string prompt(const std::string& attempt, const std::string& failure) const {
    apply::PromptParts parts;
    parts.spec = options_.spec;
    parts.signature = options_.signature;
    parts.path = options_.file;
    parts.language = options_.language;
    parts.file = before_.value_or("");
    if (result_.verdict == apply::Answer::draft) {
      parts.draft = proposal_.code;
      parts.draft_reason = result_.reason;
    }
    parts.attempt = attempt;
    parts.failure = failure;
    return apply::make_prompt(parts);
  }

  /// What the model is told of its last attempt.
  struct Conversation {
    std::string attempt, failure;
    std::string_view cause;  ///< kind of failure, a feature of the next choice
  };

  Result<void> from_model() {
    AUTODEV_TRY_ASSIGN(tier_, decisions_.tier(tiers_));
    Conversation said;
    bool escalated = false;
    for (std::uint32_t n = 0; n < options_.attempts && !stopped() && !result_.done; ++n) {
      if (n > 0) {
        AUTODEV_TRY_ASSIGN(const Retry retry, decisions_.retry(tiers_, tier_, n, said.cause));
        if (retry == Retry::stop) {
          result_.notes.push_back(fmt::format("stopped after {} of {} calls: another one hardly ever helped", n, options_.attempts));
          break;
        }
        if (retry == Retry::escalate) ++tier_, escalated = true;
      }
      AUTODEV_TRY(ask(n, said));
      if (n == 0 && !result_.done && !model_text_.empty()) AUTODEV_TRY(repair_model());
      if (n > 0 && !stopped()) AUTODEV_TRY(decisions_.retry_was(result_.done ? 1 : 0));
    }
    if (stopped()) return {};
    AUTODEV_TRY(decisions_.tier_was(result_.done && !escalated ? 1 : 0));
    return decisions_.answer_was(!result_.done ? 0 : result_.llm_calls == 1 ? 1 : 0.5);
  }

  /// The model's first wrong answer, one edit further: accepted like code from memory, else the next call's draft.
  Result<void> repair_model() {
    if (!options_.repair || !tests_tell_ || stopped()) return {};
    trying_since_ = env_.monotonic();
    const auto before = result_.repairs.size();
    AUTODEV_TRY(repair("the model's code", model_text_));
    const bool proposed = result_.repairs.size() > before && repaired_text_ == result_.repairs.back().edit.after;
    if (!proposed || repaired_text_.empty()) return {};
    result_.p_success = proposal_.p_success;
    result_.reason = proposal_.reason;
    result_.verdict = proposal_.answer;
    AUTODEV_TRY(show_draft());
    if (proposal_.answer != apply::Answer::apply) return {};
    AUTODEV_TRY_ASSIGN(const bool judged_right, judge(repaired_text_));
    if (stopped()) return {};
    add_ledger({!judged_right ? CallClass::wrong_reuse : result_.hidden_passed ? CallClass::avoided : CallClass::avoided_visible, 1, {}, {}, {}});
    result_.repaired = judged_right;
    if (judged_right) return accept(proposal_.code, repaired_text_, true);
    result_.verdict = apply::Answer::skip;
    const std::string wrong = repaired_text_;
    drop_proposal();
    return record(wrong, options_.hidden_test, hidden_exit_code_, {});
  }

  Result<void> ask(std::uint32_t n, Conversation& said) {
    const std::string& name = tiers_[tier_].name;
    step(fmt::format("asking the model{}, call {} of at most {}", name.empty() ? "" : " " + name, n + 1, options_.attempts));
    attempt_start_ = env_.monotonic();
    auto reply = models_[tier_].model->complete(prompt(said.attempt, said.failure));
    if (!reply && stopped()) return {};
    if (!reply) {
      AUTODEV_TRY(record_rest());
      return tl::make_unexpected(std::move(reply).error());
    }
    ++result_.llm_calls;
    add_ledger({n == 0 ? CallClass::first_try : CallClass::repair, 1, reply->tokens_in, reply->tokens_out, reply->cost});
    const auto code = apply::code_of_reply(reply->text, options_.language);
    said = code ? Conversation{*code, {}, {}} : Conversation{{}, code.error().message, "no code"};
    if (code) AUTODEV_TRY(try_model_code(*code, said));
    if (!result_.done) result_.reason = base::clip_utf8(base::strip_controls(base::fold_whitespace(said.failure)), 300);
    return {};
  }

  Result<void> try_model_code(const std::string& code, Conversation& said) {
    AUTODEV_TRY_ASSIGN(const Placed placed, place(code));
    said.failure = placed.refusal;
    said.cause = "refused";
    if (!placed.refusal.empty()) return {};
    step("running the tests");
    AUTODEV_TRY_ASSIGN(const auto run, run_tests(options_.test, {{options_.file, placed.text}}));
    if (stopped()) return {};
    if (!run.passed) {
      said.failure = run.timed_out ? "the tests did not end in time\n" + steady(run.output) : steady(run.output);
      said.cause = run.timed_out ? "timeout" : "tests";
      model_text_ = placed.text;
      return record(placed.text, options_.test, run.timed_out ? 124 : run.exit_code, {}, run.output);
    }
    AUTODEV_TRY_ASSIGN(const bool judged_right, judge(placed.text));
    if (stopped()) return {};
    if (judged_right) return accept(code, placed.text, true);
    said.failure = "the shown tests pass, but further tests that are not shown fail";
    said.cause = "further tests";
    return record(placed.text, options_.hidden_test, hidden_exit_code_, {});
  }

  Result<void> accept(const std::string& code, const std::string& text, bool by_model) {
    result_.done = true;
    result_.from_model = by_model;
    result_.code = code;
    result_.diff = one_hunk_diff(before_.value_or(""), text, options_.file, !before_);
    if (options_.dry_run) return {};
    AUTODEV_TRY_ASSIGN(const auto now, read_target());
    if (now != before_) {
      result_.done = false;
      return fail(ErrorCode::busy, fmt::format("{} changed while code was tried: nothing was written", options_.file), "run it again");
    }
    const std::string path = options_.root + "/" + options_.file;
    AUTODEV_TRY(env_.create_directories(path.substr(0, path.rfind('/'))));
    AUTODEV_TRY(env_.write_file_atomically(path, text, true));
    if (!before_) AUTODEV_TRY(env_.share_file(path));
    const auto& patterns = result_.verdict == apply::Answer::skip ? std::vector<PatternId>{} : result_.patterns;
    return record(text, options_.test, 0, patterns);
  }

  void add_ledger(LedgerEntry entry) {
    result_.ledger.push_back(entry);
    unrecorded_.push_back(entry);
  }

  [[nodiscard]] bool recording() const { return options_.record && !options_.dry_run; }

  Result<void> record(const std::string& text, const std::string& command, int exit_code,
                      const std::vector<PatternId>& patterns, const std::string& output = {}) {
    if (!recording()) return {};
    FinishedRun run;
    run.output = output;
    // The files are those of before the first attempt; the repair is what differs from the attempt that failed last.
    if (!failed_text_.empty()) run.repair = evidence::line_diff(options_.file, failed_text_, text, std::size_t{16} << 10);
    if (exit_code != 0) failed_text_ = text;
    run.command = {"sh", "-c", command};
    run.exit_code = exit_code;
    run.duration = env_.monotonic() - attempt_start_;
    run.root = options_.root;
    run.specification = options_.spec;
    run.llm_calls = calls_in(unrecorded_);
    run.patterns_used = patterns;
    run.source = "implement";
    run.language = std::string(to_string(options_.language));
    run.signature = options_.signature;
    run.ledger = std::move(unrecorded_);
    unrecorded_.clear();
    observe::WorktreeChange change;
    change.files = {{options_.file, before_, text}};
    change.files_changed = 1;
    AUTODEV_TRY_ASSIGN(const LearnReport report, record_run(system_, run, std::move(change)));
    result_.events.push_back(report.event);
    return {};
  }

  /// Calls that ended without code that could be tried, or in a dry run: known to the ledger, but nothing is learned from them.
  Result<void> record_rest() {
    // What a dry run would have avoided was not avoided; what it asked was asked.
    if (options_.dry_run)
      std::erase_if(unrecorded_, [](const LedgerEntry& entry) { return entry.kind != CallClass::first_try && entry.kind != CallClass::repair; });
    if (unrecorded_.empty() || !options_.record) return {};
    LearningEvent event;
    event.event_type = LearningEventType::implementation_failure;
    event.source = "implement";
    event.specification = {options_.spec, std::string(to_string(options_.language)), options_.signature, {}};
    event.outcome.verdict = options_.dry_run ? Verdict::unknown : Verdict::failed;
    event.ledger = std::move(unrecorded_);
    unrecorded_.clear();
    event.success.llm_calls_used = calls_in(event.ledger);
    AUTODEV_TRY_ASSIGN(const LearnReport report, system_.learn(std::move(event)));
    result_.events.push_back(report.event);
    return {};
  }

  LearningSystem& system_;
  Parts& parts_;
  base::Env& env_;
  std::string failed_text_;  ///< of the file in the last attempt that was recorded as failed
  apply::Sandbox& sandbox_;
  const std::vector<LoopModel>& models_;
  const ImplementOptions& options_;
  LoopDecisions decisions_;
  std::vector<ModelTier> tiers_;
  std::size_t tier_ = 0;

  std::optional<std::string> before_;  ///< the file at the start; absent: it is new
  std::optional<apply::TreeTests> tests_;
  std::unique_ptr<apply::Arm> arm_;
  std::optional<RepairLessons> lessons_;
  std::string model_text_;     ///< the file with the model's answer that failed the tests
  std::string repaired_text_;  ///< the file with the proposal, where that is a repair
  std::chrono::nanoseconds first_run_{};     ///< of the tests without the change
  std::chrono::nanoseconds trying_since_{};  ///< without a model
  std::map<PatternId, PatternId> pattern_ids_;  ///< the arm's names of solutions -> the store's
  apply::VisibleTask task_;
  apply::Attempt proposal_;
  std::string entry_;
  std::vector<LedgerEntry> unrecorded_;
  std::chrono::nanoseconds attempt_start_{};
  int hidden_exit_code_ = 0;
  bool tests_tell_ = true;
  bool interrupted_ = false;
  ImplementResult result_;
};

}  // namespace

Result<ImplementResult> implement(LearningSystem& system, apply::Sandbox& sandbox, const std::vector<LoopModel>& models,
                                  const ImplementOptions& options) {
  return ImplementLoop(system, sandbox, models, options).run();
}

}  // namespace autodev::app
