// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fmt/format.h>

#include "app/commands/list.h"
#include "app/error_recall.h"
#include "app/standard_input.h"
#include "app/store_location.h"
#include "base/kept_output.h"
#include "base/terminal.h"
#include "base/text.h"

namespace autodev::app::commands {
namespace {

/// What is read whole; of more, the beginning and the end, as of a wrapped command.
constexpr std::size_t max_read_whole = std::size_t{4} << 20;

struct ErrorText {
  std::string text;
  std::uint64_t bytes = 0;  ///< of all that was given
};

class TextTaker {
 public:
  void add(std::string_view piece) {
    bytes_ += piece.size();
    if (bytes_ <= max_read_whole) whole_ += piece;
    kept_.append(piece);
  }
  ErrorText take() { return {bytes_ <= max_read_whole ? std::move(whole_) : kept_.take(), bytes_}; }

 private:
  std::string whole_;
  base::KeptOutput kept_;
  std::uint64_t bytes_ = 0;
};

/// "build.log" or "out/test": one word with a folder or a short ending. No message of a tool looks like that.
bool names_a_file(std::string_view text) {
  if (text.empty() || text.size() > 1'024 || text.find_first_of(" \t\n:'\"()") != std::string_view::npos) return false;
  const auto dot = text.rfind('.');
  return text.find('/') != std::string_view::npos || (dot != std::string_view::npos && dot > 0 && text.size() - dot - 1 <= 4);
}

Result<ErrorText> error_text(CommandContext& context) {
  const auto given = context.arguments.text("error");
  if (!given) return fail(ErrorCode::usage, "say what went wrong: --error -, --error FILE or --error TEXT");
  TextTaker taker;
  if (*given == "-") {
    for_each_input_piece([&](std::string_view piece) {
      taker.add(piece);
      return true;
    });
    return taker.take();
  }
  if (given->size() < 4096 && given->find('\n') == std::string::npos) {
    AUTODEV_TRY_ASSIGN(const auto status, context.env.status(*given));
    if (status && status->type != base::FileType::directory) {
      AUTODEV_TRY_ASSIGN(const auto file, context.env.map_file(*given));
      taker.add(file->bytes());
      return taker.take();
    }
    if (names_a_file(*given))
      return fail(ErrorCode::no_input, *given + (status ? ": is a folder" : ": no such file"),
                  "check the path; text that looks like a path goes through standard input: --error -");
  }
  taker.add(*given);
  return taker.take();
}

base::Json to_json(const knowledge::ErrorRepair& repair) {
  return {{"diff", repair.diff},
          {"command", repair.command},
          {"failed_event", repair.failed.hex()},
          {"passed_event", repair.passed.hex()},
          {"message", repair.message},
          {"times", repair.times},
          {"time", base::format_timestamp(repair.time)}};
}

base::Json to_json(const RecalledError& one) {
  base::Json json{{"signature", one.asked.text},
                  {"id", one.asked.id.hex()},
                  {"cause", to_string(one.asked.cause.cause)},
                  {"rule", one.asked.cause.rule},
                  {"message", one.asked.failure.message},
                  {"file", one.asked.failure.file},
                  {"line", one.asked.failure.line},
                  {"known", one.identical},
                  {"similar", !one.identical && one.known.has_value()},
                  {"similarity", one.similarity},
                  {"same_message", one.same_message},
                  {"repairs", base::Json::array()},
                  {"seen", 0}};
  if (!one.known) return json;
  const knowledge::KnownError& known = *one.known;
  json["matched_signature"] = known.signature;
  json["seen"] = known.seen;
  json["repaired"] = known.repaired;
  json["first_seen"] = base::format_timestamp(known.first);
  json["last_seen"] = base::format_timestamp(known.last);
  for (const knowledge::ErrorRepair& repair : known.repairs) json["repairs"].push_back(to_json(repair));
  json["events"] = base::Json::array();
  for (const EventId& id : known.events) json["events"].push_back(id.hex());
  return json;
}

void print(Output& out, const RecalledError& one, bool all) {
  out.line(out.style(one.asked.text, base::Style::bold));
  out.line(fmt::format("  cause      {} (rule {})", to_string(one.asked.cause.cause), one.asked.cause.rule));
  if (!one.known) return out.line("  nothing is known of it here");
  const knowledge::KnownError& known = *one.known;
  if (!one.identical) {
    out.line(
        fmt::format("  similar, not identical ({:.0f} % of the words): {}", one.similarity * 100, known.signature));
  }
  out.line(fmt::format("  seen       {} time{}, last {}; repaired {} time{}", known.seen, known.seen == 1 ? "" : "s",
                       base::format_timestamp(known.last), known.repaired, known.repaired == 1 ? "" : "s"));
  if (known.repairs.empty()) return out.line("  no repair is known that was verified");
  std::size_t shown = 0;
  for (const knowledge::ErrorRepair& repair : known.repairs) {
    if (shown++ > 0 && !all) break;
    out.line(fmt::format("  repair     verified by `{}`, event {} after {}{}", repair.command,
                         repair.passed.hex().substr(0, 12), repair.failed.hex().substr(0, 12),
                         one.same_message ? "" : "; it was about other names or values then:"));
    if (!one.same_message)
      out.line("             " + std::string(base::fold_whitespace(base::clip_utf8(repair.message, 160))));
    const std::string diff = base::strip_controls(repair.diff);
    for (const std::string_view line : base::split_lines(diff)) out.line(fmt::format("    {}", line));
  }
}

Result<int> run_recall(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const auto limit, context.arguments.number("limit", 1, 64));
  AUTODEV_TRY_ASSIGN(const ErrorText given, error_text(context));
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(const auto recalled,
                     recall_errors(opened.store(), given.text, static_cast<std::size_t>(limit.value_or(5))));
  base::Json list = base::Json::array();
  bool answered = false;
  for (const RecalledError& one : recalled) {
    list.push_back(to_json(one));
    print(context.output, one, context.arguments.flag("all"));
    answered = answered || one.identical;
  }
  const bool cut = given.bytes > max_read_whole;
  context.output.object({{"errors", list}, {"answered", answered}, {"bytes", given.bytes}, {"cut", cut}});
  if (cut)
    context.output.warning(fmt::format("of {} MiB only the first {} and the last {} KiB were looked at", given.bytes >> 20,
                                       base::KeptOutput::head_bytes >> 10, base::KeptOutput::tail_bytes >> 10));
  if (recalled.empty()) context.output.line("no error was found in this text");
  return answered ? 0 : 1;
}

}  // namespace

Command recall() {
  Command command;
  command.path = "learn recall";
  command.summary = "what is known about an error, and the change that repaired it";
  command.details =
      "Reads the output of a compiler, a test runner or a program that crashed, takes away what differs between two "
      "occurrences of\n"
      "the same error (paths, numbers, names), and looks for what is left. For each error: its cause and the rule that "
      "decided,\n"
      "how often it was seen, and the change after which the command passed. A signature that is only similar is "
      "marked so. Of more than 4 MiB the beginning and the end are read. No error in the text: nothing is looked up.";
  command.options = {
      {"error", OptionKind::text, "TEXT|FILE|-", "what the command printed: text, a file, or - for standard input"},
      {"limit", OptionKind::whole_number, "N", "errors to look at, 1 to 64; default 5"},
      {"all", OptionKind::flag, "", "show every verified repair, not only the newest"}};
  command.examples = {"make 2>&1 | auto-dev learn recall --error -",
                      "auto-dev learn recall --error \"AttributeError: 'NoneType' object has no attribute 'items'\""};
  command.exit_codes = "0 at least one error is known, 1 none is";
  command.run = run_recall;
  return command;
}

}  // namespace autodev::app::commands
