// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One function per command; each lives in the file of its name and returns its table entry.
#pragma once

#include "app/command.h"

namespace autodev::app::commands {

/// What learning an event did, in lines for people.
void print_learn_report(Output& out, const LearnReport& report);

Command init();
Command status();
Command doctor();
Command from_git();
Command import();
Command run();
Command record();
Command find_similar();
Command recall();
Command patterns_list();
Command patterns_show();
Command patterns_why();
Command feedback();
Command check();
Command guards_list();
Command guards_show();
Command guards_why();
Command guards_export();
Command guards_disable();
Command guards_enable();
Command metrics();
Command simulate();
Command ablate();
Command implement();
Command replay();
Command repair();
Command export_knowledge();
Command forget();
Command snapshot_create();
Command snapshot_list();
Command snapshot_diff();
Command snapshot_restore();
Command config_list();
Command config_get();
Command config_set();
Command config_explain();
Command decide();
Command outcome();
Command decisions_list();
Command decisions_show();
Command decisions_why();
Command bench_decisions();
Command bench_guards();
Command bench_resubmission();
Command bench_adapt();
Command bench_behaviour();
Command bench_fixes();
Command bench_defects();
Command bench_repair();
Command bench_retrieval();
Command bench_requests();
Command bench_histories();
Command embed_pairs();
Command embed_train();
Command embed_history();
Command completion();
Command version();
Command parse_worker();
Command reference();

}  // namespace autodev::app::commands
