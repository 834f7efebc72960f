// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reports written by the real tools (pytest 9.2, node 20, ctest 3.25, gtest 1.12), then the shapes and attacks
// they do not show.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "evidence/evidence.h"
#include "evidence/xml_reader.h"
#include "support/support.h"

namespace autodev::evidence {
namespace {

using test::value_of;

std::string report_text(const std::string& name) {
  std::ifstream in(std::string(AUTODEV_SOURCE_DIR) + "/tests/data/evidence/" + name);
  std::ostringstream text;
  text << in.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

TestReport report_of(const std::string& name) { return value_of(parse_junit(report_text(name), name)); }
TestReport parsed(std::string_view xml) { return value_of(parse_junit(xml, "r.xml")); }

std::string refusal_of(std::string_view xml) {
  const auto report = parse_junit(xml, "r.xml");
  if (report) return "accepted";
  EXPECT_EQ(report.error().code, ErrorCode::bad_data);
  return report.error().message;
}

TEST(JUnit, ReadsPytest) {
  const TestReport report = report_of("pytest.xml");
  EXPECT_EQ(report.passed, 3u);
  EXPECT_EQ(report.failed, 2u);
  EXPECT_EQ(report.skipped, 1u);
  ASSERT_EQ(report.failures.size(), 2u);
  EXPECT_EQ(report.failures[0].id, "tests.test_cart::test_total_adds_up");
  EXPECT_EQ(report.failures[0].file, "tests/test_cart.py");
  EXPECT_EQ(report.failures[0].line, 10u);
  EXPECT_EQ(report.failures[0].message,
            "AssertionError: wrong <total> & more\nassert 3 == 4\n +  where 3 = total([1, 2])");
  EXPECT_EQ(report.failures[1].id, "tests.test_cart::test_needs_database");
  EXPECT_EQ(report.failures[1].line, 18u);
}

TEST(JUnit, ReadsNodeWithCasesInsideAndOutsideSuites) {
  const TestReport report = report_of("node.xml");
  EXPECT_EQ(report.passed, 2u);
  EXPECT_EQ(report.failed, 2u);
  EXPECT_EQ(report.skipped, 1u);
  ASSERT_EQ(report.failures.size(), 2u);
  EXPECT_EQ(report.failures[0].id, "fails with <markup>");
  EXPECT_EQ(report.failures[1].message, "boom & bust");
}

TEST(JUnit, ReadsGtestWithSeveralFailuresInOneCase) {
  const TestReport report = report_of("gtest.xml");
  EXPECT_EQ(report.passed, 1u);
  EXPECT_EQ(report.failed, 1u);
  EXPECT_EQ(report.skipped, 2u);
  ASSERT_EQ(report.failures.size(), 1u);
  EXPECT_EQ(report.failures[0].id, "Parser::RejectsLetters");
  EXPECT_EQ(report.failures[0].file, "/home/dev/project/g/t.cpp");
  EXPECT_EQ(report.failures[0].line, 3u);
  EXPECT_NE(report.failures[0].message.find("first"), std::string::npos);
}

TEST(JUnit, ReadsCtestWhoseFailureIsOnlyAStatus) {
  const TestReport report = report_of("ctest.xml");
  EXPECT_EQ(report.passed, 1u);
  EXPECT_EQ(report.failed, 1u);
  EXPECT_EQ(report.skipped, 2u);
  ASSERT_EQ(report.failures.size(), 1u);
  EXPECT_EQ(report.failures[0].id, "fails");
  EXPECT_NE(report.failures[0].message.find("1 FAILED TEST"), std::string::npos);
}

TEST(JUnit, ATestThatFailedFirstAndPassedLaterIsFlaky) {
  const TestReport report = parsed(
      "<testsuite><testcase name='a'><flakyFailure message='m'>t</flakyFailure></testcase>"
      "<testcase name='b'><failure/><rerunFailure/></testcase></testsuite>");
  EXPECT_TRUE(report.flaky);
  EXPECT_EQ(report.passed, 1u);
  EXPECT_EQ(report.failed, 1u);
}

TEST(JUnit, DeclaredFailuresWithoutCasesStillCount) {
  const TestReport report = parsed(
      "<testsuites failures='3' errors='1'><testsuite name='s' failures='3' errors='1'>"
      "<testcase name='a'/></testsuite></testsuites>");
  EXPECT_EQ(report.failed, 4u);
  EXPECT_EQ(report.passed, 1u);
  ASSERT_EQ(report.failures.size(), 1u);
  EXPECT_EQ(report.failures[0].id, "s");
}

TEST(JUnit, AnErrorOutsideOfCasesIsAFailure) {
  const TestReport report = parsed("<testsuite name='s'><error message='no import'/><testcase name='a'/></testsuite>");
  EXPECT_EQ(report.failed, 1u);
  EXPECT_EQ(report.failures.at(0).message, "no import");
}

TEST(JUnit, MessagesAreClippedAndFreeOfControlCharacters) {
  const std::string xml = "<testsuite><testcase name='a'><failure message='\x1b[31mred\x1b[0m" + std::string(9'000, 'x') +
                          "'/></testcase></testsuite>";
  const std::string message = parsed(xml).failures.at(0).message;
  EXPECT_EQ(message.substr(0, 4), "redx");
  EXPECT_LE(message.size(), 4'096u);
}

TEST(JUnit, KeepsAtMost256FailuresButCountsAll) {
  std::string xml = "<testsuite>";
  for (int i = 0; i < 1'000; ++i) xml += "<testcase name='t'><failure/></testcase>";
  const TestReport report = parsed(xml + "</testsuite>");
  EXPECT_EQ(report.failed, 1'000u);
  EXPECT_EQ(report.failures.size(), 256u);
}

TEST(JUnit, RefusesDocumentTypesAndEntities) {
  EXPECT_NE(refusal_of("<!DOCTYPE lolz [<!ENTITY a 'b'>]><testsuite/>").find("document types"), std::string::npos);
  EXPECT_NE(refusal_of("<testsuite><!ENTITY a 'b'></testsuite>").find("document types"), std::string::npos);
  EXPECT_NE(refusal_of("<testsuite name='&xxe;'/>").find("entity &xxe; is not allowed"), std::string::npos);
  EXPECT_NE(refusal_of("<testsuite>&lol9;</testsuite>").find("not allowed"), std::string::npos);
}

TEST(JUnit, RefusesWhatIsNotAReport) {
  EXPECT_NE(refusal_of("<html><body/></html>").find("the root element is <html>"), std::string::npos);
  EXPECT_NE(refusal_of("").find("there is no element"), std::string::npos);
  EXPECT_NE(refusal_of("{\"tests\": 3}").find("line 1, column 1"), std::string::npos);
}

TEST(JUnit, EveryTruncationOfAReportIsRefused) {
  std::string xml = report_text("pytest.xml");
  while (!xml.empty() && xml.back() != '>') xml.pop_back();
  for (std::size_t size = 0; size < xml.size(); ++size)
    ASSERT_FALSE(parse_junit(std::string_view(xml).substr(0, size), "r.xml")) << size;
  EXPECT_TRUE(parse_junit(xml, "r.xml"));
}

TEST(XmlReader, RefusesWhatIsNotWellFormed) {
  for (const char* xml :
       {"<testsuite>", "<testsuite></testsuites>", "</testsuite>", "<testsuite/><testsuite/>", "<testsuite/>x",
        "x<testsuite/>", "<testsuite a=1/>", "<testsuite a='1/>", "<testsuite a='1' a='2'/>", "<testsuite a='<'/>",
        "<testsuite a='1'b='2'/>", "<testsuite>&</testsuite>", "<testsuite>&#0;</testsuite>",
        "<testsuite>&#xD800;</testsuite>", "<testsuite>&#x110000;</testsuite>", "<testsuite>&#;</testsuite>",
        "<testsuite>&#xZ;</testsuite>", "<testsuite>&amp</testsuite>", "<testsuite><!-- </testsuite>",
        "<testsuite><![CDATA[ </testsuite>", "<![CDATA[x]]><testsuite/>", "<?xml version='1.0'", "<1/>", "<testsuite a/>",
        "<testsuite / >", "< testsuite/>", "<?xml version='1.0' encoding='UTF-16'?><testsuite/>",
        "<?xml version='1.0' encoding='ISO-8859-1'?><testsuite/>", "\xFF\xFE<\0t\0"})
    EXPECT_FALSE(parse_junit(xml, "r.xml")) << xml;
  EXPECT_FALSE(parse_junit(std::string_view("<testsuite>\0</testsuite>", 24), "r.xml"));
}

TEST(XmlReader, CapsDepthAttributesNamesAndBytes) {
  std::string deep;
  for (int i = 0; i < 65; ++i) deep += "<testsuite>";
  EXPECT_NE(refusal_of(deep).find("nested too deeply"), std::string::npos);
  std::string wide = "<testsuite";
  for (int i = 0; i < 65; ++i) wide += " a" + std::to_string(i) + "=''";
  EXPECT_NE(refusal_of(wide + "/>").find("too many attributes"), std::string::npos);
  EXPECT_NE(refusal_of("<testsuite a='" + std::string(2'000'000, 'x') + "'/>").find("too long"), std::string::npos);
  EXPECT_NE(refusal_of("<testsuite " + std::string(300, 'x') + "=''/>").find("too long"), std::string::npos);
  EXPECT_NE(refusal_of(std::string((64u << 20) + 1, ' ')).find("more than the"), std::string::npos);
}

TEST(XmlReader, DecodesEntitiesReferencesAndCdata) {
  XmlReader reader("\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- c --><?pi x?>"
                   "<n:a b=\"&lt;&#x41;&#8364;&quot;\" c:d='&apos;'>t&amp;<![CDATA[<&>]]></n:a>",
                   "x");
  using Event = XmlReader::Event;
  ASSERT_EQ(value_of(reader.next()), Event::start);
  EXPECT_EQ(reader.name(), "a");
  EXPECT_EQ(reader.attribute("b"), "<A\xE2\x82\xAC\"");
  EXPECT_EQ(reader.attribute("c:d"), "'");
  EXPECT_EQ(reader.attribute("e"), std::nullopt);
  ASSERT_EQ(value_of(reader.next()), Event::text);
  EXPECT_EQ(reader.text(), "t&");
  ASSERT_EQ(value_of(reader.next()), Event::text);
  EXPECT_EQ(reader.text(), "<&>");
  ASSERT_EQ(value_of(reader.next()), Event::end);
  EXPECT_EQ(reader.depth(), 0u);
  ASSERT_EQ(value_of(reader.next()), Event::end_of_document);
}

}  // namespace
}  // namespace autodev::evidence
