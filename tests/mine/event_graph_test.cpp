// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Event graphs and object traces, from real source text in every language that is supported.
#include "mine/event_graph.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "mine/object_traces.h"
#include "mine/real_code.h"

namespace autodev::mine {
namespace {

/// "type: step step" of every trace, in order.
std::vector<std::string> traces_of(std::string_view source, std::string_view path) {
  const auto units = test::functions_of(source, path);
  std::vector<std::string> lines;
  if (units.empty()) return lines;
  for (const ObjectTrace& trace : object_traces(event_graph(test::tree_of(units[0])))) lines.push_back(trace.type + ": " + base::join(step_names(trace), " "));
  return lines;
}

bool has(const std::vector<std::string>& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

#define EXPECT_TRACE(lines, line) EXPECT_TRUE(has(lines, line)) << "traces:\n" << base::join(lines, "\n")

TEST(ObjectTraces, FollowAFileFromOpenToCloseInPython) {
  const auto lines = traces_of("def f(p):\n    f = open(p)\n    data = f.read()\n    f.close()\n    return data\n", "a.py");
  EXPECT_TRACE(lines, "open(): =open .read .close");
}

TEST(ObjectTraces, KnowWhatAStatementWillEnd) {
  const auto lines = traces_of("def f(p):\n    with open(p) as f:\n        f.write(1)\n", "a.py");
  EXPECT_TRACE(lines, "open(): with open .write");
}

TEST(ObjectTraces, NameModulesByThemselvesAndParametersByTheirName) {
  const auto lines = traces_of("def f(cursor):\n    cursor.execute(json.dumps(1))\n    json.loads(cursor.fetchone())\n", "a.py");
  EXPECT_TRACE(lines, "json: .dumps .loads");
  EXPECT_TRACE(lines, "~cursor: .execute .fetchone");
}

TEST(ObjectTraces, TakeDeclaredTypesInJava) {
  const auto lines = traces_of("class A { String f(String p) { Reader r = open(p); r.read(); r.close(); return null; } }", "A.java");
  EXPECT_TRACE(lines, "Reader: =open .read .close");
}

TEST(ObjectTraces, FollowArgumentsInC) {
  const auto lines = traces_of("int f(const char *p) { FILE *f = fopen(p, \"r\"); fread(b, 1, 2, f); fclose(f); return 0; }", "a.c");
  EXPECT_TRACE(lines, "FILE: =fopen (fread (fclose");
}

TEST(ObjectTraces, PutDeferredCallsLastInGo) {
  const auto lines = traces_of("package x\nfunc F(p string) { f, err := os.Open(p); if err != nil { return }; defer f.Close(); f.Read(b) }", "a.go");
  EXPECT_TRACE(lines, "os.Open(): =os.Open .Read .Close");
}

TEST(ObjectTraces, SpeakTheOtherLanguagesToo) {
  EXPECT_TRACE(traces_of("void f() { std::ifstream in(p); in.seekg(1); in.get(); }", "a.cpp"), "std::ifstream: =new std::ifstream .seekg .get");
  EXPECT_TRACE(traces_of("async function f(p) { const c = await db.connect(p); c.query(1); c.end(); }", "a.js"), "db.connect(): =db.connect .query .end");
  EXPECT_TRACE(traces_of("function f(p: string) { const s: Socket = make(p); s.write(p); s.end(); }", "a.ts"), "Socket: =make .write .end");
  EXPECT_TRACE(traces_of("fn f(p: &str) { let mut f = File::open(p).unwrap(); f.seek(1); f.flush(); }", "a.rs"), "File.open(): =File.open .seek .flush");
  EXPECT_TRACE(traces_of("def f(p)\n  c = Conn.new(p)\n  c.go\n  c.close\nend\n", "a.rb"), "Conn.new(): =Conn.new .go .close");
  EXPECT_TRACE(traces_of("<?php function f($p) { $c = new Conn($p); $c->begin(); $c->commit(); }", "a.php"), "Conn: =new Conn .begin .commit");
  EXPECT_TRACE(traces_of("class A { void F() { var s = new Stream(1); s.Read(); s.Close(); } }", "a.cs"), "Stream: =new Stream .Read .Close");
}

TEST(ObjectTraces, ANamespaceIsNoObjectInCpp) {
  const auto lines = traces_of("void f(std::istream& input) { std::string s; std::getline(input, s); Pool::lend(s); Pool::take(s); throw std::runtime_error(s); }",
                               "a.cpp");
  for (const std::string& line : lines) EXPECT_FALSE(line.starts_with("std:") && !line.starts_with("std::")) << line;
  EXPECT_TRACE(lines, "Pool: .lend .take");
  EXPECT_TRACE(lines, "std::istream: (getline");
}

TEST(ObjectTraces, KeepObjectsApartThatOneNameStoodFor) {
  const auto lines = traces_of("def f(p):\n    f = open(p)\n    f.read()\n    f = open(p)\n    f.write(1)\n", "a.py");
  EXPECT_TRACE(lines, "open(): =open .read");
  EXPECT_TRACE(lines, "open(): =open .write");
}

TEST(ObjectTraces, FollowAnObjectUnderItsOtherName) {
  EXPECT_TRACE(traces_of("def f(p):\n    a = open(p)\n    b = a\n    b.read()\n    a.close()\n", "a.py"), "open(): =open .read .close");
}

TEST(ObjectTraces, SayNothingOfPlainValuesAndShortNames) {
  for (const std::string& line : traces_of("def f(x, s: str):\n    x.go()\n    x.stop()\n    s.strip()\n    s.lower()\n", "a.py"))
    EXPECT_FALSE(line.starts_with("~x") || line.starts_with("str:")) << line;
}

EventGraph graph_of(std::string_view source, std::string_view path) { return event_graph(test::tree_of(test::functions_of(source, path).at(0))); }

TEST(EventGraph, KnowsWhatIsMadeHereAndWhatLeaves) {
  const EventGraph graph = graph_of("def f(p, name):\n    a = open(p)\n    b = open(p)\n    name.go()\n    return b\n", "a.py");
  std::size_t born = 0, leaving = 0;
  for (const UsedObject& object : graph.objects) {
    born += object.born ? 1 : 0;
    leaving += object.born && object.escapes ? 1 : 0;
  }
  EXPECT_EQ(born, 2u);
  EXPECT_EQ(leaving, 1u);
}

TEST(EventGraph, AGuardThatLeavesGuardsWhatFollows) {
  const EventGraph graph = graph_of("def f(p):\n    conn = make(p)\n    if conn is None:\n        return 0\n    conn.go()\n", "a.py");
  const auto go = std::find_if(graph.events.begin(), graph.events.end(), [](const Event& event) { return event.name == "go"; });
  ASSERT_NE(go, graph.events.end());
  const auto at = static_cast<std::uint32_t>(go - graph.events.begin());
  const bool guarded = std::any_of(graph.guards.begin(), graph.guards.end(), [&](const Guard& guard) {
    return guard.condition == "null" && !guard.fails && at >= guard.first && graph.within(go->region, guard.region);
  });
  EXPECT_TRUE(guarded);
}

TEST(EventGraph, WorkIsBoundedForDeepAndForWideFunctions) {
  std::string deep = "def f(a):\n    x = ";
  for (int i = 0; i < 300; ++i) deep += "(a.b() if a else ";
  deep += "0" + std::string(300, ')') + "\n";
  for (const auto& unit : test::functions_of(deep, "a.py")) EXPECT_LE(event_graph(test::tree_of(unit)).events.size(), max_graph_events);
  std::string wide = "def f(a):\n";
  for (int i = 0; i < 2500; ++i) wide += "    a.go" + std::to_string(i) + "()\n";
  const auto units = test::functions_of(wide, "a.py");
  ASSERT_EQ(units.size(), 1u);
  const EventGraph graph = event_graph(test::tree_of(units[0]));
  EXPECT_LE(graph.events.size(), max_graph_events);
  for (const UsedObject& object : graph.objects) EXPECT_LE(object.uses.size(), max_object_uses);
}

TEST(EventGraph, AnEmptyTreeHasNoEvents) {
  EXPECT_TRUE(event_graph(syntax::Nast{}).events.empty());
}

}  // namespace
}  // namespace autodev::mine
