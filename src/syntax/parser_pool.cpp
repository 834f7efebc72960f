// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Parsing in a child that may die.
//
// Some grammars need memory that grows with the square of the input (C#: 200 KB of "a<" took more than 20 GB), and the
// progress callback comes too rarely to stop them. So the child has an address-space limit and a deadline; when it
// dies or stays silent it is killed, the file is remembered as poisonous, and the next file gets a new child.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "base/text.h"
#include "syntax/extract.h"
#include "syntax/worker_protocol.h"

namespace autodev::syntax {
namespace {

using std::chrono::milliseconds;

/// Beyond the parse deadline: lowering, hashing and the way back of the largest file took under 300 ms.
constexpr milliseconds grace{800};
constexpr milliseconds start_patience{10'000};
constexpr std::size_t max_remembered = 1024;

/// AddressSanitizer reserves terabytes of address space before main(): under it no limit can hold.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool can_limit_memory = false;
#else
constexpr bool can_limit_memory = true;
#endif

tl::unexpected<Error> gave_up(std::string_view path) {
  return fail(ErrorCode::bad_data,
              fmt::format("{}: the parser gave up (memory or time limit); the file is skipped", path),
              "nothing is learned from this file; the others are not affected");
}

}  // namespace

struct ParserPool::State {
  base::Env& env;
  std::vector<std::string> worker;
  std::uint64_t address_space_bytes;
  std::unique_ptr<base::ChildProcess> child;
  std::set<Digest> poisonous;

  Result<void> ensure_child();
  Result<std::string> read_frame(milliseconds timeout);
  Result<void> send(const std::string& request);
  void stop();
};

void ParserPool::State::stop() {
  if (!child) return;
  child->kill();
  child->wait();
  child.reset();
}

Result<std::string> ParserPool::State::read_frame(milliseconds timeout) {
  const auto limit = env.monotonic() + timeout;
  AUTODEV_TRY_ASSIGN(const std::string head, child->read_exactly(4, timeout));
  const auto size = frame_size(head);
  if (size > max_reply_bytes) return fail(ErrorCode::bad_data, "the worker's reply is too long");
  const auto left = std::chrono::duration_cast<milliseconds>(limit - env.monotonic());
  return child->read_exactly(size, std::max(left, milliseconds(1)));
}

Result<void> ParserPool::State::ensure_child() {
  if (child) return {};
  if (worker.empty()) return fail(ErrorCode::unavailable, "no parse worker is configured");
  base::ProcessOptions options;
  options.arguments = worker;
  options.timeout = start_patience;
  if (can_limit_memory && address_space_bytes != 0) options.limits.address_space_bytes = address_space_bytes;
  options.limits.file_size_bytes = 0;
  auto started = env.start(options);
  const std::string& program = worker.front();
  if (!started)
    return fail(ErrorCode::unavailable,
                fmt::format("cannot start the parse worker {}: {}", program, started.error().message),
                "run this program from a complete installation");
  child = std::move(*started);
  const auto hello = read_frame(start_patience);
  if (hello && *hello == worker_hello) return {};
  stop();
  return fail(ErrorCode::unavailable, fmt::format("{} does not answer as a parse worker", program),
              "run this program from a complete installation");
}

/// Sends to a living child; one that has died since the last file is replaced once.
Result<void> ParserPool::State::send(const std::string& request) {
  AUTODEV_TRY(ensure_child());
  const auto frame = frame_head(request.size()) + request;
  if (child->write(frame)) return {};
  stop();
  AUTODEV_TRY(ensure_child());
  return child->write(frame);
}

ParserPool::ParserPool(base::Env& env, std::vector<std::string> worker, std::uint64_t address_space_bytes)
    : state_(new State{env, std::move(worker), address_space_bytes, nullptr, {}}) {}

ParserPool::~ParserPool() {
  state_->stop();
}

Result<FileUnits> ParserPool::extract(std::string_view source, Language language, std::string_view path,
                                      const ExtractOptions& options) {
  // What extract_units refuses at once needs no child, and must not be sent.
  if (language == Language::unknown || source.size() > max_source_bytes(language) || base::looks_binary(source))
    return extract_units(source, language, path, options);
  const auto key = base::hash128(source, static_cast<std::uint64_t>(language));
  if (state_->poisonous.contains(key)) return gave_up(path);
  AUTODEV_TRY(state_->send(encode_request({language, options, base::clip_utf8(path, 4096), source})));
  const auto reply = state_->read_frame(options.deadline + grace);
  if (reply) {
    auto decoded = decode_reply(*reply, path);
    if (decoded) return std::move(*decoded);
  }
  state_->stop();
  if (state_->poisonous.size() < max_remembered) state_->poisonous.insert(key);
  return gave_up(path);
}

}  // namespace autodev::syntax
