// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The driver that runs inside the sandbox, its ingredients, and the reading of what it found.
#include "apply/enumerate.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "apply/anchors.h"
#include "apply/code_tokens.h"
#include "apply/header.h"
#include "apply/typed_expressions.h"
#include "base/json.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

constexpr double enumeration_s = 1.5;
constexpr std::size_t max_constants = 10;
constexpr std::size_t max_operations = 24;

/// Values of all examples are one tuple; `bank[n]` holds the expressions of size n with values that no smaller one has.
/// Results that are long or large are dropped: they cost time, and what is built of them is no small answer.
constexpr const char* driver = R"py(
import copy, json, time, operator
with open("batch.json", encoding="utf-8") as f:
    batch = json.load(f)
calls, wanted = [], {}
class Probe:
    def __init__(self, number): self.number = number
    def __eq__(self, other):
        wanted.setdefault(self.number, copy.deepcopy(other))
        return True
    __hash__ = None
def recorder(*args, **kwargs):
    calls.append(copy.deepcopy((args, kwargs)))
    return Probe(len(calls) - 1)
space = {"__name__": "__main__"}
try:
    exec(compile(batch["context"], "context", "exec"), space)
    space[batch["entry"]] = recorder
    exec(compile(batch["tests"], "tests", "exec"), space)
except BaseException:
    pass
names = batch["parameters"]
inputs, results = [], []
for number, (args, kwargs) in enumerate(calls):
    bound = dict(zip(names, args))
    bound.update(kwargs)
    if number in wanted and set(bound) == set(names):
        inputs.append(bound)
        results.append(wanted[number])
unary = {"len": len, "sum": sum, "max": max, "min": min, "abs": abs, "sorted": sorted, "list": list, "set": set, "tuple": tuple,
         "str": str, "int": int, "float": float, "round": round, "bool": bool, "reversed": None}
binary = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv, "%": operator.mod,
          "**": operator.pow, "==": operator.eq, "<": operator.lt, ">": operator.gt, "&": operator.and_, "|": operator.or_, "^": operator.xor}
def small(v, depth=0):
    if isinstance(v, (int, float, complex)): return abs(v) < 10 ** 12
    if isinstance(v, (str, bytes, list, tuple, set, dict)): return len(v) <= 200
    return v is None
def same(a, b): return type(a) is type(b) and a == b
end = time.process_time() + batch["total_s"]
seen, bank, found = set(), {}, []
def offer(size, text, values):
    try:
        if not all(small(v) for v in values): return
        key = repr(values)
    except Exception:
        return
    if key in seen: return
    seen.add(key)
    bank.setdefault(size, []).append((text, values))
    if size > 1 and all(same(v, r) for v, r in zip(values, results)): found.append(text)
def tried(size, text, function, *columns):
    try:
        values = tuple(function(*row) for row in zip(*columns))
    except Exception:
        return
    offer(size, text, values)
def main():
    for name in names: offer(1, name, tuple(i[name] for i in inputs))
    for constant in batch["constants"]:
        try: offer(1, constant, tuple(eval(constant, {}) for _ in inputs))
        except Exception: pass
    for size in range(2, 8):
        for operation in batch["operations"]:
            if time.process_time() > end or len(found) >= batch["limit"] or len(seen) > 60000: return
            if operation in unary and unary[operation]:
                for text, values in bank.get(size - 1, []):
                    tried(size, "%s(%s)" % (operation, text), unary[operation], values)
            elif operation.startswith("."):
                method = operation[1:]
                for text, values in bank.get(size - 1, []):
                    tried(size, "%s.%s()" % (text, method), lambda v: getattr(copy.deepcopy(v), method)(), values)
            elif operation == "[]":
                for text, values in bank.get(size - 1, []):
                    for index, function in (("[0]", lambda v: v[0]), ("[-1]", lambda v: v[-1]), ("[::-1]", lambda v: v[::-1]), ("[1:]", lambda v: v[1:]), ("[:-1]", lambda v: v[:-1])):
                        tried(size, text + index, function, values)
            elif operation in binary:
                for left_size in range(1, size - 1):
                    for left, a in bank.get(left_size, []):
                        if time.process_time() > end: return
                        for right, b in bank.get(size - 1 - left_size, []):
                            if operation == "**" and any(isinstance(v, (int, float)) and abs(v) > 6 for v in b): continue
                            if operation == "*" and any(isinstance(v, int) and v > 1000 for v in a + b) and any(hasattr(v, "__len__") for v in a + b): continue
                            tried(size, "(%s %s %s)" % (left, operation, right), binary[operation], a, b)
if inputs and names: main()
print("found:" + json.dumps(found[:batch["limit"]]), flush=True)
)py";

/// Operations that the solutions use, the commonest first, and numbers and short texts beside those of the
/// specification.
void ingredients(const std::vector<std::string>& solutions, std::string_view spec, std::vector<std::string>& operations,
                 std::vector<std::string>& constants) {
  std::map<std::string, std::size_t> counts, literals;
  for (const auto& code : solutions) {
    std::set<std::string> here;
    const auto tokens = tokens_of(code, Language::python);
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
      const auto text = std::string(text_of(code, tokens[i]));
      const auto next = text_of(code, tokens[i + 1]);
      const bool adjacent = tokens[i].end == tokens[i + 1].start;
      if (tokens[i].kind == CodeTokenKind::identifier && next == "(")
        here.insert(i > 0 && text_of(code, tokens[i - 1]) == "." ? "." + text : text);
      else if (tokens[i].kind == CodeTokenKind::punctuation)
        here.insert(adjacent && (next == text || next == "=") ? text + std::string(next) : text == "[" ? "[]" : text);
      else if (tokens[i].kind == CodeTokenKind::number)
        ++literals[text];
    }
    for (const auto& operation : here) ++counts[operation];
  }
  for (const char* always : {"+", "-", "*", "//", "%", "[]", "len"}) counts[always] += 1;
  std::vector<std::pair<std::size_t, std::string>> ordered;
  for (const auto& [operation, count] : counts) ordered.emplace_back(count, operation);
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [count, operation] : ordered)
    if (operations.size() < max_operations) operations.push_back(operation);
  const auto constant = [&](const std::string& text) {
    if (constants.size() < max_constants && std::find(constants.begin(), constants.end(), text) == constants.end())
      constants.push_back(text);
  };
  for (const auto& anchor : anchors_of(spec))
    if (anchor[0] >= '0' && anchor[0] <= '9') constant(anchor);
  for (const char* always : {"2", "1"}) constant(always);
  for (const auto& [text, count] : literals)
    if (count >= 3) constant(text);
}

/// The body of `header` that returns `expression`.
std::string returning(const std::string& header, const std::string& expression, Language language) {
  if (language == Language::python) return fmt::format("{}\n    return {}\n", header, expression);
  const bool arrow = header.ends_with("=>");
  if (arrow) return fmt::format("{} {};\n", header, expression);
  if (language == Language::rust) return fmt::format("{}{{\n    {}\n}}\n", header, expression);
  if (language == Language::go) return fmt::format("{}{{\n\treturn {}\n}}\n", header, expression);
  return fmt::format("{}{{\n    return {};\n}}\n", header, expression);
}

/// "(a + b)" is "a + b"; "(a) + (b)" stays.
std::string without_outer_brackets(std::string text) {
  if (!text.starts_with('(') || !text.ends_with(')')) return text;
  int depth = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (depth == 0) return text;
  }
  return text.substr(1, text.size() - 2);
}

/// Languages whose operations are known here: found without running anything.
std::vector<std::string> typed_bodies(const VisibleTask& task, const SignatureShape& shape, std::size_t limit) {
  std::vector<std::string> codes;
  ExpressionTask search{task.language, shape, examples_of(task.tests, task.language, shape.entry), {}};
  for (const auto& anchor : anchors_of(task.spec))
    if (anchor[0] >= '0' && anchor[0] <= '9' && anchor.size() < 10 && search.numbers.size() < max_constants) search.numbers.push_back(anchor);
  for (const char* always : {"1", "2"}) search.numbers.emplace_back(always);
  auto header = header_from(task.signature, task.language, base::trim(task.signature).ends_with("=>"));
  if (!header) return codes;
  for (auto& expression : find_expressions(search, limit).found)
    codes.push_back(returning(*header, without_outer_brackets(std::move(expression)), task.language));
  return codes;
}

}  // namespace

Result<std::vector<std::string>> enumerate_expressions(Sandbox& sandbox, const VisibleTask& task,
                                                       const SignatureShape& shape,
                                                       const std::vector<std::string>& solutions, std::size_t limit) {
  std::vector<std::string> codes;
  if (task.tests.empty() || !shape.complete || shape.parameters.empty()) return codes;
  if (has_expressions(task.language)) return typed_bodies(task, shape, limit);
  if (task.language != Language::python) return codes;
  base::Json names = base::Json::array();
  for (const auto& p : shape.parameters) {
    if (p.variadic) return codes;
    names.push_back(p.name);
  }
  const auto header = header_from(task.signature, task.language, false);
  if (!header) return codes;
  std::vector<std::string> operations, constants;
  ingredients(solutions, task.spec, operations, constants);
  const base::Json batch{{"context", task.context}, {"tests", task.tests},      {"entry", shape.entry},
                         {"parameters", names},     {"operations", operations}, {"constants", constants},
                         {"limit", limit},          {"total_s", enumeration_s}};
  SandboxLimits limits;
  limits.wall = std::chrono::milliseconds(static_cast<std::int64_t>(1000 * (4 * enumeration_s + 4)));  // a busy machine
  AUTODEV_TRY_ASSIGN(const SandboxRun run,
                     sandbox.run_script(task.language, {{"batch.json", base::dump_json(batch)}}, driver, limits));
  constexpr std::string_view mark = "found:";
  const auto at = run.output.rfind(mark);
  if (at == std::string::npos) return codes;  // what the tests printed, or nothing: no answer
  const auto line = std::string_view(run.output).substr(at + mark.size());
  const auto found = base::parse_json(base::trim(line.substr(0, line.find('\n'))), "expressions", {1u << 16, 2});
  if (!found || !found->is_array()) return codes;
  for (const auto& expression : *found) {
    if (!expression.is_string() || codes.size() == limit) continue;
    auto text = expression.get<std::string>();
    if (text.find('\n') != std::string::npos) continue;
    codes.push_back(returning(*header, without_outer_brackets(std::move(text)), task.language));
  }
  return codes;
}

}  // namespace autodev::apply
