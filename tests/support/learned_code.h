// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Streams of events made from small Python functions: variants of a few families, with every kind of outcome.
#pragma once

#include <string>
#include <vector>

#include "autodev/event.h"
#include "knowledge/knowledge_store.h"
#include "support/knowledge_samples.h"

namespace autodev::test {

/// All units of a piece of Python.
[[nodiscard]] std::vector<CodeUnit> python_units(const std::string& source, const std::string& path = "module.py");

/// A function of family `family` (0..5), variant `variant`: variants differ in names, literals and a statement or two.
[[nodiscard]] std::string python_function(int family, int variant);

/// An event that passed or failed with these units, complete with ids.
[[nodiscard]] LearningEvent event_with(const std::vector<CodeUnit>& units, Verdict verdict,
                                       EvidenceStrength strength, int number, const std::string& project = "shop");

/// Random payloads of every kind, the same for the same seed. Later ones refer to earlier ones.
[[nodiscard]] std::vector<knowledge::Payload> random_payloads(std::uint64_t seed, std::size_t count);

}  // namespace autodev::test
