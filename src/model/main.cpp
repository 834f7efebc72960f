// SPDX-License-Identifier: MIT OR Apache-2.0
//
// auto-dev-model: the one program here that opens a socket. It sends one POST and prints the answer.
//
// It is a program of its own so that `auto-dev` neither links a network library (41 instead of 17 libraries, twice the
// start-up time) nor can reach a network at all. Request, one JSON object on standard input:
//
//   {"origin": "http://127.0.0.1:11434", "path": "/v1/chat/completions", "body": "...", "key_variable": "OPENAI_API_KEY",
//    "wait_ms": 0, "connect_ms": 10000, "idle_ms": 60000, "max_bytes": 4194304}
//
// Answer on standard output: one line {"status", "content_type", "retry_after"}, then the body as it arrives. The key is read
// from the environment here and nowhere else. Redirects are not followed and no proxy is used: the request goes to the
// origin that was checked, or nowhere. Exit codes: 0 complete, 1 no connection or a broken one (reason on standard error).
#include <httplib.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <string>
#include <thread>

#include "base/json.h"
#include "base/text.h"

namespace {

using autodev::base::Json;

struct Call {
  std::string origin, path, body, key_variable;
  std::chrono::milliseconds wait{0}, connect{10'000}, idle{60'000};
  std::size_t max_bytes = std::size_t{4} << 20;
};

bool read_call(Call& call) {
  const std::string text((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
  const auto json = autodev::base::parse_json(text, "request");
  if (!json || !json->is_object()) return false;
  call.origin = json->value("origin", "");
  call.path = json->value("path", "");
  call.body = json->value("body", "");
  call.key_variable = json->value("key_variable", "");
  call.wait = std::chrono::milliseconds(json->value("wait_ms", 0));
  call.connect = std::chrono::milliseconds(json->value("connect_ms", 10'000));
  call.idle = std::chrono::milliseconds(json->value("idle_ms", 60'000));
  call.max_bytes = json->value("max_bytes", call.max_bytes);
  return !call.origin.empty() && !call.path.empty();
}

bool print(std::string_view bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() && std::fflush(stdout) == 0;
}

httplib::Request request_of(const Call& call) {
  httplib::Request request;
  request.method = "POST";
  request.path = call.path;
  request.body = call.body;
  request.headers = {{"Content-Type", "application/json"},
                     {"Accept", "text/event-stream, application/json"},
                     {"Accept-Encoding", "identity"}};
  if (const char* key = call.key_variable.empty() ? nullptr : std::getenv(call.key_variable.c_str()); key != nullptr)
    request.headers.emplace("Authorization", std::string("Bearer ") + key);
  return request;
}

int send(const Call& call) {
  httplib::Client client(call.origin);
  if (!client.is_valid()) return std::fputs("the address is not understood\n", stderr), 1;
  client.set_connection_timeout(call.connect);
  client.set_read_timeout(call.idle);
  client.set_write_timeout(call.idle);
  client.set_follow_location(false);
  client.set_tcp_nodelay(true);
  client.set_decompress(false);
  httplib::Request request = request_of(call);
  request.response_handler = [](const httplib::Response& response) {
    const Json head{{"status", response.status},
                    {"content_type", autodev::base::repair_utf8(response.get_header_value("Content-Type"))},
                    {"retry_after", autodev::base::repair_utf8(response.get_header_value("Retry-After"))}};
    return print(autodev::base::dump_json(head) + "\n");
  };
  std::size_t received = 0;
  request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    received += size;
    return received <= call.max_bytes && print({data, size});
  };
  const httplib::Result result = client.send(request);
  if (result) return 0;
  const std::string reason = received > call.max_bytes ? "the answer is too large" : httplib::to_string(result.error());
  std::fprintf(stderr, "%s\n", reason.c_str());
  return 1;
}

}  // namespace

int main() {
  Call call;
  if (!read_call(call)) return std::fputs("expected a request on standard input\n", stderr), 1;
  std::this_thread::sleep_for(call.wait);
  return send(call);
}
