// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Edit page: one edit pattern as a person reads it: what fixes do, before and after, real fixes, how sure, and why.
#pragma once

#include <string>
#include <vector>

#include "app/output.h"
#include "autodev/pattern.h"
#include "knowledge/edit_view.h"
#include "knowledge/guard_view.h"
#include "knowledge/knowledge_store.h"

namespace autodev::app {

/// A pattern with everything that its page says.
struct EditPage {
  knowledge::Guard guard;
  knowledge::EditDetails details;
  std::string name, sentence;
  std::vector<Hole> holes;                ///< named after what stood in them in the fixes
  std::vector<std::string> restrictions;  ///< what each hole accepts
  std::vector<std::string> conditions;    ///< surroundings that it requires, in words
  std::string before, after;              ///< templates with the holes' names
  std::vector<knowledge::Guard> rungs;    ///< other rungs of the same edits, most telling first
};

/// Reads what the page of a guard shows. Cost: a scan of the guards, and the fixes of one.
[[nodiscard]] Result<EditPage> edit_page(knowledge::KnowledgeStore& store, knowledge::Guard guard);

void print_edit(Output& out, const EditPage& page);
/// "lower bound 0.565 = Wilson 95 % of 5 confirmed in 5 trials (...)".
[[nodiscard]] std::string bound_term(const knowledge::Guard& guard);
/// What a level means for the reader.
[[nodiscard]] std::string level_sentence(const knowledge::Guard& guard);
/// "after open, close on all paths (11 of 12): 3 fixes break it before and keep it after", per rule.
[[nodiscard]] std::vector<std::string> restored_sentences(const knowledge::EditDetails& details);

[[nodiscard]] base::Json edit_json(const EditPage& page);
/// What a list says of a pattern: name, sentence, templates with typed holes, level and evidence.
[[nodiscard]] base::Json edit_row_json(const knowledge::Guard& guard);

}  // namespace autodev::app
