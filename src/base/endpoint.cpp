// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/endpoint.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"

namespace autodev::base {
namespace {

constexpr std::chrono::milliseconds connect_limit{10'000};

PostAnswer answer_of(const ProcessResult& ended) {
  PostAnswer answer;
  answer.complete = ended.exit_code == 0;
  answer.problem = strip_controls(clip_utf8(repair_utf8(trim(ended.error)), 200));
  const auto end = ended.output.find('\n');
  if (end == std::string::npos) return answer;
  const auto head = parse_json(std::string_view(ended.output).substr(0, end), "answer");
  if (!head || !head->is_object()) return answer;
  answer.status = head->value("status", 0);
  answer.content_type = to_lower_ascii(head->value("content_type", ""));
  answer.retry_after = head->value("retry_after", "");
  answer.body = ended.output.substr(end + 1);
  return answer;
}

}  // namespace

Result<Endpoint> parse_endpoint(const std::string& url, std::string_view setting, std::string_view suffix) {
  const auto bad = [&](const char* why) {
    return fail(ErrorCode::config, fmt::format("{} = {}: {}", setting, strip_controls(clip_utf8(url, 200)), why),
                "expected something like http://127.0.0.1:11434/v1");
  };
  Endpoint endpoint;
  endpoint.secure = url.starts_with("https://");
  if (!endpoint.secure && !url.starts_with("http://")) return bad("neither http nor https");
  const bool plain = std::all_of(url.begin(), url.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (!plain || url.find('\\') != std::string::npos) return bad("holds unusual characters");
  const auto start = url.find("//") + 2;
  const auto slash = std::min(url.find_first_of("/?#", start), url.size());
  const std::string authority = url.substr(start, slash - start);
  if (authority.find('@') != std::string::npos) return bad("must not hold a user or password");
  if (authority.starts_with('['))
    endpoint.host = authority.substr(1, authority.find(']') - 1);
  else
    endpoint.host = authority.substr(0, authority.find(':'));
  if (endpoint.host.empty()) return bad("names no host");
  endpoint.origin = url.substr(0, slash);
  endpoint.path = url.substr(slash);
  if (endpoint.path.find_first_of("?#") != std::string::npos) return bad("must not hold a query");
  while (endpoint.path.ends_with('/')) endpoint.path.pop_back();
  endpoint.path += suffix;
  return endpoint;
}

bool is_loopback(const std::string& host) {
  if (host == "localhost" || host == "::1") return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos &&
         std::count(host.begin(), host.end(), '.') == 3;
}

Result<void> check_reach(const Endpoint& endpoint, bool allow_remote, std::string_view section) {
  if (is_loopback(endpoint.host)) return {};
  if (!allow_remote)
    return fail(ErrorCode::permission, fmt::format("{} is another machine: nothing is sent there", endpoint.host),
                fmt::format("auto-dev learn config set {}.allow_remote true", section));
  if (!endpoint.secure)
    return fail(ErrorCode::permission,
                fmt::format("{} is another machine and the address is not https", endpoint.host), "use https");
  return {};
}

Result<PostAnswer> post(Env& env, const Endpoint& endpoint, const std::string& body, const PostOptions& options) {
  ProcessOptions process;
  process.arguments = {options.transport};
  process.input = dump_json({{"origin", endpoint.origin},
                             {"path", endpoint.path},
                             {"body", body},
                             {"key_variable", options.key_variable},
                             {"wait_ms", options.wait.count()},
                             {"connect_ms", connect_limit.count()},
                             {"idle_ms", options.timeout.count()},
                             {"max_bytes", options.max_bytes}});
  process.timeout = options.timeout + options.wait;
  process.max_output_bytes = options.max_bytes + 4'096;
  process.forward_signals = true;
  AUTODEV_TRY_ASSIGN(const ProcessResult ended, env.run(process));
  if (ended.timed_out) {
    PostAnswer answer;
    answer.timed_out = true;
    return answer;
  }
  if (ended.signal != 0) return fail(ErrorCode::busy, "the call of the model was interrupted");
  return answer_of(ended);
}

}  // namespace autodev::base
