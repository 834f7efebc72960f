// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Printed text of any kind: reading it ends, stays within its caps, and what is made of it (signatures, judgements, parts of a
// specification) can be made of anything.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "evidence/error_signature.h"
#include "evidence/observed.h"
#include "evidence/spec_coverage.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace autodev::evidence;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const OutputFindings found = read_output(text);
  if (found.tests) {
    require(found.tests->failures.size() <= 256 && found.tests->passed_ids.size() <= 4'096);
    require(found.tests->failures.size() <= found.tests->failed);
  }
  require(found.diagnostics.list.size() <= 256 && found.errors.size() <= 32);
  const auto failures = found.failures();
  require(failures.size() <= 256);
  for (const auto& failure : failures) require(failure.message.size() <= 4'096);
  for (const auto& signature : signatures_of(failures, 16)) {
    require(signature.text.size() <= 240 + 2 + 512 && !signature.id.empty());
    require(autodev::base::is_valid_utf8(signature.text));
  }
  const std::string normalised = normalise_message(text);
  require(normalised.size() <= 240 && autodev::base::is_valid_utf8(normalised));
  // Printed text makes no pass out of a code that proves nothing, and none out of a failure.
  require(judge({{"pytest"}, 1, std::string(text), {}}).outcome.verdict != autodev::Verdict::passed);
  require(judge({{"sh", "-c", "pytest | tail"}, 0, std::string(text), {}}).outcome.verdict != autodev::Verdict::passed);
  const auto parts = parts_in(text);
  require(parts.size() <= 256 && covered_parts(parts, {std::string(text.substr(0, 100))}).size() <= parts.size());
  return 0;
}
