// SPDX-License-Identifier: MIT OR Apache-2.0
//
// How deep the header of a function stands is read off where its text does not say it: from the closing bracket, or in
// Python from the first line of the body, which is one step deeper.
#include "apply/indentation.h"

#include <algorithm>
#include <map>
#include <vector>

#include "apply/code_tokens.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

struct Line {
  std::string_view text;  ///< without its end
  bool blank = false;
  bool inside = false;     ///< begins inside of a text that is a value
  bool continued = false;  ///< begins inside of brackets
};

std::string_view lead_of(std::string_view line) {
  return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
}

/// A text that is a statement of its own says something to people; its lines move with the code.
bool stands_alone(std::string_view code, const CodeToken& token, Language language) {
  if (language != Language::python) return false;
  const auto line = code.rfind('\n', token.start);
  const auto before = code.substr(line == std::string_view::npos ? 0 : line + 1,
                                  token.start - (line == std::string_view::npos ? 0 : line + 1));
  const auto end = std::min(code.find('\n', token.end), code.size());
  return base::trim(before).empty() && base::trim(code.substr(token.end, end - token.end)).empty();
}

std::vector<Line> lines_of(std::string_view code, Language language) {
  std::vector<Line> lines;
  for (const auto text : base::split_lines(code)) lines.push_back({text, base::trim(text).empty(), false, false});
  auto line_at = [&, at = std::size_t{0}, number = std::size_t{0}](std::size_t place) mutable {
    for (; at < place; ++at) number += code[at] == '\n' ? 1u : 0u;
    return number;
  };
  int depth = 0;
  std::size_t last = 0;
  for (const auto& token : tokens_of(code, language)) {
    const auto first = line_at(token.start);
    const bool value = token.kind == CodeTokenKind::string && !(depth == 0 && stands_alone(code, token, language));
    for (; last < first; ++last) lines[last + 1].continued = depth > 0;
    const auto end = line_at(token.end);
    for (; last < end && last + 1 < lines.size(); ++last) lines[last + 1].inside = value;
    if (token.kind != CodeTokenKind::punctuation) continue;
    const char sign = code[token.start];
    const bool braces = language != Language::python;  // where braces make blocks they indent
    if (sign == '(' || sign == '[' || (sign == '{' && !braces)) ++depth;
    if ((sign == ')' || sign == ']' || (sign == '}' && !braces)) && depth > 0) --depth;
  }
  return lines;
}

/// `public:` and its like stand between two steps.
bool is_label(std::string_view line) {
  const auto said = base::trim(line);
  return said == "public:" || said == "private:" || said == "protected:";
}

void count_steps(const std::vector<Line>& lines, std::map<std::string_view, std::size_t>& steps) {
  std::string_view before;
  bool any = false;
  for (const Line& line : lines) {
    if (line.blank || line.inside || line.continued || is_label(line.text)) continue;
    const auto lead = lead_of(line.text);
    if (any && lead.size() > before.size() && lead.starts_with(before)) ++steps[lead.substr(before.size())];
    before = lead;
    any = true;
  }
}

std::string commonest(const std::map<std::string_view, std::size_t>& steps) {
  std::string best;
  std::size_t most = 0;
  for (const auto& [step, count] : steps) {
    if (count < most || (count == most && step.size() >= best.size())) continue;
    best = step;
    most = count;
  }
  return best;
}

/// Where the code comes from: how deep its header stood, and by what it indents.
struct Layout {
  std::string_view margin;
  std::string step;
};

/// The first line of a Python body behind the header in `lines`, or the header itself behind its decorators.
const Line* telling_line(const std::vector<Line>& lines) {
  const bool decorated = lines.front().text.starts_with('@');
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto said = base::trim(lines[i].text);
    if (lines[i].blank || lines[i].inside || lines[i].continued || said.starts_with(')')) continue;
    if (!decorated || said.starts_with("def ") || said.starts_with("async ")) return &lines[i];
  }
  return nullptr;
}

Layout layout_of(std::vector<Line> lines, Language language) {
  Layout layout{lead_of(lines.front().text), {}};
  const bool whole = !layout.margin.empty();  // the first line has kept its indentation
  const auto last = lines.back().inside ? std::string_view() : base::trim(lines.back().text);
  std::map<std::string_view, std::size_t> steps;
  if (language == Language::python && !whole) {
    const Line* telling = telling_line(lines);
    if (telling == nullptr) return layout;
    count_steps({lines.begin() + 1, lines.end()}, steps);
    layout.step = commonest(steps);
    const auto lead = lead_of(telling->text);
    for (const Line* line = lines.data() + 1; line != telling;
         ++line)  // a header of several lines closes where it opened
      if (const auto close = lead_of(line->text);
          base::trim(line->text).starts_with(')') && close.size() < lead.size() && lead.starts_with(close))
        return {close, std::string(lead.substr(close.size()))};
    if (lines.front().text.starts_with('@'))
      layout.margin = lead;
    else if (layout.step.empty())
      layout.step = lead;
    else if (lead.size() > layout.step.size() && lead.ends_with(layout.step))
      layout.margin = lead.substr(0, lead.size() - layout.step.size());
    return layout;
  }
  if (!whole && (last.starts_with('}') || last == "end")) layout.margin = lead_of(lines.back().text);
  lines.erase(lines.begin());
  lines.insert(lines.begin(), Line{layout.margin, false, false, false});  // the header where it stood
  count_steps(lines, steps);
  layout.step = commonest(steps);
  return layout;
}

}  // namespace

std::string indentation_step(std::string_view text) {
  std::vector<Line> lines;
  for (const auto line : base::split_lines(text)) lines.push_back({line, base::trim(line).empty(), false, false});
  std::map<std::string_view, std::size_t> steps;
  count_steps(lines, steps);
  return commonest(steps);
}

std::string indented_as(std::string_view code, Language language, std::string_view margin, std::string_view step) {
  auto lines = lines_of(code, language);
  while (!lines.empty() && lines.front().blank) lines.erase(lines.begin());
  while (!lines.empty() && lines.back().blank) lines.pop_back();
  if (lines.empty()) return {};
  const Layout own = layout_of(lines, language);
  const std::string_view wanted = step.empty() ? std::string_view(own.step) : step;
  std::string result;
  for (const Line& line : lines) {
    if (line.inside) {
      result.append(line.text).append("\n");
      continue;
    }
    if (!line.blank) {
      auto lead = lead_of(line.text);
      const auto said = line.text.substr(lead.size());
      lead = lead.starts_with(own.margin) ? lead.substr(own.margin.size()) : std::string_view();
      result += margin;
      for (; !own.step.empty() && lead.starts_with(own.step); lead.remove_prefix(own.step.size())) result += wanted;
      result.append(lead).append(said);
    }
    result += '\n';
  }
  return result;
}

}  // namespace autodev::apply
