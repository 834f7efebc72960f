// SPDX-License-Identifier: MIT OR Apache-2.0
//
// XmlReader: a small, strict pull parser for reports written by other programs.
//
// It knows elements, attributes, text, CDATA, comments and processing instructions, the five predefined
// entities and character references; nothing else. Document types are refused, so there is nothing to expand
// and nothing to fetch. Input is UTF-8. Depth, attributes and sizes are capped; work is linear in the input.
// One deviation from XML 1.0 is on purpose: control characters other than NUL pass, because test output holds
// them and writers forget to remove them.
//
//   XmlReader reader(text, "report.xml");
//   while (true) {
//     AUTODEV_TRY_ASSIGN(const XmlReader::Event event, reader.next());
//     if (event == XmlReader::Event::end_of_document) break;
//     if (event == XmlReader::Event::start) use(reader.name(), reader.attribute("name"));
//   }
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "autodev/error.h"

namespace autodev::evidence {

struct XmlLimits {
  std::size_t max_bytes = std::size_t{64} << 20;
  std::size_t max_depth = 64;
  std::size_t max_attributes = 64;
  std::size_t max_name_bytes = 256;
  std::size_t max_attribute_bytes = std::size_t{1} << 20;  ///< pytest puts whole assertion diffs into one
};

class XmlReader {
 public:
  enum class Event : std::uint8_t { start, end, text, end_of_document };

  /// `xml` must outlive the reader; `what` names it in errors.
  XmlReader(std::string_view xml, std::string_view what, const XmlLimits& limits = {});

  /// The next event. Errors are `bad_data` and name line and column; after one the reader is used up.
  [[nodiscard]] Result<Event> next();

  /// Of a start or end: the element's name without its namespace prefix.
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  /// Of a start: an attribute's decoded value. Namespace prefixes are part of attribute names.
  [[nodiscard]] std::optional<std::string_view> attribute(std::string_view name) const noexcept;
  /// Of a text: the decoded characters. One stretch of text may come in several events.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// Number of open elements, the one just started included and the one just ended excluded.
  [[nodiscard]] std::size_t depth() const noexcept { return open_.size(); }

 private:
  [[nodiscard]] tl::unexpected<Error> wrong(std::string_view problem) const;
  [[nodiscard]] bool at(std::string_view text) const noexcept { return xml_.substr(at_, text.size()) == text; }
  Result<void> begin();
  Result<void> skip_past(std::string_view terminator, std::string_view what);
  void skip_space() noexcept;
  Result<std::string_view> read_name();
  Result<void> read_attributes();
  Result<void> read_attribute();
  Result<Event> read_start();
  Result<Event> read_end();
  Result<bool> read_text();
  Result<void> read_cdata();
  Result<Event> read_end_of_document();
  Result<void> decode(std::string_view raw, std::string& into);
  Result<std::size_t> decode_reference(std::string_view raw, std::string& into);

  std::string_view xml_;
  std::string what_;
  XmlLimits limits_;
  std::size_t at_ = 0;
  bool begun_ = false;
  bool had_root_ = false;
  bool self_closed_ = false;  ///< the last start was <a/>: its end comes next
  std::string_view name_;
  std::string text_;
  std::vector<std::string_view> open_;
  std::vector<std::pair<std::string_view, std::string>> attributes_;
};

}  // namespace autodev::evidence
