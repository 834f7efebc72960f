// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reading XML 1.0 (fifth edition) without document types. Nothing recurses; views point into the input.
#include "evidence/xml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace autodev::evidence {
namespace {

bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Names: ASCII letters, digits and "_:.-", and every byte above ASCII (the exact ranges matter to nobody here).
bool is_name_byte(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':' ||
         c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

bool starts_name(char c) noexcept { return is_name_byte(c) && c != '-' && c != '.' && !(c >= '0' && c <= '9'); }

std::string_view without_prefix(std::string_view name) noexcept {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

void append_utf8(std::uint32_t scalar, std::string& into) {
  const auto put = [&into](std::uint32_t byte) { into.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (scalar < 0x80) return put(scalar);
  if (scalar < 0x800) return put(0xC0 | (scalar >> 6)), put(0x80 | (scalar & 0x3F));
  if (scalar < 0x10000)
    return put(0xE0 | (scalar >> 12)), put(0x80 | ((scalar >> 6) & 0x3F)), put(0x80 | (scalar & 0x3F));
  put(0xF0 | (scalar >> 18));
  put(0x80 | ((scalar >> 12) & 0x3F));
  put(0x80 | ((scalar >> 6) & 0x3F));
  put(0x80 | (scalar & 0x3F));
}

/// The number of "#65" or "#x41"; absent when it names no character.
std::optional<std::uint32_t> parse_character(std::string_view reference) {
  const bool hex = reference.size() > 1 && reference[1] == 'x';
  const std::string_view digits = reference.substr(hex ? 2 : 1);
  if (digits.empty() || digits.size() > 8) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : digits) {
    std::uint32_t digit = 16;
    if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
    if (hex && c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a') + 10;
    if (hex && c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A') + 10;
    if (digit >= (hex ? 16u : 10u)) return std::nullopt;
    value = value * (hex ? 16 : 10) + digit;
    if (value > 0x10FFFF) return std::nullopt;
  }
  if (value == 0 || (value >= 0xD800 && value <= 0xDFFF)) return std::nullopt;
  return value;
}

}  // namespace

XmlReader::XmlReader(std::string_view xml, std::string_view what, const XmlLimits& limits)
    : xml_(xml), what_(what), limits_(limits) {}

tl::unexpected<Error> XmlReader::wrong(std::string_view problem) const {
  const std::string_view before = xml_.substr(0, std::min(at_, xml_.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  const std::size_t column = 1 + before.size() - (newline == std::string_view::npos ? 0 : newline + 1);
  return fail(ErrorCode::bad_data, fmt::format("{}: line {}, column {}: {}", what_, line, column, problem),
              "expected XML in UTF-8 without a document type");
}

std::optional<std::string_view> XmlReader::attribute(std::string_view name) const noexcept {
  for (const auto& [key, value] : attributes_)
    if (key == name) return value;
  return std::nullopt;
}

void XmlReader::skip_space() noexcept {
  while (at_ < xml_.size() && is_space(xml_[at_])) ++at_;
}

Result<void> XmlReader::skip_past(std::string_view terminator, std::string_view what) {
  const std::size_t end = xml_.find(terminator, at_);
  if (end == std::string_view::npos) return wrong(fmt::format("{} is not closed", what));
  at_ = end + terminator.size();
  return {};
}

/// Byte order mark and XML declaration.
Result<void> XmlReader::begin() {
  begun_ = true;
  if (xml_.size() > limits_.max_bytes)
    return wrong(fmt::format("{} bytes, more than the {} allowed", xml_.size(), limits_.max_bytes));
  if (at("\xFE\xFF") || at("\xFF\xFE")) return wrong("UTF-16 is not supported");
  if (xml_.find('\0') != std::string_view::npos) return wrong("contains a NUL byte");
  if (at("\xEF\xBB\xBF")) at_ += 3;
  if (!at("<?xml") || at_ + 5 >= xml_.size() || !is_space(xml_[at_ + 5])) return {};
  const std::size_t start = at_;
  AUTODEV_TRY(skip_past("?>", "the XML declaration"));
  const std::string declaration = base::to_lower_ascii(xml_.substr(start, at_ - start));
  const std::size_t encoding = declaration.find("encoding");
  if (encoding == std::string::npos) return {};
  const std::string rest = declaration.substr(encoding);
  for (const std::string_view known : {"\"utf-8\"", "'utf-8'", "\"us-ascii\"", "\"ascii\"", "\"utf8\""})
    if (rest.find(known) != std::string::npos) return {};
  return wrong("the encoding is not UTF-8");
}

Result<std::string_view> XmlReader::read_name() {
  const std::size_t start = at_;
  if (at_ >= xml_.size() || !starts_name(xml_[at_])) return wrong("expected a name");
  while (at_ < xml_.size() && is_name_byte(xml_[at_])) ++at_;
  if (at_ - start > limits_.max_name_bytes) return wrong("a name is too long");
  return xml_.substr(start, at_ - start);
}

/// Decodes the reference at the start of `raw` ("&lt;..."); returns how many bytes it takes.
Result<std::size_t> XmlReader::decode_reference(std::string_view raw, std::string& into) {
  static constexpr std::array<std::pair<std::string_view, char>, 5> entities{
      {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}}};
  constexpr std::size_t longest = 12;  // "&#x0010FFFF;"
  const std::size_t end = raw.substr(0, longest).find(';');
  if (end == std::string_view::npos) return wrong("'&' does not start an entity");
  const std::string_view reference = raw.substr(1, end - 1);
  if (!reference.empty() && reference.front() == '#') {
    const auto scalar = parse_character(reference);
    if (!scalar) return wrong(fmt::format("&{}; is no character", base::strip_controls(reference)));
    append_utf8(*scalar, into);
    return end + 1;
  }
  for (const auto& [entity, character] : entities)
    if (entity == reference) {
      into.push_back(character);
      return end + 1;
    }
  return wrong(fmt::format("entity &{}; is not allowed", base::strip_controls(reference)));
}

Result<void> XmlReader::decode(std::string_view raw, std::string& into) {
  while (!raw.empty()) {
    const std::size_t plain = std::min(raw.find('&'), raw.size());
    into.append(raw.substr(0, plain));
    raw.remove_prefix(plain);
    if (raw.empty()) break;
    AUTODEV_TRY_ASSIGN(const std::size_t used, decode_reference(raw, into));
    raw.remove_prefix(used);
  }
  return {};
}

Result<void> XmlReader::read_attribute() {
  AUTODEV_TRY_ASSIGN(const std::string_view key, read_name());
  if (attribute(key)) return wrong(fmt::format("attribute \"{}\" appears twice", base::repair_utf8(key)));
  if (attributes_.size() >= limits_.max_attributes) return wrong("an element has too many attributes");
  skip_space();
  if (!at("=")) return wrong("expected '=' after an attribute's name");
  ++at_;
  skip_space();
  if (!at("\"") && !at("'")) return wrong("expected a quoted attribute value");
  const char quote = xml_[at_++];
  const std::size_t end = xml_.find(quote, at_);
  if (end == std::string_view::npos) return wrong("an attribute value is not closed");
  const std::string_view raw = xml_.substr(at_, end - at_);
  if (raw.size() > limits_.max_attribute_bytes) return wrong("an attribute value is too long");
  if (raw.find('<') != std::string_view::npos) return wrong("'<' in an attribute value");
  attributes_.emplace_back(key, std::string());
  AUTODEV_TRY(decode(raw, attributes_.back().second));
  at_ = end + 1;
  return {};
}

Result<void> XmlReader::read_attributes() {
  attributes_.clear();
  while (true) {
    const std::size_t before = at_;
    skip_space();
    if (at(">") || at("/>")) return {};
    if (at_ >= xml_.size()) return wrong("the text ends inside a tag");
    if (at_ == before) return wrong("expected white space before an attribute");
    AUTODEV_TRY(read_attribute());
  }
}

Result<XmlReader::Event> XmlReader::read_start() {
  if (open_.empty() && had_root_) return wrong("there is a second root element");
  if (open_.size() >= limits_.max_depth) return wrong("elements are nested too deeply");
  ++at_;
  AUTODEV_TRY_ASSIGN(const std::string_view name, read_name());
  AUTODEV_TRY(read_attributes());
  self_closed_ = at("/>");
  at_ += self_closed_ ? 2 : 1;
  open_.push_back(name);
  had_root_ = true;
  name_ = without_prefix(name);
  return Event::start;
}

Result<XmlReader::Event> XmlReader::read_end() {
  if (!self_closed_) {
    at_ += 2;
    AUTODEV_TRY_ASSIGN(const std::string_view name, read_name());
    skip_space();
    if (!at(">")) return wrong("expected '>' at the end of a closing tag");
    if (open_.empty() || open_.back() != name)
      return wrong(fmt::format("</{}> closes nothing that is open", base::repair_utf8(name)));
    ++at_;
  }
  self_closed_ = false;
  name_ = without_prefix(open_.back());
  open_.pop_back();
  attributes_.clear();
  return Event::end;
}

/// Characters up to the next markup; false when they are white space outside the root.
Result<bool> XmlReader::read_text() {
  const std::size_t end = std::min(xml_.find('<', at_), xml_.size());
  const std::string_view raw = xml_.substr(at_, end - at_);
  if (open_.empty()) {
    if (!std::all_of(raw.begin(), raw.end(), is_space)) return wrong("there is text outside the root element");
    at_ = end;
    return false;
  }
  text_.clear();
  AUTODEV_TRY(decode(raw, text_));
  at_ = end;
  return true;
}

Result<void> XmlReader::read_cdata() {
  if (open_.empty()) return wrong("there is text outside the root element");
  constexpr std::string_view opening = "<![CDATA[";
  constexpr std::string_view closing = "]]>";
  const std::size_t start = at_ + opening.size();
  AUTODEV_TRY(skip_past(closing, "a CDATA section"));
  text_.assign(xml_.substr(start, at_ - closing.size() - start));
  return {};
}

Result<XmlReader::Event> XmlReader::read_end_of_document() {
  if (!open_.empty()) return wrong(fmt::format("<{}> is not closed", base::repair_utf8(open_.back())));
  if (!had_root_) return wrong("there is no element");
  return Event::end_of_document;
}

Result<XmlReader::Event> XmlReader::next() {
  if (!begun_) AUTODEV_TRY(begin());
  if (self_closed_) return read_end();
  while (at_ < xml_.size()) {
    if (xml_[at_] != '<') {
      AUTODEV_TRY_ASSIGN(const bool inside, read_text());
      if (inside) return Event::text;
    } else if (at("<!--")) {
      at_ += 4;
      AUTODEV_TRY(skip_past("-->", "a comment"));
    } else if (at("<![CDATA[")) {
      AUTODEV_TRY(read_cdata());
      return Event::text;
    } else if (at("<!")) {
      return wrong("document types are not allowed");
    } else if (at("<?")) {
      AUTODEV_TRY(skip_past("?>", "a processing instruction"));
    } else {
      return at("</") ? read_end() : read_start();
    }
  }
  return read_end_of_document();
}

}  // namespace autodev::evidence
