// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The program. Everything is in command_table.cpp and the files it lists.
#include "app/command.h"
#include "base/env.h"

int main(int argc, char** argv) { return autodev::app::run_command_line(autodev::base::real_env(), argc, argv); }
