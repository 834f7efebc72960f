// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Drawn as inline SVG; all style is in one short sheet.
#include "report/html.h"

#include <fmt/format.h>

#include <algorithm>

namespace autodev::report {
namespace {

constexpr double width = 640;
constexpr double height = 220;
constexpr double margin = 36;

constexpr std::string_view style =
    "body{font:14px/1.5 sans-serif;max-width:980px;margin:2em auto;padding:0 1em;color:#222;background:#fff}"
    "table{border-collapse:collapse;margin:1em 0}td,th{padding:.2em .7em;text-align:right;border-bottom:1px solid #ddd}"
    "td:first-child,th:first-child{text-align:left}svg{background:#fafafa;border:1px solid #ddd}"
    "figcaption{font-size:12px;color:#555}figure{margin:1em 0;display:inline-block}";

double at_y(double share) { return height - margin - std::clamp(share, 0.0, 1.0) * (height - 2 * margin); }

std::string axes() {
  std::string svg;
  for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0})
    svg += fmt::format(
        "<line x1=\"{0}\" y1=\"{1:.1f}\" x2=\"{2}\" y2=\"{1:.1f}\" stroke=\"#ddd\"/>"
        "<text x=\"{3}\" y=\"{4:.1f}\" font-size=\"10\" text-anchor=\"end\">{5:.0f} %</text>",
        margin, at_y(share), width - margin / 2, margin - 4, at_y(share) + 3, share * 100);
  return svg;
}

std::string polyline(const Curve& curve) {
  std::string points;
  for (std::size_t i = 0; i < curve.shares.size(); ++i) {
    const double x = margin + (static_cast<double>(i) + 0.5) * (width - 1.5 * margin) / static_cast<double>(curve.shares.size());
    points += fmt::format("{:.1f},{:.1f} ", x, at_y(curve.shares[i]));
  }
  if (curve.shares.size() == 1)  // a line of one point is invisible
    return fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" fill=\"{}\"/>", width / 2, at_y(curve.shares[0]), curve.colour);
  return fmt::format("<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"2\" points=\"{}\"/>", curve.colour, points);
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '&') out += "&amp;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

std::string page(std::string_view title, std::string_view body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title><style>{1}</style></head>"
      "<body><h1>{0}</h1>{2}</body></html>\n",
      escaped(title), style, body);
}

std::string share_chart(const std::vector<Curve>& curves, std::string_view caption) {
  std::string svg = axes();
  for (const Curve& curve : curves) svg += polyline(curve);
  return fmt::format("<figure><svg width=\"{}\" height=\"{}\" role=\"img\">{}</svg><figcaption>{}</figcaption></figure>", width, height, svg,
                     caption);
}

}  // namespace autodev::report
