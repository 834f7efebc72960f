// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A model behind an OpenAI-compatible endpoint, through the helper program `auto-dev-model`.
//
// Where a request may go is decided by base/endpoint.h, before the helper starts. 429, 5xx and broken connections are tried again after 0.5 s, 1 s, 2 s, ... (half of it by chance, so that
// several waiting programs spread), or when the endpoint says; a passed time limit is not, because the next try would pass it too.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "apply/chat_stream.h"
#include "apply/model.h"
#include "base/endpoint.h"
#include "base/json.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_delay{500};
constexpr milliseconds longest_delay{60'000};   // also of a Retry-After: nobody waits longer in front of a terminal
constexpr std::size_t max_answer_bytes = std::size_t{8} << 20;  // an event stream is some ten times its text

using base::Endpoint;
using Answer = base::PostAnswer;

class OpenAiModel final : public CodeModel {
 public:
  OpenAiModel(base::Env& env, const ModelSettings& settings, Endpoint endpoint)
      : env_(env), settings_(settings), endpoint_(std::move(endpoint)) {}

  Result<ModelReply> complete(const std::string& prompt) override {
    const std::string body = request_body(prompt);
    milliseconds wait{0};
    for (std::uint32_t tried = 0;; ++tried) {
      AUTODEV_TRY_ASSIGN(const Answer answer, post(body, wait));
      Result<ModelReply> reply = reply_of(answer);
      if (reply) {
        reply->retries = tried;
        add_cost(*reply);
        return reply;
      }
      if (!worth_another(answer, reply.error()) || tried >= settings_.retries) return reply;
      wait = delay(answer, tried);
    }
  }

 private:
  [[nodiscard]] std::string request_body(const std::string& prompt) const {
    base::Json body{{"messages", {{{"role", "user"}, {"content", base::repair_utf8(prompt)}}}},
                    {"stream", true},
                    {"stream_options", {{"include_usage", true}}},
                    {"max_tokens", settings_.max_tokens},
                    {"temperature", 0}};
    if (!settings_.name.empty()) body["model"] = settings_.name;
    return base::dump_json(body);
  }

  Result<Answer> post(const std::string& body, milliseconds wait) {
    AUTODEV_TRY_ASSIGN(Answer answer, base::post(env_, endpoint_, body,
                                                 {settings_.transport, settings_.key_variable, wait, settings_.timeout,
                                                  max_answer_bytes}));
    if (answer.timed_out)
      return fail(ErrorCode::busy, fmt::format("{} gave no complete answer within {}", endpoint_.origin,
                                               base::format_duration(settings_.timeout)),
                  "raise learn.model.timeout_s, or use a faster model");
    return answer;
  }

  Result<ModelReply> reply_of(const Answer& answer) {
    if (answer.status == 0)
      return fail(ErrorCode::unavailable, fmt::format("{} cannot be reached: {}", endpoint_.origin, answer.problem),
                  "start the model server, or correct learn.model.url");
    if (answer.status != 200)
      return fail(ErrorCode::unavailable, fmt::format("{} answered {}: {}", endpoint_.origin, answer.status, safe(answer.body)),
                  hint_for(answer.status));
    if (!answer.complete) return fail(ErrorCode::io, fmt::format("the answer of {} broke off: {}", endpoint_.origin, answer.problem));
    if (answer.content_type.starts_with("text/event-stream")) return parse_chat_stream(answer.body);
    if (answer.content_type.starts_with("application/json")) return parse_chat_answer(answer.body);
    return fail(ErrorCode::bad_data,
                fmt::format("{} answered with '{}', which is no model's answer", endpoint_.origin,
                            base::strip_controls(base::clip_utf8(answer.content_type, 80))),
                "learn.model.url must be the part before /chat/completions");
  }

  /// An endpoint may quote the key in its complaint.
  [[nodiscard]] std::string safe(std::string_view body) const {
    std::string text = error_text(body);
    const auto key = settings_.key_variable.empty() ? std::nullopt : env_.variable(settings_.key_variable);
    if (!key || key->empty()) return text;
    for (auto at = text.find(*key); at != std::string::npos; at = text.find(*key)) text.replace(at, key->size(), "[key]");
    return text;
  }

  static std::string hint_for(int status) {
    if (status == 401 || status == 403) return "set learn.model.key_variable to the environment variable that holds your key";
    if (status == 404) return "correct learn.model.url or learn.model.name";
    return status == 429 ? "wait, or raise learn.model.retries" : "";
  }

  static bool worth_another(const Answer& answer, const Error& error) {
    if (answer.status == 0) return false;  // refused at once: a server that is not there does not come
    if (answer.status == 429 || answer.status >= 500) return true;
    return error.code == ErrorCode::io;
  }

  milliseconds delay(const Answer& answer, std::uint32_t tried) {
    std::uint64_t seconds = 0;
    const auto& text = answer.retry_after;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (!text.empty() && parsed.ec == std::errc() && parsed.ptr == text.data() + text.size())
      return std::min(longest_delay, milliseconds(1'000 * std::min<std::uint64_t>(seconds, 3'600)));
    const auto full = std::min<std::int64_t>(longest_delay.count(), first_delay.count() << std::min(tried, 10u));
    return milliseconds(full / 2 + static_cast<std::int64_t>(env_.random_u64() % static_cast<std::uint64_t>(full / 2 + 1)));
  }

  void add_cost(ModelReply& reply) const {
    if (settings_.cost_in <= 0 && settings_.cost_out <= 0) return;
    if (!reply.tokens_in || !reply.tokens_out) return;
    reply.cost = (static_cast<double>(*reply.tokens_in) * settings_.cost_in +
                  static_cast<double>(*reply.tokens_out) * settings_.cost_out) / 1e6;
  }

  base::Env& env_;
  ModelSettings settings_;
  Endpoint endpoint_;
};

}  // namespace

Result<std::unique_ptr<CodeModel>> make_openai_model(base::Env& env, const ModelSettings& settings) {
  AUTODEV_TRY_ASSIGN(Endpoint endpoint, base::parse_endpoint(settings.url, "learn.model.url", "/chat/completions"));
  AUTODEV_TRY(base::check_reach(endpoint, settings.allow_remote, "learn.model"));
  if (!settings.key_variable.empty() && !env.variable(settings.key_variable))
    return fail(ErrorCode::config, fmt::format("the environment variable {} (learn.model.key_variable) is not set", settings.key_variable),
                "export it, or: auto-dev learn config set learn.model.key_variable ''");
  AUTODEV_TRY_ASSIGN(const auto program, env.status(settings.transport));
  if (!program)
    return fail(ErrorCode::unavailable, fmt::format("the helper program {} is not installed", settings.transport),
                "build with libcpp-httplib-dev, or use the model 'command'");
  return std::make_unique<OpenAiModel>(env, settings, std::move(endpoint));
}

}  // namespace autodev::apply
