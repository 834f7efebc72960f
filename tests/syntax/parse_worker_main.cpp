// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The parse worker as a program of its own, so that the pool can be tested without the main program.
#include "syntax/extract.h"

int main() {
  return autodev::syntax::run_parse_worker();
}
