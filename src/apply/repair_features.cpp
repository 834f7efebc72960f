// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Features of a candidate: its kind and detail, alone and with what is around the place, and the parts that the names play which it
// writes in. Names themselves are no features: they differ from program to program.
#include <algorithm>

#include "apply/repair_ranking.h"
#include "base/hash.h"

namespace autodev::apply {
namespace {

using syntax::no_code_node;

class FeatureMaker {
 public:
  FeatureMaker(const RepairProgram& program, const RepairCandidate& candidate) : program_(program), candidate_(candidate) {}

  std::vector<std::uint32_t> run(const std::vector<std::string>& facts) {
    const auto& nodes = program_.tree().nodes;
    const auto node = candidate_.node;
    const std::string kind = candidate_.kind, what = kind + "|" + candidate_.detail, role = program_.role_of(node);
    const std::string type(nodes[node].type);
    const auto parent = nodes[node].parent;
    std::string above = parent == no_code_node ? "" : std::string(nodes[parent].type);
    if (parent != no_code_node)
      if (const auto op = program_.operator_of(parent); op != no_code_node) above = std::string(program_.text(op)) + (node > op ? "R" : "L");
    const auto statement = program_.statement_of(node);
    const std::string holder = statement == no_code_node ? "file" : std::string(nodes[statement].type);
    add("k", kind);
    add("w", what);
    add("wr", what + "|" + role);
    add("kr", kind + "|" + role);
    add("wa", what + "|" + above);
    add("ka", kind + "|" + above);
    add("kt", kind + "|" + type);
    add("r", role);
    add("t", type + "|" + above);
    add("h", holder + "|" + role);
    add("kh", kind + "|" + holder);
    if (const auto old = old_text(); !old.empty()) {
      add("ko", kind + "|" + old);
      add("wo", what + "|" + old);
      add("kor", kind + "|" + old + "|" + role);
      add("wora", what + "|" + old + "|" + role + "|" + above);
    }
    if (candidate_.edits.size() == 1 && candidate_.names.empty()) {
      const auto& fresh = candidate_.edits[0].text;
      if (fresh.size() < 24 && !program_.is_name(node)) add("to", kind + "|" + fresh);
    }
    place(kind, statement);
    names(what, kind, role, statement);
    for (const auto& fact : facts) {
      add("fk", kind + "|" + fact);
      add("fw", what + "|" + fact);
    }
    return std::move(features_);
  }

 private:
  void add(std::string_view family, const std::string& value) {
    buffer_.assign(family);
    buffer_ += '=';
    buffer_ += value;
    features_.push_back(static_cast<std::uint32_t>(base::hash64(buffer_) % repair_feature_space));
  }

  /// Short literal or operator that stood there; names become their type.
  std::string old_text() const {
    const auto node = candidate_.node;
    if (program_.is_name(node)) {
      const auto* name = program_.name_at(program_.text(node), program_.tree().nodes[node].start);
      return name == nullptr ? "?" : name->type + std::string(static_cast<std::size_t>(name->depth), '*');
    }
    const auto text = program_.text(node);
    if (program_.tree().nodes[node].size <= 4 && text.size() <= 12 && (program_.is_number(node) || program_.is_string(node) || program_.tree().nodes[node].type == "char_literal"))
      return std::string(text);
    const auto op = program_.operator_of(node);
    if (op == no_code_node) return "";
    std::string shape(program_.text(op));
    const auto right = program_.tree().child(node, "right");
    if (right != no_code_node && program_.is_number(right) && program_.text(right).size() < 3) shape += std::string(program_.text(right));
    return shape;
  }

  void place(const std::string& kind, std::uint32_t statement) {
    const auto& nodes = program_.tree().nodes;
    const auto& at = nodes[candidate_.node];
    const std::size_t size = std::max<std::size_t>(program_.source().size(), 1);
    add("pos", std::to_string(at.start * 8 / size));
    int loops = 0, conditions = 0, blocks = 0;
    for (auto i = at.parent; i != no_code_node; i = nodes[i].parent) {
      loops += nodes[i].type.starts_with("for_") || nodes[i].type.starts_with("while") || nodes[i].type.starts_with("do_");
      conditions += nodes[i].type == "if_statement";
      blocks += nodes[i].type == "compound_statement" || nodes[i].type == "block";
    }
    add("deep", std::to_string(std::min(loops, 3)) + "/" + std::to_string(std::min(conditions, 3)));
    add("kdeep", kind + std::to_string(std::min(loops, 3)) + "/" + std::to_string(std::min(conditions, 3)));
    add("blocks", std::to_string(std::min(blocks, 5)));
    std::size_t written = 0, gone = 0;
    for (const auto& edit : candidate_.edits) {
      written += edit.text.size();
      gone += edit.end - edit.start;
    }
    add("ksize", kind + "|" + std::to_string(written > gone ? std::min<std::size_t>((written - gone) / 6, 8) : 100 + std::min<std::size_t>((gone - written) / 12, 6)));
    if (statement == no_code_node) return;
    add("head", std::string(program_.text(statement).substr(0, 5)) + "|" + kind);
    add("stmt", std::to_string(std::min<std::uint32_t>(nodes[statement].size / 10, 9)));
  }

  void names(const std::string& what, const std::string& kind, const std::string& role, std::uint32_t statement) {
    const auto& nodes = program_.tree().nodes;
    const std::size_t position = nodes[candidate_.node].start;
    const RepairName* old = program_.is_name(candidate_.node) ? program_.name_at(program_.text(candidate_.node), position) : nullptr;
    const std::string_view around = statement == no_code_node ? std::string_view() : program_.text(statement).substr(0, 300);
    std::string joint;
    for (const auto& written : candidate_.names) {
      const auto* name = program_.name_at(written, position);
      if (name == nullptr) continue;
      const std::string part = name->written == "#define" ? "define" : name->parameter ? "parameter" : name->global ? "global" : "local";
      const bool near = around.find(written) != std::string_view::npos;
      std::string about = part + "|" + name->type + std::to_string(name->depth) + (near ? "|near" : "|far");
      add("n", kind + "|" + about);
      add("nw", what + "|" + about);
      add("nr", kind + "|" + role + "|" + about);
      add("nu", kind + "|" + std::to_string(std::min(name->uses, 12) / 2));
      add("nl", kind + "|" + std::to_string(std::min<std::size_t>(written.size(), 4)) + (written.size() == 1 ? written : ""));
      if (old != nullptr) {
        add("no", kind + (old->type == name->type ? "|same" : "|differ") + (old->parameter == name->parameter ? "p" : "") + (old->uses > name->uses ? ">" : "<="));
        if (old->name.size() == 1 && written.size() == 1) {
          add("ij", kind + "|" + old->name + "|" + written);
          add("ijr", role + "|" + old->name + "|" + written);
        }
      }
      joint += near ? "N" : "F";
    }
    if (!joint.empty()) add("joint", what + joint);
  }

  const RepairProgram& program_;
  const RepairCandidate& candidate_;
  std::vector<std::uint32_t> features_;
  std::string buffer_;
};

}  // namespace

std::vector<std::uint32_t> repair_features(const RepairProgram& program, const RepairCandidate& candidate, const std::vector<std::string>& facts) {
  return FeatureMaker(program, candidate).run(facts);
}

}  // namespace autodev::apply
