// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Abbreviations: short forms that code uses for words people ask with ("str" for string, "dir" for directory).
//
// Both sides are brought to the long form before stemming, so "create dir" meets create_directory. The table is written
// by hand from naming habits common to many languages; a short form is listed only when its other meanings are rare
// in code. "folder" is listed too: it is never anything but a directory. Effect on the CoSQA development set:
// +1.1 NDCG@10, lexical.
#include <algorithm>
#include <iterator>

#include "index/letter_ranges.h"
#include "index/words.h"

namespace autodev::index {
namespace {

struct Abbreviation {
  std::string_view brief, full;
};

/// Sorted by the short form.
constexpr Abbreviation abbreviations[] = {
    {"addr", "address"},
    {"alloc", "allocate"},
    {"arg", "argument"},
    {"args", "arguments"},
    {"async", "asynchronous"},
    {"attr", "attribute"},
    {"attrs", "attributes"},
    {"auth", "authentication"},
    {"avg", "average"},
    {"bg", "background"},
    {"bool", "boolean"},
    {"btn", "button"},
    {"buf", "buffer"},
    {"calc", "calculate"},
    {"cb", "callback"},
    {"cfg", "configuration"},
    {"char", "character"},
    {"chars", "characters"},
    {"cmd", "command"},
    {"cmds", "commands"},
    {"cnt", "count"},
    {"col", "column"},
    {"cols", "columns"},
    {"concat", "concatenate"},
    {"conf", "configuration"},
    {"config", "configuration"},
    {"configs", "configurations"},
    {"conn", "connection"},
    {"coord", "coordinate"},
    {"coords", "coordinates"},
    {"ctx", "context"},
    {"cur", "current"},
    {"db", "database"},
    {"del", "delete"},
    {"desc", "description"},
    {"dest", "destination"},
    {"df", "dataframe"},
    {"dict", "dictionary"},
    {"dir", "directory"},
    {"dirs", "directories"},
    {"doc", "document"},
    {"docs", "documents"},
    {"dst", "destination"},
    {"elem", "element"},
    {"elems", "elements"},
    {"env", "environment"},
    {"err", "error"},
    {"errs", "errors"},
    {"evt", "event"},
    {"exec", "execute"},
    {"fmt", "format"},
    {"fn", "function"},
    {"fname", "filename"},
    {"folder", "directory"},
    {"folders", "directories"},
    {"freq", "frequency"},
    {"func", "function"},
    {"funcs", "functions"},
    {"golang", "go"},
    {"hdr", "header"},
    {"idx", "index"},
    {"img", "image"},
    {"imgs", "images"},
    {"info", "information"},
    {"init", "initialize"},
    {"int", "integer"},
    {"iter", "iterate"},
    {"js", "javascript"},
    {"lang", "language"},
    {"len", "length"},
    {"lib", "library"},
    {"max", "maximum"},
    {"mgr", "manager"},
    {"min", "minimum"},
    {"msg", "message"},
    {"msgs", "messages"},
    {"nav", "navigation"},
    {"notif", "notification"},
    {"np", "numpy"},
    {"num", "number"},
    {"nums", "numbers"},
    {"obj", "object"},
    {"objs", "objects"},
    {"opt", "option"},
    {"opts", "options"},
    {"param", "parameter"},
    {"params", "parameters"},
    {"passwd", "password"},
    {"pd", "pandas"},
    {"pic", "picture"},
    {"pkg", "package"},
    {"prev", "previous"},
    {"proc", "process"},
    {"prop", "property"},
    {"props", "properties"},
    {"ptr", "pointer"},
    {"pwd", "password"},
    {"py", "python"},
    {"qty", "quantity"},
    {"rand", "random"},
    {"rect", "rectangle"},
    {"ref", "reference"},
    {"refs", "references"},
    {"regexp", "regex"},
    {"repo", "repository"},
    {"req", "request"},
    {"resp", "response"},
    {"sep", "separator"},
    {"seq", "sequence"},
    {"spec", "specification"},
    {"src", "source"},
    {"stdev", "deviation"},
    {"str", "string"},
    {"svc", "service"},
    {"sync", "synchronize"},
    {"tbl", "table"},
    {"temp", "temporary"},
    {"tmp", "temporary"},
    {"ts", "typescript"},
    {"txt", "text"},
    {"usr", "user"},
    {"util", "utility"},
    {"utils", "utility"},
    {"val", "value"},
    {"vals", "values"},
    {"var", "variable"},
    {"vars", "variables"},
    {"vec", "vector"},
    {"xform", "transform"},
};

constexpr std::string_view brief_of(const Abbreviation& entry) noexcept {
  return entry.brief;
}
constexpr auto starts = letter_ranges(abbreviations, brief_of);
static_assert(std::is_sorted(std::begin(abbreviations), std::end(abbreviations),
                             [](const Abbreviation& a, const Abbreviation& b) { return a.brief < b.brief; }));

}  // namespace

std::string_view spelled_out(std::string_view word) noexcept {
  const Abbreviation* const found = find_by_letter(abbreviations, starts, word, brief_of);
  return found != nullptr ? found->full : word;
}

}  // namespace autodev::index
