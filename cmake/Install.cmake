# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Installs the program, the public headers, the static library and find_package(autodev).
include(CMakePackageConfigHelpers)
if(TARGET auto-dev)
  install(TARGETS auto-dev RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  if(TARGET auto-dev-model)
    install(TARGETS auto-dev-model RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endif()
install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS autodev autodev_grammars EXPORT autodevTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT autodevTargets NAMESPACE autodev:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/autodev)
configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/autodevConfig.cmake.in
  ${CMAKE_BINARY_DIR}/autodevConfig.cmake INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/autodev)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/autodevConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/autodevConfig.cmake ${CMAKE_BINARY_DIR}/autodevConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/autodev)
