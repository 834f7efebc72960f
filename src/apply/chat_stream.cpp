// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Every member of foreign JSON is looked at with its type; a wrong one is no data, never a crash.
#include "apply/chat_stream.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

using base::Json;

constexpr std::size_t shown_bytes = 300;

const Json* member(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

void read_usage(const Json& answer, ModelReply& reply) {
  const Json* usage = member(answer, "usage");
  if (usage == nullptr) return;
  const auto count = [&](const char* name) -> std::optional<std::uint64_t> {
    const Json* value = member(*usage, name);
    if (value == nullptr || !value->is_number_unsigned()) return std::nullopt;
    return value->get<std::uint64_t>();
  };
  if (const auto tokens = count("prompt_tokens")) reply.tokens_in = tokens;
  if (const auto tokens = count("completion_tokens")) reply.tokens_out = tokens;
}

/// choices[0]; null when there is none.
const Json* first_choice(const Json& answer) {
  const Json* choices = member(answer, "choices");
  return choices != nullptr && choices->is_array() && !choices->empty() ? &choices->front() : nullptr;
}

std::string text_of(const Json* holder) {
  const Json* content = holder == nullptr ? nullptr : member(*holder, "content");
  return content != nullptr && content->is_string() ? content->get<std::string>() : std::string();
}

class Events {
 public:
  /// One event's data. False: nothing after it matters.
  Result<bool> take(std::string_view data) {
    if (base::trim(data) == "[DONE]") {
      finished = true;
      return false;
    }
    const auto parsed = base::parse_json(data, "the model's stream");
    if (!parsed) return tl::make_unexpected(parsed.error());
    if (member(*parsed, "error") != nullptr)
      return fail(ErrorCode::bad_data, "the model's stream holds an error: " + error_text(data));
    read_usage(*parsed, reply);
    const Json* choice = first_choice(*parsed);
    if (choice == nullptr) return true;
    reply.text += text_of(member(*choice, "delta"));
    const Json* reason = member(*choice, "finish_reason");
    finished = finished || (reason != nullptr && reason->is_string());
    if (reply.text.size() > max_reply_bytes) return fail(ErrorCode::bad_data, "the reply is larger than 1 MiB");
    return true;
  }

  ModelReply reply;
  bool finished = false;
};

}  // namespace

std::string error_text(std::string_view body) {
  std::string text(body);
  if (const auto parsed = base::parse_json(body, "error"); parsed) {
    const Json* error = member(*parsed, "error");
    const Json* message = error == nullptr ? nullptr : member(*error, "message");
    if (message != nullptr && message->is_string()) text = message->get<std::string>();
    else if (error != nullptr && error->is_string()) text = error->get<std::string>();
  }
  return base::strip_controls(base::clip_utf8(base::fold_whitespace(base::repair_utf8(text)), shown_bytes));
}

Result<ModelReply> parse_chat_stream(std::string_view body) {
  Events events;
  std::string data;
  bool has_data = false;
  for (const std::string_view raw : base::split_lines(body)) {
    const auto line = raw.ends_with('\r') ? raw.substr(0, raw.size() - 1) : raw;
    if (line.empty()) {
      if (!has_data) continue;
      AUTODEV_TRY_ASSIGN(const bool more, events.take(data));
      data.clear();
      has_data = false;
      if (!more) break;
    } else if (line.starts_with("data:")) {
      if (has_data) data += '\n';
      data += line.substr(line.starts_with("data: ") ? 6 : 5);
      has_data = true;
    }
  }
  if (has_data && base::trim(data) == "[DONE]") events.finished = true;
  if (!events.finished) return fail(ErrorCode::io, "the model's stream ended in the middle");
  return std::move(events.reply);
}

Result<ModelReply> parse_chat_answer(std::string_view body) {
  AUTODEV_TRY_ASSIGN(const Json answer, base::parse_json(body, "the model's answer"));
  if (member(answer, "error") != nullptr) return fail(ErrorCode::bad_data, "the model answered: " + error_text(body));
  const Json* choice = first_choice(answer);
  if (choice == nullptr) return fail(ErrorCode::bad_data, "the model's answer has no choices");
  ModelReply reply;
  reply.text = text_of(member(*choice, "message"));
  if (reply.text.size() > max_reply_bytes) return fail(ErrorCode::bad_data, "the reply is larger than 1 MiB");
  read_usage(answer, reply);
  return reply;
}

}  // namespace autodev::apply
