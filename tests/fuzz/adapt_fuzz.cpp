// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Fuzz: what adaptation reads without a grammar. The bytes are a specification, a code and tests, split at the byte 1; nothing
// may crash, and what is written must be within its bounds.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "apply/bind.h"
#include "apply/fill.h"
#include "apply/indentation.h"
#include "apply/precompiled.h"
#include "apply/prose.h"
#include "apply/screen_compiled.h"
#include "apply/typed_expressions.h"
#include "apply/word_tokens.h"
#include "base/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace autodev;
  if (size == 0 || size > (1u << 14)) return 0;
  static constexpr Language languages[] = {Language::python, Language::cpp, Language::c, Language::go, Language::rust};
  const Language language = languages[data[0] % 5];
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto parts = base::split(text, '\x01');
  const std::string spec(parts[0]);
  const std::string code(parts.size() > 1 ? parts[1] : parts[0]);
  const std::string tests(parts.size() > 2 ? parts[2] : parts[0]);

  const auto from = apply::parse_signature(spec, language);
  const auto to = apply::parse_signature(code, language);
  const auto plan = apply::bind_parameters(from, to, apply::Binding::any, {});
  if (plan.renamed.size() > from.parameters.size()) std::abort();

  const std::vector<std::string> members{tests, code};
  if (apply::fill_jointly(code, language, code.size() / 4, {spec, tests, tests, &to.parameters, &members}, 8).size() > 8)
    std::abort();

  apply::VisibleTask task;
  task.language = language;
  task.spec = spec;
  apply::LearnedRewrites learned;
  apply::VisibleTask other = task;
  other.spec = tests;
  learned.study(task, code, 0, other, tests, 0);
  apply::WordTokens words;
  words.add(task, code, 0);
  words.add(other, tests, 0);
  const auto difference = apply::compare_texts(spec, tests);
  auto rewrites = words.for_difference(difference);
  for (auto& rewrite : learned.for_difference(language, difference)) rewrites.push_back(std::move(rewrite));
  (void)apply::apply_learned(code, language, 0, rewrites);

  if (apply::indented_as(code, language, "  ", "    ").size() > 8 * (code.size() + 1)) std::abort();
  (void)apply::indented_as(code, language, "\t", apply::indentation_step(tests));
  (void)apply::renew_prose(code, {task, from, tests}, other, {});
  (void)apply::leading_headers(code);
  const auto examples = apply::examples_of(tests, language, to.entry.empty() ? "f" : to.entry);
  if (apply::find_expressions({language, to, examples, {"1", "2"}}, 3, 2'000).evaluated > 2'000) std::abort();

  if (apply::can_batch(language)) (void)apply::compiled_batch(language, {code, tests}, 1, 1);
  return 0;
}
