// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Taking the code out of a reply. File names, headings, commands and prose around it have no effect: where the code goes was
// decided before the model was asked.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "apply/model.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_code_bytes = std::size_t{256} << 10;  // CodeUnit::text

struct Block {
  std::string label, text;
};

/// "```python" -> 3 and '`'; 0 when the line opens nothing.
std::size_t fence_length(std::string_view line) {
  if (line.empty() || (line[0] != '`' && line[0] != '~')) return 0;
  const auto length = std::min(line.find_first_not_of(line[0]), line.size());
  return length >= 3 ? length : 0;
}

/// Closed fenced blocks in order; `fences` counts those that were opened.
std::vector<Block> blocks_of(std::string_view reply, std::size_t& fences) {
  std::vector<Block> blocks;
  std::size_t open = 0;
  char mark = 0;
  Block block;
  for (const std::string_view raw : base::split_lines(reply)) {
    const auto line = base::trim(raw);
    const auto length = fence_length(line);
    if (open == 0) {
      if (length == 0) continue;
      open = length;
      mark = line[0];
      ++fences;
      const auto label = base::trim(line.substr(length));
      block = {std::string(label.substr(0, label.find_first_of(" \t{,:"))), {}};
    } else if (length >= open && line[0] == mark && base::trim(line.substr(length)).empty()) {
      blocks.push_back(std::move(block));
      block = {};
      open = 0;
    } else {
      block.text.append(raw);
      block.text += '\n';
    }
  }
  return blocks;
}

}  // namespace

Result<std::string> code_of_reply(std::string_view reply, Language language) {
  if (reply.size() > max_reply_bytes) return fail(ErrorCode::bad_data, "the reply is larger than 1 MiB");
  std::size_t fences = 0;
  const auto blocks = blocks_of(reply, fences);
  const Block* chosen = nullptr;
  for (const Block& block : blocks) {
    const bool named = language_from_name(block.label) == language;
    if (named) {
      chosen = &block;
      break;
    }
    if (chosen == nullptr || block.text.size() > chosen->text.size()) chosen = &block;
  }
  std::string code;
  if (chosen != nullptr) code = chosen->text;
  else if (fences > 0) return fail(ErrorCode::bad_data, "the reply's code block is not closed: it was cut off");
  else code = std::string(reply);
  if (base::trim(code).empty()) return fail(ErrorCode::bad_data, "the reply holds no code");
  if (code.size() > max_code_bytes)
    return fail(ErrorCode::bad_data, fmt::format("the reply's code is larger than {}", base::format_bytes(max_code_bytes)));
  if (base::looks_binary(code)) return fail(ErrorCode::bad_data, "the reply's code is binary");
  return code;
}

}  // namespace autodev::apply
