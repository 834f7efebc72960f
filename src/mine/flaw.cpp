// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The list of flaws, each with its sentence; and the order in which the rules look.
#include "mine/flaw.h"

#include <map>

#include "mine/flaw_scan.h"

namespace autodev::mine {
namespace {

struct Meaning {
  std::string_view name;
  std::string_view family;  ///< flaws too rare to be counted alone; empty: none
  std::string_view sentence;
};

constexpr Meaning meanings[] = {
    {"always-true", "logic", "a value differs from one of two constants: that is always so"},
    {"assigned-condition", "", "an assignment stands where a condition is expected"},
    {"assigned-literal-condition", "", "a constant is assigned where a comparison is expected"},
    {"bits-of-comparison", "", "a comparison binds tighter than the bit operator beside it"},
    {"bound-is-length", "loop", "a counter reaches the length, one beyond the last element"},
    {"bound-is-size", "loop", "a counter reaches the declared size, one beyond the last element"},
    {"bytes-of-int", "", "memset writes bytes, the elements are wider"},
    {"chained-comparison", "logic", "the result of a comparison is compared again"},
    {"compared-argument", "logic", "a function of numbers is given the result of a comparison"},
    {"comma-condition", "", "of conditions joined by a comma only the last one counts"},
    {"condition-asked-before", "logic", "an else-if asks what was asked before"},
    {"condition-never-changes", "logic", "nothing in the loop changes what its condition asks"},
    {"constant-operand", "logic", "one operand of and, or is a constant"},
    {"counter-changed-in-body", "", "a loop's counter is changed in its body too"},
    {"counter-of-outer-loop", "loop", "an inner loop counts with the counter of the outer one"},
    {"counter-runs-away", "loop", "a loop counts away from its bound"},
    {"dropped-result", "", "a function that only computes is called, and its result dropped"},
    {"empty-branch", "", "a condition guards an empty statement"},
    {"empty-loop", "", "a loop repeats an empty statement"},
    {"equal-branches", "logic", "both branches do the same"},
    {"falls-through", "", "a case runs on into the next one"},
    {"float-equality", "", "floating-point numbers are compared for equality"},
    {"format-ignores-argument", "format", "a format has more arguments than it prints or reads"},
    {"format-lacks-argument", "format", "a format has fewer arguments than it prints or reads"},
    {"format-overrun", "format", "a number is read that is wider than the variable"},
    {"format-type", "format", "an argument has another type than its format says"},
    {"format-unknown", "format", "a format has a conversion that does not exist"},
    {"format-width", "", "a number is wider or narrower than its format says"},
    {"length-in-condition", "", "a length is computed anew in every round of a loop"},
    {"literal-identity", "", "identity is asked of a literal, where equality is meant"},
    {"missing-return", "", "some paths return a value, the last one does not"},
    {"narrow-abs", "", "abs() of a value wider than int"},
    {"narrow-product", "", "a product is computed in int and widened afterwards"},
    {"narrow-quotient", "logic", "a quotient is computed in whole numbers and widened afterwards"},
    {"negated-operand", "logic", "a negation binds tighter than the comparison beside it"},
    {"never-read", "", "a variable is assigned and never read"},
    {"never-true", "logic", "a value equals two different constants: that is never so"},
    {"beyond-last", "", "a counter's successor is an index, and the counter reaches the last element"},
    {"before-first", "", "a counter's predecessor is an index, and the counter starts with the first element"},
    {"lost-swap", "logic", "two variables are swapped, and one value is lost"},
    {"no-effect", "", "a statement computes a value and drops it"},
    {"not-set-back", "", "a sum of an inner loop is looked at in the outer one and not set back"},
    {"overwritten", "", "a value is assigned and at once overwritten"},
    {"or-of-and", "", "and binds tighter than or, without parentheses that say so"},
    {"order-as-condition", "", "the order of two texts is used as yes or no"},
    {"quotient-zero", "logic", "a quotient of whole constants is zero"},
    {"repeated-operand", "logic", "the same condition is asked twice"},
    {"runs-once", "", "a loop is left at the end of its first round"},
    {"same-operands", "logic", "both operands are the same"},
    {"scan-into-value", "format", "scanf is given a value instead of an address"},
    {"self-assignment", "", "a variable is assigned to itself"},
    {"self-comparison", "logic", "a value is compared with itself"},
    {"shared-default", "", "a mutable default value is shared by all calls"},
    {"shift-condition", "logic", "a shift stands where a comparison is expected"},
    {"shift-of-sum", "", "a sum binds tighter than the shift beside it"},
    {"swallowed-exception", "", "an exception is caught and dropped"},
    {"text-identity", "", "texts are compared by identity"},
    {"zero-divisor", "logic", "a loop divides by its counter, which starts at zero"},
    {"unassigned-at-first", "", "a variable is read, under some condition, before anything is assigned to it"},
    {"unassigned-elements", "", "elements are counted up that nothing set"},
    {"unassigned-extent", "", "an array is made as large as a variable that nothing assigned"},
    {"unassigned-pointer", "", "a pointer is used before it points to anything"},
    {"unassigned-read", "", "a variable is read before anything is assigned to it"},
    {"unassigned-sum", "", "a variable is added to before anything is assigned to it"},
    {"unreached", "", "a statement comes after the block was left"},
    {"unused-local", "", "a variable is declared and never used"},
    {"unused-parameter", "", "a parameter is never used"},
};
constexpr Meaning families[] = {
    {"format", "", "a format and its arguments do not go together"},
    {"logic", "", "an operation cannot give the result that its operands promise"},
    {"loop", "", "a loop counts with the wrong variable or beyond its bound"},
};

/// A name may go on with details after a space.
const Meaning* meaning_of(std::string_view name) {
  const std::string_view kind = name.substr(0, name.find(' '));
  for (const Meaning& one : meanings)
    if (one.name == kind) return &one;
  for (const Meaning& one : families)
    if (one.name == kind) return &one;
  return nullptr;
}

/// One entry per family, at the first of its places.
void add_families(std::vector<Flaw>& flaws) {
  std::map<std::string_view, Flaw> first;
  for (const Flaw& flaw : flaws) {
    const Meaning* meaning = meaning_of(flaw.name);
    if (meaning == nullptr || meaning->family.empty()) continue;
    const auto [place, added] = first.emplace(meaning->family, flaw);
    if (!added && flaw.where.first < place->second.where.first) place->second = flaw;
  }
  for (const auto& [family, flaw] : first) flaws.push_back({std::string(family), flaw.where, flaw.name});
}

}  // namespace

std::vector<Flaw> find_flaws(const syntax::Nast& tree, const std::vector<syntax::SubtreeHash>& hash,
                             const std::vector<std::uint32_t>& parent) {
  if (tree.nodes.size() > max_flaw_nodes) return {};
  FlawScan scan(tree, hash, parent);
  scan_conditions(scan);
  scan_expressions(scan);
  scan_loops(scan);
  scan_flow(scan);
  scan_variables(scan);
  scan_formats(scan);
  std::vector<Flaw> flaws = scan.take();
  add_families(flaws);
  return flaws;
}

std::string flaw_sentence(std::string_view name) {
  const Meaning* meaning = meaning_of(name);
  std::string sentence(meaning != nullptr ? meaning->sentence : "a flaw that this version does not know");
  if (const auto space = name.find(' '); space != std::string_view::npos) sentence += " (" + std::string(name.substr(space + 1)) + ")";
  return sentence;
}

}  // namespace autodev::mine
