// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A model behind an OpenAI-compatible endpoint, through the helper program `auto-dev-model`.
//
// Where a request may go is decided here, before the helper starts: this machine, unless the user allowed more, and other
// machines only over TLS. 429, 5xx and broken connections are tried again after 0.5 s, 1 s, 2 s, ... (half of it by chance, so that
// several waiting programs spread), or when the endpoint says; a passed time limit is not, because the next try would pass it too.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "apply/chat_stream.h"
#include "apply/model.h"
#include "base/json.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_delay{500};
constexpr milliseconds longest_delay{60'000};   // also of a Retry-After: nobody waits longer in front of a terminal
constexpr milliseconds connect_limit{10'000};
constexpr std::size_t max_answer_bytes = std::size_t{8} << 20;  // an event stream is some ten times its text

struct Endpoint {
  std::string origin, host, path;
  bool secure = false;
};

Error bad_url(const std::string& url, const char* why) {
  return {ErrorCode::config, fmt::format("learn.model.url = {}: {}", base::strip_controls(base::clip_utf8(url, 200)), why),
          "expected something like http://127.0.0.1:11434/v1"};
}

Result<Endpoint> parse_endpoint(const std::string& url) {
  Endpoint endpoint;
  endpoint.secure = url.starts_with("https://");
  if (!endpoint.secure && !url.starts_with("http://")) return tl::make_unexpected(bad_url(url, "neither http nor https"));
  const bool plain = std::all_of(url.begin(), url.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (!plain || url.find('\\') != std::string::npos) return tl::make_unexpected(bad_url(url, "holds unusual characters"));
  const auto start = url.find("//") + 2;
  const auto slash = std::min(url.find_first_of("/?#", start), url.size());
  const std::string authority = url.substr(start, slash - start);
  if (authority.find('@') != std::string::npos) return tl::make_unexpected(bad_url(url, "must not hold a user or password"));
  if (authority.starts_with('[')) endpoint.host = authority.substr(1, authority.find(']') - 1);
  else endpoint.host = authority.substr(0, authority.find(':'));
  if (endpoint.host.empty()) return tl::make_unexpected(bad_url(url, "names no host"));
  endpoint.origin = url.substr(0, slash);
  endpoint.path = url.substr(slash);
  if (endpoint.path.find_first_of("?#") != std::string::npos)
    return tl::make_unexpected(bad_url(url, "must not hold a query"));
  while (endpoint.path.ends_with('/')) endpoint.path.pop_back();
  endpoint.path += "/chat/completions";
  return endpoint;
}

/// Names and addresses that cannot leave this machine: digits and dots only, so that "127.0.0.1.example.org" is none.
bool is_loopback(const std::string& host) {
  if (host == "localhost" || host == "::1") return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos &&
         std::count(host.begin(), host.end(), '.') == 3;
}

struct Answer {
  int status = 0;  ///< 0: no answer
  std::string content_type, retry_after, body, problem;
  bool complete = false;
};

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
    base::ProcessOptions process;
    process.arguments = {settings_.transport};
    process.input = base::dump_json({{"origin", endpoint_.origin},
                                     {"path", endpoint_.path},
                                     {"body", body},
                                     {"key_variable", settings_.key_variable},
                                     {"wait_ms", wait.count()},
                                     {"connect_ms", connect_limit.count()},
                                     {"idle_ms", settings_.timeout.count()},
                                     {"max_bytes", max_answer_bytes}});
    process.timeout = settings_.timeout + wait;
    process.max_output_bytes = max_answer_bytes + 4'096;
    process.forward_signals = true;
    AUTODEV_TRY_ASSIGN(const base::ProcessResult ended, env_.run(process));
    if (ended.timed_out)
      return fail(ErrorCode::busy, fmt::format("{} gave no complete answer within {}", endpoint_.origin,
                                               base::format_duration(settings_.timeout)),
                  "raise learn.model.timeout_s, or use a faster model");
    if (ended.signal != 0) return fail(ErrorCode::busy, "the call of the model was interrupted");
    return answer_of(ended);
  }

  static Answer answer_of(const base::ProcessResult& ended) {
    Answer answer;
    answer.complete = ended.exit_code == 0;
    answer.problem = base::strip_controls(base::clip_utf8(base::repair_utf8(base::trim(ended.error)), 200));
    const auto end = ended.output.find('\n');
    if (end == std::string::npos) return answer;
    const auto head = base::parse_json(std::string_view(ended.output).substr(0, end), "answer");
    if (!head || !head->is_object()) return answer;
    answer.status = head->value("status", 0);
    answer.content_type = base::to_lower_ascii(head->value("content_type", ""));
    answer.retry_after = head->value("retry_after", "");
    answer.body = ended.output.substr(end + 1);
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
  AUTODEV_TRY_ASSIGN(Endpoint endpoint, parse_endpoint(settings.url));
  if (!is_loopback(endpoint.host)) {
    if (!settings.allow_remote)
      return fail(ErrorCode::permission, fmt::format("{} is another machine: nothing is sent there", endpoint.host),
                  "auto-dev learn config set learn.model.allow_remote true");
    if (!endpoint.secure)
      return fail(ErrorCode::permission, fmt::format("{} is another machine and the address is not https", endpoint.host),
                  "use https");
  }
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
