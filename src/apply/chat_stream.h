// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Chat stream: what an OpenAI-compatible endpoint answers, streamed or whole.
//
//   data: {"choices":[{"delta":{"content":"def"}}]}      one event a piece, ended by an empty line
//   data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":5}}
//   data: [DONE]
#pragma once

#include <string_view>

#include "apply/model.h"

namespace autodev::apply {

/// Parses an event stream (WHATWG server-sent events: "data" lines of one event are joined, comments and other fields
/// skipped). `io` when it ends before "[DONE]" and before a finish_reason; `bad_data` for anything that is no such stream, or an
/// error object inside it.
[[nodiscard]] Result<ModelReply> parse_chat_stream(std::string_view body);
/// The answer of an endpoint that does not stream.
[[nodiscard]] Result<ModelReply> parse_chat_answer(std::string_view body);
/// "message" of an error object, clipped; the start of the body where it is none.
[[nodiscard]] std::string error_text(std::string_view body);

}  // namespace autodev::apply
