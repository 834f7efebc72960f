// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A model behind any program: the prompt goes to its standard input, the reply is its standard output.
//
// The program comes from the user's own configuration as an argument vector; no shell reads any of it, and neither
// the specification nor anything learned becomes an argument.
#include <fmt/format.h>

#include "apply/model.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

constexpr std::size_t shown_error_bytes = 300;

class CommandModel final : public CodeModel {
 public:
  CommandModel(base::Env& env, const ModelSettings& settings) : env_(env), settings_(settings) {}

  Result<ModelReply> complete(const std::string& prompt) override {
    base::ProcessOptions process;
    process.arguments = settings_.command;
    process.input = prompt;
    process.timeout = settings_.timeout;
    process.max_output_bytes = max_reply_bytes;
    process.forward_signals = true;
    AUTODEV_TRY_ASSIGN(const base::ProcessResult ended, env_.run(process));
    const std::string& program = settings_.command.front();
    if (ended.timed_out)
      return fail(ErrorCode::busy, fmt::format("the model program {} gave no answer within {}", program,
                                               base::format_duration(settings_.timeout)),
                  "raise learn.model.timeout_s, or look at what the program waits for");
    if (ended.signal == 2 || ended.signal == 15 || ended.exit_code == 130)
      return fail(ErrorCode::busy, fmt::format("the model program {} was interrupted", program));
    if (ended.exit_code != 0)
      return fail(ErrorCode::unavailable,
                  fmt::format("the model program {} ended with exit code {}: {}", program, ended.exit_code,
                              base::clip_utf8(base::strip_controls(base::repair_utf8(base::trim(ended.error))), shown_error_bytes)),
                  "run it by hand with some text on its standard input");
    if (ended.output_truncated)
      return fail(ErrorCode::bad_data, fmt::format("the reply of {} is larger than {}", program, base::format_bytes(max_reply_bytes)));
    ModelReply reply;
    reply.text = base::repair_utf8(ended.output);
    return reply;
  }

 private:
  base::Env& env_;
  ModelSettings settings_;
};

}  // namespace

Result<std::unique_ptr<CodeModel>> make_command_model(base::Env& env, const ModelSettings& settings) {
  if (settings.command.empty() || settings.command.front().empty())
    return fail(ErrorCode::config, "the model 'command' needs a program",
                "auto-dev learn config set learn.model.command \"claude -p\"");
  return std::make_unique<CommandModel>(env, settings);
}

}  // namespace autodev::apply
