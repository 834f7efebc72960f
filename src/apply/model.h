// SPDX-License-Identifier: MIT OR Apache-2.0
//
// CodeModel: an external writer of code, asked only when memory does not answer.
//
// Four kinds behind one interface: any program (`command`), any OpenAI-compatible endpoint (`openai`), a file of recorded
// replies (`replay`), and `none`. Learning never calls one. A reply is foreign text: what is taken out of it is
// one code block, which then has to pass the same guard, sandbox and tests as everything else.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"
#include "autodev/error.h"
#include "base/env.h"

namespace autodev::apply {

enum class ModelKind : std::uint8_t { none, command, openai, replay };
[[nodiscard]] std::optional<ModelKind> model_kind_from_name(std::string_view name) noexcept;
[[nodiscard]] std::string_view to_string(ModelKind kind) noexcept;

struct ModelSettings {
  ModelKind kind = ModelKind::none;
  std::vector<std::string> command;      ///< argument vector; prompt on stdin, reply on stdout
  std::string url;                       ///< base of the endpoint, ".../v1"
  std::string name;                      ///< model name sent to the endpoint
  std::string key_variable;              ///< environment variable that holds the API key; empty: none is sent
  bool allow_remote = false;             ///< other hosts than this machine
  std::chrono::milliseconds timeout{120'000};  ///< of one call
  std::uint32_t retries = 3;             ///< after 429, 5xx and broken connections
  std::uint32_t max_tokens = 4'096;      ///< of a reply
  double cost_in = 0, cost_out = 0;      ///< per million tokens; 0: unknown
  std::string replay_file;
  std::string record_file;               ///< every reply is added here as a line of a replay file
  std::string transport;                 ///< the program `auto-dev-model`, which alone opens sockets
};

struct ModelReply {
  std::string text;
  std::optional<std::uint64_t> tokens_in, tokens_out;
  std::optional<double> cost;
  std::uint32_t retries = 0;
};

class CodeModel {
 public:
  virtual ~CodeModel() = default;
  /// One call. Errors: `busy` (time, or the user interrupted), `unavailable` (program or endpoint), `bad_data` (a reply that is
  /// no reply), `config`, `no_input` (a prompt the replay file does not know).
  [[nodiscard]] virtual Result<ModelReply> complete(const std::string& prompt) = 0;
};

/// Null for `none`. Errors: `config` for settings that cannot work, before anything is called.
[[nodiscard]] Result<std::unique_ptr<CodeModel>> make_model(base::Env& env, const ModelSettings& settings);
/// One line for people: "openai http://127.0.0.1:11434/v1 (qwen), key from OPENAI_API_KEY". Never a secret.
[[nodiscard]] std::string describe_model(const ModelSettings& settings);

[[nodiscard]] Result<std::unique_ptr<CodeModel>> make_command_model(base::Env& env, const ModelSettings& settings);
[[nodiscard]] Result<std::unique_ptr<CodeModel>> make_openai_model(base::Env& env, const ModelSettings& settings);
[[nodiscard]] Result<std::unique_ptr<CodeModel>> make_replay_model(base::Env& env, const ModelSettings& settings);

/// Replies above this are refused: 1 MiB is four times the largest unit that can be learned.
inline constexpr std::size_t max_reply_bytes = std::size_t{1} << 20;

/// The code of a reply: the first closed block marked with the language, else the longest closed one, else all of a reply
/// without any fence. `bad_data` when there is none, or it is larger than a unit may be (256 KiB).
[[nodiscard]] Result<std::string> code_of_reply(std::string_view reply, Language language);

}  // namespace autodev::apply
