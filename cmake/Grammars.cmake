# SPDX-License-Identifier: MIT OR Apache-2.0
#
# tree-sitter and its grammars, compiled from the npm packages of third_party/package-lock.json.
# Parsers are generated code: no warnings, no debug information, -O1 (as fast as -O2, quicker to build).
set(AUTODEV_NODE_MODULES ${CMAKE_SOURCE_DIR}/third_party/node_modules CACHE PATH "Folder with the tree-sitter packages")
set(TS_CORE ${AUTODEV_NODE_MODULES}/tree-sitter/vendor/tree-sitter/lib)
if(NOT EXISTS ${TS_CORE}/src/lib.c)
  message(FATAL_ERROR "tree-sitter is missing in ${AUTODEV_NODE_MODULES}: run ./dev setup")
endif()

set(GRAMMAR_SOURCES ${TS_CORE}/src/lib.c)
foreach(grammar bash/src c/src cpp/src c-sharp/src go/src java/src javascript/src php/php/src python/src ruby/src
                rust/src typescript/typescript/src typescript/tsx/src)
  set(folder ${AUTODEV_NODE_MODULES}/tree-sitter-${grammar})
  list(APPEND GRAMMAR_SOURCES ${folder}/parser.c)
  if(EXISTS ${folder}/scanner.c)
    list(APPEND GRAMMAR_SOURCES ${folder}/scanner.c)
  endif()
  set_source_files_properties(${folder}/parser.c ${folder}/scanner.c PROPERTIES INCLUDE_DIRECTORIES ${folder})
  if(AUTODEV_SANITIZE)  # a parser is a table: the code that reads it is checked
    set_source_files_properties(${folder}/parser.c PROPERTIES COMPILE_OPTIONS -fno-sanitize=all)
  endif()
endforeach()

add_library(autodev_grammars STATIC ${GRAMMAR_SOURCES})
target_include_directories(autodev_grammars SYSTEM PUBLIC $<BUILD_INTERFACE:${TS_CORE}/include>)
target_include_directories(autodev_grammars PRIVATE ${TS_CORE}/src)
target_compile_definitions(autodev_grammars PRIVATE _POSIX_C_SOURCE=200112L _DEFAULT_SOURCE)
set_source_files_properties(${TS_CORE}/src/lib.c PROPERTIES COMPILE_OPTIONS -O3)
target_compile_options(autodev_grammars PRIVATE -O1 -g0 -w -UNDEBUG -DNDEBUG)
