// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Endpoint: an address that a user configured, and one POST to it through the helper program `auto-dev-model`.
//
// Where a request may go is decided here, before the helper starts: this machine, unless the user allowed more, and other
// machines only over TLS. This program itself holds no network library.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "autodev/error.h"
#include "base/env.h"

namespace autodev::base {

struct Endpoint {
  std::string origin, host, path;
  bool secure = false;
};

/// `setting` is the name of the setting the address came from, for messages; `suffix` is appended to its path.
/// Errors: `config` for an address that is none, or that holds a user, a password or a query.
[[nodiscard]] Result<Endpoint> parse_endpoint(const std::string& url, std::string_view setting, std::string_view suffix);

/// Names and addresses that cannot leave this machine: digits and dots only, so that "127.0.0.1.example.org" is none.
[[nodiscard]] bool is_loopback(const std::string& host);

/// Errors: `permission` for another machine that was not allowed (`section`.allow_remote) or is not reached over TLS.
[[nodiscard]] Result<void> check_reach(const Endpoint& endpoint, bool allow_remote, std::string_view section);

struct PostOptions {
  std::string transport;     ///< the helper program
  std::string key_variable;  ///< environment variable with the key; read by the helper alone
  std::chrono::milliseconds wait{0}, timeout{60'000};
  std::size_t max_bytes = std::size_t{8} << 20;
};

struct PostAnswer {
  int status = 0;  ///< 0: no answer
  std::string content_type, retry_after, body, problem;
  bool complete = false;
  bool timed_out = false;
};

/// Errors: of starting the helper; `busy` when it was interrupted. Everything else is in the answer.
[[nodiscard]] Result<PostAnswer> post(Env& env, const Endpoint& endpoint, const std::string& body,
                                      const PostOptions& options);

}  // namespace autodev::base
