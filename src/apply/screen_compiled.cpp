// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One layout of files and one build command per language; dropping what does not compile and running the rest is one
// script for all. A program is number n, its file is m<n>.<suffix>.
#include "apply/screen_compiled.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "apply/code_tokens.h"
#include "apply/precompiled.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

/// Type errors hide behind syntax errors, borrow errors behind type errors, link errors behind all: one round each.
constexpr int build_rounds = 6;

using Numbers = std::vector<std::size_t>;

/// Token behind the bracket that closes the one at `open`, or the end.
std::size_t behind(std::string_view source, const std::vector<CodeToken>& tokens, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < tokens.size(); ++i) {
    const auto t = text_of(source, tokens[i]);
    if (t == "(" || t == "{" || t == "[") ++depth;
    if ((t == ")" || t == "}" || t == "]") && --depth == 0) return i + 1;
  }
  return tokens.size();
}

/// Lines that include headers go to `includes` once; the rest stays, line for line. Names of macros go to `macros`.
std::string without_includes(std::string_view source, std::vector<std::string>& includes,
                             std::vector<std::string>& macros) {
  std::string rest;
  for (const auto line : base::split(source, '\n')) {
    auto trimmed = base::trim(line);
    const bool directive = trimmed.starts_with('#');
    if (directive) trimmed = base::trim(trimmed.substr(1));
    if (directive && trimmed.starts_with("include")) {
      const auto text = "#" + std::string(trimmed);
      if (std::find(includes.begin(), includes.end(), text) == includes.end()) includes.push_back(text);
    } else {
      if (directive && trimmed.starts_with("define")) {
        auto name = base::trim(trimmed.substr(6));
        name = name.substr(0, name.find_first_of(" \t("));
        if (!name.empty()) macros.emplace_back(name);
      }
      rest += line;
    }
    rest += '\n';
  }
  return rest;
}

/// Every bracket is closed in order. What is not would break the text of others and cannot compile alone.
bool balanced(std::string_view source, Language language) {
  std::string open;
  for (const auto& token : tokens_of(source, language)) {
    if (token.kind != CodeTokenKind::punctuation) continue;
    const char c = source[token.start];
    if (c == '(' || c == '[' || c == '{') open.push_back(c);
    if (c != ')' && c != ']' && c != '}') continue;
    if (open.empty() || open.back() != (c == ')' ? '(' : c == ']' ? '[' : '{')) return false;
    open.pop_back();
  }
  return open.empty();
}

/// How many programs are tried in any case where compiling dominates. A C++ program that sorts costs 75 ms to compile, and what stands
/// later in the order of trial seldom wins.
std::size_t first_group(Language language, std::size_t programs) {
  return language == Language::cpp ? std::min<std::size_t>(programs, 16) : programs;
}

/// The script around `build`, which gets the numbers in $kept and leaves what it has to say in err. `blame` is a sed
/// expression that turns a message into the number of the program it blames. `start` runs program $n.
std::string script_of(const Numbers& whole, std::size_t programs, std::size_t first, const std::string& prepare, const std::string& build,
                      const std::string& blame, const std::string& start, double each_s, double total_s) {
  const auto split = std::find_if(whole.begin(), whole.end(), [first](std::size_t n) { return n >= first; });
  std::string groups = fmt::format("group 0 {} '{}'\n", first - 1, fmt::join(whole.begin(), split, " "));
  if (first < programs)
    groups += fmt::format("[ -s passed ] || [ $(wc -c <tried) -ne {} ] || group {} {} '{}'\n", first, first, programs - 1,
                          fmt::join(split, whole.end(), " "));
  return fmt::format(R"sh({prepare}
: >passed; : >tried
group() {{
  from=$1; to=$2; kept=$3; round=0; built=
  while [ -n "$kept" ]; do
    {build} && built=1 && break
    bad=$(sed -nE '{blame}' err | sort -un | tr '\n' ' ')
    round=$((round + 1))
    [ -n "$bad" ] && [ $round -lt {rounds} ] || break
    next=
    for n in $kept; do case " $bad" in *" $n "*) ;; *) next="$next $n" ;; esac; done
    kept=$next
  done
  [ -n "$built" ] || kept=
  export kept from to
  timeout -s KILL {total:.3f} sh -c '
all=" $(echo $kept) "
for n in $(seq $from $to); do
  case "$all" in *" $n "*) ;; *) printf 0; printf 0 >>tried; continue ;; esac
  mkdir -p run/$n && cd run/$n || exit 1
  if timeout -s KILL {each:.3f} {start} </dev/null >/dev/null 2>&1; then a=1; else a=0; fi
  cd ../..
  printf $a; printf $a >>tried; [ $a = 0 ] || echo $n >>passed
done'
}}
printf answers:
{groups})sh",
                     fmt::arg("prepare", prepare), fmt::arg("groups", groups), fmt::arg("build", build), fmt::arg("blame", blame),
                     fmt::arg("rounds", build_rounds), fmt::arg("start", start), fmt::arg("each", each_s),
                     fmt::arg("total", total_s));
}

/// What all sources include, precompiled where that is at hand: text in front of them, and an option for the compiler.
std::pair<std::string, std::string> shared_headers(const std::vector<std::string>& includes, const PreparedHeader& prepared) {
  std::string all;
  for (const auto& include : includes) all += include + "\n";
  const auto block = leading_headers(all);
  if (!prepared || !base::trim(block.rest).empty()) return {all, ""};
  const auto header = prepared(block.headers);
  return header.empty() ? std::pair<std::string, std::string>{all, ""} : std::pair<std::string, std::string>{"", " -include '" + header + "'"};
}

CompiledBatch cpp_batch(const std::vector<std::string>& programs, const Numbers& whole, double each_s, double total_s,
                        const PreparedHeader& prepared) {
  CompiledBatch batch;
  std::vector<std::string> includes;
  std::string body;
  std::string table;
  for (const auto n : whole) {
    std::vector<std::string> macros;
    batch.files[fmt::format("m{}.inc", n)] =
        with_explicit_return(without_includes(programs[n], includes, macros), Language::cpp);
    body += fmt::format("#ifdef KEEP_{0}\nnamespace m{0} {{\n#include \"m{0}.inc\"\n}}\n", n);
    for (const auto& macro : macros) body += fmt::format("#undef {}\n", macro);
    body += "#endif\n";
    table += fmt::format("#ifdef KEEP_{0}\n    case {0}: return autodev_call(&m{0}::main);\n#endif\n", n);
  }
  const auto [headers, option] = shared_headers(includes, prepared);
  batch.files["all.cpp"] = headers + body +
                           "static int autodev_call(int (*entry)()) { return entry(); }\n"
                           "static int autodev_call(int (*entry)(int, char**)) { static char name[] = \"main\"; static "
                           "char* one[] = {name, 0};"
                           " return entry(1, one); }\n"
                           "static int autodev_number(const char* digits) { int n = 0; for (; *digits; ++digits) n = 10 * n + (*digits - '0'); "
                           "return n; }\n"
                           "int main(int, char** arguments) {\n  switch (autodev_number(arguments[1])) {\n" +
                           table + "    default: return 1;\n  }\n}\n";
  batch.script = script_of(
      whole, programs.size(), first_group(Language::cpp, programs.size()), "",
      "g++" + option + " -std=c++17 -O0 -w $(printf ' -DKEEP_%s' $kept) all.cpp -o all 2>err",
      R"(s/^m([0-9]+)\.inc:[0-9]+:[0-9]+: +(fatal error|error|required from|note: to match).*/\1/p; s/^.*undefined reference to .m([0-9]+)::.*/\1/p)",
      "../../all $n", each_s, total_s);
  return batch;
}

CompiledBatch c_batch(const std::vector<std::string>& programs, const Numbers& whole, double each_s, double total_s) {
  CompiledBatch batch;
  std::string table;
  for (const auto n : whole) {
    batch.files[fmt::format("m{}.c", n)] =
        fmt::format("#define main autodev_main_{}\n", n) + with_explicit_return(programs[n], Language::c);
    table += fmt::format("#ifdef KEEP_{0}\n    case {0}: return autodev_main_{0}(1, one);\n#endif\n", n);
  }
  batch.files["all.c"] =
      "int atoi(const char*);\nint main(int count, char** arguments) {\n  char* one[] = {\"main\", 0};\n"
      "  switch (atoi(arguments[1])) {\n" +
      table + "    default: return 1;\n  }\n}\n";
  const auto prepare =
      fmt::format(R"sh(echo {} | tr ' ' '\n' | xargs -P2 -I@ sh -c 'gcc -std=c99 -O0 -w -c m@.c -o m@.o 2>/dev/null &&
  objcopy --keep-global-symbol=autodev_main_@ m@.o && nm m@.o | grep -q " T autodev_main_@$" || rm -f m@.o')sh",
                  fmt::join(whole, " "));
  batch.script = script_of(
      whole, programs.size(), programs.size(), prepare,
      "{ : >err; for n in $kept; do [ -f m$n.o ] || echo \"missing m$n\" >>err; done; [ ! -s err ]; } && "
      "gcc -std=gnu89 -O0 -w $(printf ' -DKEEP_%s' $kept) all.c $(printf ' m%s.o' $kept) -o all -lm 2>err",
      R"(s/^missing m([0-9]+)$/\1/p; s/^.*\(?m([0-9]+)\.[co].*undefined reference.*/\1/p; s/^.*m([0-9]+)\.o: in function.*/\1/p)",
      "../../all $n", each_s, total_s);
  return batch;
}

CompiledBatch rust_batch(const std::vector<std::string>& programs, const Numbers& whole, double each_s,
                         double total_s) {
  CompiledBatch batch;
  std::string modules;
  std::string table;
  for (const auto n : whole) {
    batch.files[fmt::format("m{}.rs", n)] =
        programs[n] +
        "\npub fn autodev_main() -> std::process::ExitCode { std::process::Termination::report(main()) }\n";
    modules += fmt::format("#[cfg(keep_{0})] #[path = \"m{0}.rs\"] mod m{0};\n", n);
    table += fmt::format("    #[cfg(keep_{0})] \"{0}\" => m{0}::autodev_main(),\n", n);
  }
  batch.files["all.rs"] =
      modules +
      "fn main() -> std::process::ExitCode {\n  let which = std::env::args().nth(1).unwrap_or_default();\n"
      "  match which.as_str() {\n" +
      table + "    _ => std::process::ExitCode::FAILURE,\n  }\n}\n";
  batch.script = script_of(whole, programs.size(), programs.size(), "",
                           "rustc --edition 2021 -A warnings $(printf ' --cfg keep_%s' $kept) all.rs -o all 2>err",
                           R"(s/^ *--> m([0-9]+)\.rs:.*/\1/p)", "../../all $n", each_s, total_s);
  return batch;
}

/// A Go source as package m<n>.
std::string as_package(std::string_view source, std::size_t n) {
  const auto tokens = tokens_of(source, Language::go);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i)
    if (text_of(source, tokens[i]) == "package") {
      std::string out(source.substr(0, tokens[i + 1].start));
      out += fmt::format("m{}", n);
      out += source.substr(tokens[i + 1].end);
      return out;
    }
  return std::string(source);
}

CompiledBatch go_batch(const std::vector<std::string>& programs, const Numbers& whole, double each_s, double total_s) {
  CompiledBatch batch;
  for (const auto n : whole) {
    batch.files[fmt::format("src/m{}/main.go", n)] = as_package(programs[n], n);
    batch.files[fmt::format("src/m{}/entry.go", n)] =
        fmt::format("package m{}\n\nfunc AutodevMain() {{ main() }}\n", n);
  }
  // The cache of compiled packages is shown read-only; links to its files make one that can be added to, so that what
  // compiled once is not compiled again when others are left out.
  const std::string prepare =
      "mkdir -p cache src/autodev_all && { [ ! -d \"$GOCACHE\" ] || cp -rs \"$GOCACHE/.\" cache/ 2>/dev/null; }\n"
      "export GOCACHE=$PWD/cache GOPATH=$PWD GO111MODULE=off\n"
      "list() { echo 'package main'; echo 'import \"os\"'; for n in $kept; do echo \"import \\\"m$n\\\"\"; done;\n"
      "  echo 'func main() {'; for n in $kept; do echo \"if os.Args[1] == \\\"$n\\\" { m$n.AutodevMain(); return }\"; "
      "done;\n"
      "  echo 'os.Exit(1) }'; }";
  batch.script = script_of(
      whole, programs.size(), programs.size(), prepare, "list >src/autodev_all/main.go && go build -o autodev autodev_all >err 2>&1",
      R"(s/^.*src\/m([0-9]+)\/.*/\1/p; s/^# m([0-9]+)$/\1/p)", "../../autodev $n", each_s, total_s);
  return batch;
}

}  // namespace

std::string with_explicit_return(std::string_view source, Language language) {
  const auto tokens = tokens_of(source, language);
  int depth = 0;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const auto t = text_of(source, tokens[i]);
    if (t == "{") ++depth;
    if (t == "}") --depth;
    if (depth != 0 || t != "main" || text_of(source, tokens[i + 1]) != "(") continue;
    const auto open = behind(source, tokens, i + 1);
    if (open >= tokens.size() || text_of(source, tokens[open]) != "{") continue;
    const auto close = behind(source, tokens, open);
    if (close == 0 || text_of(source, tokens[close - 1]) != "}") break;
    std::string out(source.substr(0, tokens[close - 1].start));
    out += " return 0; ";
    out += source.substr(tokens[close - 1].start);
    return out;
  }
  return std::string(source);
}

bool can_batch(Language language) noexcept {
  return language == Language::c || language == Language::cpp || language == Language::go || language == Language::rust;
}

CompiledBatch compiled_batch(Language language, const std::vector<std::string>& programs, double each_s,
                             double total_s, const PreparedHeader& prepared) {
  Numbers whole;
  for (std::size_t n = 0; n < programs.size(); ++n)
    if (balanced(programs[n], language)) whole.push_back(n);
  if (whole.empty()) return {};
  switch (language) {
    case Language::c:
      return c_batch(programs, whole, each_s, total_s);
    case Language::cpp:
      return cpp_batch(programs, whole, each_s, total_s, prepared);
    case Language::rust:
      return rust_batch(programs, whole, each_s, total_s);
    case Language::go:
      return go_batch(programs, whole, each_s, total_s);
    default:
      return {};
  }
}

}  // namespace autodev::apply
