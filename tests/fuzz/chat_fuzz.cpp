// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What an endpoint answers: streams and whole answers, cut anywhere, give a reply or an error; the code of a reply is a part
// of it, and an error text is short and printable.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "apply/chat_stream.h"
#include "apply/model.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void look_for_code(std::string_view reply) {
  using namespace autodev;
  for (const Language language : {Language::python, Language::cpp, Language::javascript}) {
    const auto code = apply::code_of_reply(reply, language);
    if (code) require(code->size() <= reply.size() + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace autodev::apply;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto reply = parse_chat_stream(text)) look_for_code(reply->text);
  if (const auto reply = parse_chat_answer(text)) look_for_code(reply->text);
  look_for_code(text);
  for (const char c : error_text(text)) require(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t');
  return 0;
}
